"""The documents tell the truth: their commands and targets exist, and their links lead somewhere."""

from __future__ import annotations

import importlib
import pathlib
import re
import shlex
import shutil
import subprocess

import pytest

from answer import stated_error

ROOT = pathlib.Path(__file__).parent.parent
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "corpus/README.md", "docs/citations.md", "docs/writing.md"]
TEXTS = {name: (ROOT / name).read_text("utf-8") for name in DOCUMENTS}
EVERYTHING = "\n".join(TEXTS.values())

# `python -m NAME`, with the subcommand where it has some.
_COMMAND = (
    r"python -m ((?:ingest|index|answer|cite|eval|training(?:\.\w+)?)(?: (?:export|verify|import|schema|readme|bench|annotate|check|sweep))?)\b"
)
COMMANDS = sorted(set(re.findall(_COMMAND, EVERYTHING)))
EXAMPLES = sorted(set(re.findall(r"^python -m ((?:ingest|index|answer|cite|eval)\b.*)$", TEXTS["README.md"] + TEXTS["docs/citations.md"], re.M)))
TARGETS = sorted({first or second for first, second in re.findall(r"`make ([a-z]+)|^make ([a-z]+)", EVERYTHING, re.M)})


def help_of(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command prints for --help."""
    module = importlib.import_module(words[0] if "." in words[0] else f"{words[0]}.__main__")
    with pytest.raises(SystemExit, match=r"^0$"):
        module.main([*words[1:], "--help"])
    out, err = capsys.readouterr()
    assert err == ""
    return str(out)


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_documents_name_the_commands_of_every_package() -> None:
    assert {command.split()[0] for command in COMMANDS} >= {"ingest", "index", "answer", "cite", "eval"}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert help_of(command.split(), capsys).startswith(f"usage: python -m {command} ")


@pytest.mark.parametrize("line", EXAMPLES)
def test_each_example_uses_options_that_exist(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = shlex.split(line, comments=True)
    command = words[:2] if words[1:] and words[1] in {"export", "verify", "import", "schema", "readme"} else words[:1]
    explained = help_of(command, capsys)
    assert [word for word in words if word.startswith("--") and word not in explained] == []
    assert [word for word in words if word.startswith("corpus") and not (ROOT / word).exists()] == []


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
@pytest.mark.parametrize("target", TARGETS)
def test_each_target_exists(target: str) -> None:
    done = run("make", "--dry-run", target)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_alone_lists_every_target() -> None:
    listed = re.findall(r"^  make (\w+)", run("make").stdout, re.M)
    declared = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert declared
    assert listed == declared.group(1).split()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", TEXTS[name]) if "://" not in link]
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_paths_exist(name: str) -> None:
    paths = [path for path in re.findall(r"`([\w.]+/[\w./*-]*)`", TEXTS[name]) if not path.startswith((".venv", ".index", ".askpolicy"))]
    assert [path for path in paths if not list(ROOT.glob(path.rstrip("/")))] == []


def test_variables_in_the_documents_are_read_by_the_code() -> None:
    packages = ("ingest", "index", "answer", "cite", "eval", "pages")
    code = "\n".join(path.read_text("utf-8") for package in packages for path in (ROOT / package).rglob("*.py"))
    assert [name for name in re.findall(r"ASKPOLICY_\w+", EVERYTHING) if name not in code] == []


def test_the_licence_is_whole() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
    assert "APPENDIX: How to apply the Apache License to your work." in licence


def test_the_readme_states_the_error_rate_that_the_threshold_was_chosen_for() -> None:
    assert f"so that {100 * stated_error():.0f} % of the questions that have an answer are refused" in TEXTS["README.md"]
