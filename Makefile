# `make` or `make help` lists what there is to do.

PYTHON ?= python3
PORT ?= 8501

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check $(if $(CI),--quiet)
# Empty files that say what has been installed, and when, so that nothing is installed twice.
RUN_READY := $(VENV)/ready-to-run
TEST_READY := $(VENV)/ready-to-test

# The embedded model needs no network, and none is asked for.
export HF_HUB_OFFLINE ?= 1

.DEFAULT_GOAL := help
.PHONY: help run index test check eval compare bench screenshots clean

help: ## List these targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: index ## Install, build the index over corpus/, open the page (PORT=8501)
	$(BIN)/streamlit run streamlit_app.py --server.port $(PORT)

index: $(RUN_READY) ## Bring the index over corpus/ up to date
	@$(BIN)/python -m index corpus

test: $(TEST_READY) ## Install what tests need, a browser included, and run them
	@.ci/browser
	$(BIN)/python -m pytest -q

check: $(TEST_READY) ## Style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

eval: index ## Measure on the project's own questions, keep the results, renew the README's table
	$(BIN)/python -m eval --keep
	$(BIN)/python -m eval --scope detect --keep
	$(BIN)/python -m eval readme

compare: index ## Measure, and fail where the answers are worse than the newest committed results
	$(BIN)/python -m eval --exports --out runs/compare --baseline eval/results --max-drop 0.02

bench: index ## Measure time and memory
	$(BIN)/python -m eval --sample 50 --out runs/bench
	$(BIN)/python -m cite bench

screenshots: $(TEST_READY) index ## Draw the pictures in docs/screenshots again
	@.ci/browser
	$(BIN)/python -m tests.browser.screenshots

clean: ## Remove the virtual environment, the index and caches; your history and reviews stay
	rm -rf $(VENV) .index .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN_READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("askpolicy needs Python 3.11 or newer; run make $(MAKECMDGOALS) PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV); the first time this takes some minutes."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(TEST_READY): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit("askpolicy needs Python 3.11 or newer; run make $(MAKECMDGOALS) PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV); the first time this takes some minutes."
	@$(INSTALL) -r requirements-dev.txt
	@touch $(RUN_READY) $@
