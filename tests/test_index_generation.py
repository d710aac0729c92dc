"""What is published is whole: damage is refused, and a writer that is killed, or finds the disk full, changes nothing."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import random
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from conftest import WordEncoder
from index import Index, build_index, open_index
from ingest import PolicyError

ROOT = pathlib.Path(__file__).parent.parent
FILES = [
    "chunks.faiss",
    "chunks.json",
    "chunks.keys.npy",
    "chunks.npy",
    "documents.jsonl",
    "manifest.json",
    "sentences.faiss",
    "sentences.json",
    "sentences.keys.npy",
    "sentences.npy",
]
KILLS = 4


@pytest.fixture
def root(small_index: Index, tmp_path: pathlib.Path) -> pathlib.Path:
    """The folder of the small index."""
    return tmp_path / "index"


def files_of(root: pathlib.Path) -> list[str]:
    """What stands in the newest generation."""
    newest = max(root.glob("generation-*"))
    return sorted(path.relative_to(newest).as_posix() for path in newest.rglob("*") if path.is_file())


def test_a_generation_is_plain_files_with_a_manifest(root: pathlib.Path) -> None:
    found = files_of(root)
    assert [name for name in found if not name.startswith("lexical/")] == FILES
    manifest = json.loads((root / "generation-000001" / "manifest.json").read_text("utf-8"))
    assert manifest["encoder"] == "words"
    assert set(manifest["documents"]) == {"acme.md", "bolt.txt"}
    assert sorted(manifest["files"]) == [name for name in found if name != "manifest.json"]


def test_a_damaged_byte_in_any_file_is_refused(root: pathlib.Path, word_encoder: WordEncoder) -> None:
    generator = random.Random(5)
    for name in files_of(root):
        path = root / "generation-000001" / name
        data = path.read_bytes()
        for place in {0, len(data) // 2, len(data) - 1, generator.randrange(len(data))}:
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            with pytest.raises(
                PolicyError, match=r"(?s)^[^\n]*(damaged|can't be read|has format)[^\n]*; run python -m index corpus/ --index [^\n]*/index --rebuild$"
            ):
                open_index(root, word_encoder)
        path.write_bytes(data[: len(data) // 2])
        with pytest.raises(PolicyError, match="--rebuild"):
            open_index(root, word_encoder)
        path.unlink()
        with pytest.raises(PolicyError, match="--rebuild"):
            open_index(root, word_encoder)
        path.write_bytes(data)
    assert len(open_index(root, word_encoder).documents) == 2


def test_damage_is_mended_by_building_again(root: pathlib.Path, small_corpus: pathlib.Path, word_encoder: WordEncoder) -> None:
    path = root / "generation-000001" / "sentences.faiss"
    path.write_bytes(path.read_bytes()[:-1] + b"\x7f")
    built = build_index(small_corpus, root, word_encoder)
    assert built.reused == 0
    assert len(open_index(root, word_encoder).documents) == 2


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("format", 999, "has format 999, expected 1; run python -m index corpus/ --index {root} --rebuild"),
        ("encoder", "another", "was made with the encoder another, expected words; run python -m index corpus/ --index {root}"),
        ("splitter", "by lines", "was made with the splitter by lines, expected nupunkt"),
    ],
)
def test_a_foreign_index_is_refused_with_the_command_that_mends_it(
    root: pathlib.Path, word_encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch, key: str, value: object, said: str
) -> None:
    path = root / "generation-000001" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    del manifest["sha256"]
    manifest[key] = value
    digest = hashlib.sha256(json.dumps(manifest, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    path.write_text(json.dumps({**manifest, "sha256": digest}), "utf-8")
    with pytest.raises(PolicyError, match=re.escape(said.format(root=root))):
        open_index(root, word_encoder)


def test_no_index_says_how_to_make_one(tmp_path: pathlib.Path, word_encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = tmp_path / "no where"
    with pytest.raises(PolicyError) as raised:
        open_index(nowhere, word_encoder)
    assert str(raised.value) == f"there is no index in {nowhere}; run python -m index corpus/ --index '{nowhere}'"
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PolicyError, match=r"^there is no index in \.index; run python -m index corpus/$"):
        open_index(pathlib.Path(".index"), word_encoder)


def test_readers_keep_what_they_opened_and_old_generations_go(
    small_index: Index, small_corpus: pathlib.Path, root: pathlib.Path, word_encoder: WordEncoder
) -> None:
    for number in range(3):
        (small_corpus / "bolt.txt").write_text(f"Bolt delivers parcels in {number} cities by bicycle.\n", "utf-8")
        build_index(small_corpus, root, word_encoder)
    assert sorted(path.name for path in root.glob("generation-*")) == ["generation-000003", "generation-000004"]
    assert small_index.document("bolt.txt").text.startswith("BOLT PRIVACY NOTICE")
    assert small_index.passage(0).text == open_index(root, word_encoder).passage(0).text


def test_two_writers_at_once_are_refused(root: pathlib.Path, small_corpus: pathlib.Path, word_encoder: WordEncoder) -> None:
    class Interrupting(WordEncoder):
        name = "interrupting"

        def encode(self, texts: object) -> object:  # type: ignore[override]
            with pytest.raises(PolicyError, match=r"another process is writing the index .*; wait for it and try again"):
                build_index(small_corpus, root, word_encoder)
            return super().encode(texts)  # type: ignore[arg-type]

    build_index(small_corpus, root, Interrupting())
    assert sorted(path.name for path in root.glob("generation-*")) == ["generation-000001", "generation-000002"]


@pytest.fixture
def full_disk() -> Iterator[object]:
    """A function that makes every write past so many bytes of a file fail, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 100, 1_000, 10_000])
