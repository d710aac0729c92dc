"""A `corpus.jsonl`: its documents, and everything that is wrong with one, by line."""

from __future__ import annotations

import json
import pathlib

import pytest

from ingest import PolicyError, read_corpus


def write(folder: pathlib.Path, *lines: object) -> pathlib.Path:
    path = folder / "corpus.jsonl"
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines))
    return path


def test_texts_stay_as_they_are(tmp_path: pathlib.Path) -> None:
    texts = {"a": "", "b": "\x00 in it.\r\nAnd a break.", "c": "half \ud83d here", "d": "\ufeffmark"}
    write(tmp_path, b"\xef\xbb\xbf", *({"doc_id": name, "title": None, "text": text} for name, text in texts.items()), b"", b"  \r")
    found = {document.id: document.text for document in read_corpus(tmp_path).documents}
    assert found == {**texts, "c": "half \ufffd here"}


def test_every_wrong_line_is_listed(tmp_path: pathlib.Path) -> None:
    good = {"doc_id": "a", "text": "Fine."}
    path = write(
        tmp_path,
        good,
        [1],
        b'{"doc_id": "b", "text": "\xff"}',
        good,
        {"_id": 7, "text": ""},
        {"doc_id": "\udc00", "text": ""},
        {"doc_id": "c"},
        {"doc_id": "c", "text": None},
        {"doc_id": "c", "text": "", "title": []},
        b"[" * 100_000,
        b"{",
    )
    with pytest.raises(PolicyError) as caught:
        read_corpus(tmp_path)
    assert str(caught.value).replace(f"{path}", "FILE").split("\n") == [
        "10 problems in FILE; no document was read",
        "FILE:2: is a JSON list; expected an object",
        "FILE:3: is no JSON: 'utf-8' codec can't decode byte 0xff in position 25: invalid start byte",
        "FILE:4: the document a is given twice",
        "FILE:5: the doc_id is 7; expected a name",
        "FILE:6: the doc_id '\\udc00' holds half a character (a lone surrogate)",
        "FILE:7: the text is None; expected a string",
        "FILE:8: the text is None; expected a string",
        "FILE:9: the title is []; expected a string",
        "FILE:10: is no JSON that can be read: it is nested too deeply",
        "FILE:11: is no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
    ]
