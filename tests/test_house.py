"""The house rules: who may import whom, one home for each library, everything pinned, nothing that runs data as code."""

from __future__ import annotations

import ast
import collections
import functools
import importlib.metadata
import pathlib
import re
import sys
from collections.abc import Iterator, Mapping

import pytest

ROOT = pathlib.Path(__file__).parent.parent
OURS = ("ingest", "index", "answer", "cite", "eval", "pages", "streamlit_app", "training")
ALLOWED = {
    "ingest": (),
    "index": ("ingest",),
    "answer": ("ingest", "index"),
    "cite": ("ingest", "index", "answer"),
    "eval": ("ingest", "index", "answer", "cite"),
    "pages": ("ingest", "index", "answer", "cite"),
    "streamlit_app": ("ingest", "index", "answer", "cite", "pages"),
    "training": ("ingest", "index", "answer", "eval"),
}
# Arrays are everywhere, and pages are drawn with streamlit wherever they are drawn.
AT_HOME_EVERYWHERE = {"numpy", "streamlit"}
# A file format has two homes where we also write it: one reads, the other writes.
READ_AND_WRITTEN = {"docx": ["cite.as_docx", "ingest.read_docx"], "pypdf": ["cite.as_pdf", "ingest.read_pdf"]}
# Calls that run what they read, or read what was pickled.
FORBIDDEN = {
    "eval",
    "exec",
    "pickle",
    "cPickle",
    "dill",
    "cloudpickle",
    "joblib",
    "shelve",
    "marshal",
    "torch.load",
    "yaml.load",
    "pandas.read_pickle",
}


@functools.cache
def modules() -> dict[str, tuple[pathlib.Path, ast.Module]]:
    """Our modules by dotted name."""
    paths = [path for top in OURS for path in sorted((ROOT / top).rglob("*.py"))] + [ROOT / "streamlit_app.py"]
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths if path.exists()}
    return {name: (path, ast.parse(path.read_text("utf-8"))) for path, name in names.items()}


def imports(tree: ast.Module) -> Iterator[str]:
    """Each module that is imported, at the top or inside a function; `from a import b` gives a.b where that is a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not used here"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules() else str(node.module)


def test_packages_import_one_way_only() -> None:
    wrong = [
        f"{name} imports {imported}"
        for name, (_, tree) in modules().items()
        for imported in imports(tree)
        if (top := imported.split(".")[0]) in OURS and top != (own := name.split(".")[0]) and top not in ALLOWED[own]
    ]
    assert wrong == []


def test_no_package_imports_its_own_face() -> None:
    assert [name for name, (_, tree) in modules().items() if name.split(".")[0] in set(imports(tree)) - {name}] == []


def test_no_circle_of_imports() -> None:
    graph = {name: {imported for imported in imports(tree) if imported in modules() and imported != name} for name, (_, tree) in modules().items()}
    while free := [name for name, wanted in graph.items() if not wanted]:
        for name in free:
            del graph[name]
        for wanted in graph.values():
            wanted.difference_update(free)
    assert graph == {}


def outside(tree: ast.Module) -> set[str]:
    """The libraries that a module imports: neither ours nor Python's."""
    return {imported.split(".")[0] for imported in imports(tree)} - {*OURS, *sys.stdlib_module_names}


def test_each_library_has_one_home() -> None:
    homes = collections.defaultdict(set)
    for name, (_, tree) in modules().items():
        if not name.startswith("training"):
            for library in outside(tree) - AT_HOME_EVERYWHERE:
                homes[library].add(name)
    several = {library: sorted(names) for library, names in homes.items() if len(names) > 1}
    assert {library: names for library, names in several.items() if names != READ_AND_WRITTEN.get(library)} == {}


def pinned(file: str) -> set[str]:
    """The names that a requirements file pins to one version, in their normal form; fails for any that it leaves open."""
    lines = [line for line in (ROOT / file).read_text("utf-8").splitlines() if line and not line.startswith(("#", "-r "))]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    return {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in lines}


@functools.cache
def distributions() -> Mapping[str, list[str]]:
    """Which installed distributions give each top-level module; reads every file list there is, which takes seconds."""
    return importlib.metadata.packages_distributions()


def open_imports(tree: ast.Module, known: set[str]) -> set[str]:
    """The libraries that a module imports, and no requirements file pins."""
    names = {library: {re.sub(r"[-_.]+", "-", name).lower() for name in distributions().get(library, [])} for library in outside(tree)}
    return {library for library, named in names.items() if not named & known}


def test_what_is_imported_is_pinned() -> None:
    run_time, besides = pinned("requirements.txt"), pinned("requirements-dev.txt")
    found = {name: open_imports(tree, run_time | besides if name.startswith("training") else run_time) for name, (_, tree) in modules().items()}
    assert {name: libraries for name, libraries in found.items() if libraries} == {}


def test_what_tests_import_is_pinned() -> None:
    known = pinned("requirements.txt") | pinned("requirements-dev.txt")
    paths = sorted((ROOT / "tests").rglob("*.py"))
    helpers = {path.stem for path in paths} | {"tests"}
    found = {path.name: open_imports(ast.parse(path.read_text("utf-8")), known) - helpers for path in paths}
    assert {name: libraries for name, libraries in found.items() if libraries} == {}


@pytest.mark.parametrize("name", sorted(modules()))
def test_nothing_runs_data_as_code(name: str) -> None:
    tree = modules()[name][1]
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    imported = {name.split(".")[0] for name in imports(tree)} - set(OURS)
    assert (called | imported) & FORBIDDEN == set()
    assert not any(isinstance(node, ast.keyword) and node.arg == "allow_pickle" and ast.unparse(node.value) != "False" for node in ast.walk(tree))
    assert not any(isinstance(node, ast.Import) and node.names[0].name == "eval" for node in ast.walk(tree)), "it would hide Python's own eval"