def test_a_full_disk_leaves_the_old_index(
    root: pathlib.Path, small_corpus: pathlib.Path, word_encoder: WordEncoder, full_disk: object, size: int
) -> None:
    (small_corpus / "bolt.txt").write_text("Bolt delivers parcels by bicycle, and keeps no data at all.\n", "utf-8")
    full_disk(size)  # type: ignore[operator]
    with pytest.raises(PolicyError, match=r"can't be written: File too large; make room .*what was there is still good"):
        build_index(small_corpus, root, word_encoder)
    full_disk(resource.RLIM_INFINITY)  # type: ignore[operator]
    assert open_index(root, word_encoder).document("bolt.txt").text.startswith("BOLT PRIVACY NOTICE")
    assert list(root.glob(".writing-*")) == []
    build_index(small_corpus, root, word_encoder)
    assert open_index(root, word_encoder).document("bolt.txt").text.startswith("Bolt delivers parcels by bicycle")


def test_any_step_that_fails_leaves_the_old_index(
    root: pathlib.Path, small_corpus: pathlib.Path, word_encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (small_corpus / "bolt.txt").write_text("Bolt delivers parcels by bicycle, and keeps no data at all.\n", "utf-8")
    synchronise, steps = os.fsync, 0

    def fail_at(step: int, descriptor: int) -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            raise OSError(28, "No space left on device")
        synchronise(descriptor)

    for step in range(1, 100):
        steps = 0
        monkeypatch.setattr(os, "fsync", lambda descriptor, step=step: fail_at(step, descriptor))
        try:
            build_index(small_corpus, root, word_encoder)
        except PolicyError:
            text = open_index(root, word_encoder).document("bolt.txt").text
            assert text.startswith(("BOLT PRIVACY NOTICE", "Bolt delivers parcels"))
        else:
            break
    assert step > len(FILES)
    assert open_index(root, word_encoder).document("bolt.txt").text.startswith("Bolt delivers parcels")


def test_a_disk_that_takes_no_folder_is_said_and_the_lock_let_go(
    root: pathlib.Path, small_corpus: pathlib.Path, word_encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = pathlib.Path.mkdir

    def refuse(path: pathlib.Path, *arguments: object, **options: object) -> None:
        if path.name.startswith(".writing-"):
            raise OSError(28, "No space left on device")
        make(path, *arguments, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(pathlib.Path, "mkdir", refuse)
        with pytest.raises(PolicyError, match=r"can't be written: No space left on device; choose another with --index$"):
            build_index(small_corpus, root, word_encoder)
    assert build_index(small_corpus, root, word_encoder).folder.name == "generation-000002"


WRITER = """
import itertools, pathlib, sys
from conftest import WordEncoder
from index import build_index

corpus, root = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
for number in itertools.count():
    temporary = corpus.parent / "new.txt"
    temporary.write_text(f"Bolt delivers parcels in {number} cities, and keeps no data.\\n" * 50, "utf-8")
    temporary.replace(corpus / "bolt.txt")
    print(build_index(corpus, root, WordEncoder()).folder.name, number, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.parametrize("trial", range(KILLS))
def test_a_killed_writer_leaves_an_index_that_opens(root: pathlib.Path, small_corpus: pathlib.Path, word_encoder: WordEncoder, trial: int) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    command = [sys.executable, "-c", WRITER, str(small_corpus), str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "generation-000002 0\n"
        time.sleep(random.Random(trial).uniform(0.0, 0.15))
        process.send_signal(signal.SIGKILL)
        said = ["generation-000002 0", *process.stdout.read().split("\n")[:-1]]
    name, number = said[-1].split()
    index = open_index(root, word_encoder)
    cities = int(index.document("bolt.txt").text.split(" cities")[0].split()[-1])
    assert cities in {int(number), int(number) + 1}, "what was said to be published is there, or what came after it"
    assert index.name in {name, f"generation-{int(name[-6:]) + 1:06}"}
    build_index(small_corpus, root, word_encoder)
    assert list(root.glob(".writing-*")) == []
    assert len(open_index(root, word_encoder).documents) == 2
