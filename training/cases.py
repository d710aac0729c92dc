"""Questions as the assistant meets them, with everything that a score is made of, so that weights can be tried without asking again."""

from __future__ import annotations

import dataclasses
import pathlib
import random
import tempfile
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import torch

from answer.calibration import Calibration
from answer.rank import features, weigh
from answer.read import pairs_of
from eval.gold import Evidence, read_gold
from eval.judge import hits
from index import CrossEncoder, Encoder, Index, build_index, open_index
from ingest import read_corpus
from training.examples import TEST, Lesson, Question, read_lessons
from training.sources import DEVELOPMENT
from training.supplement import read_written

# Candidates of which a score is made: more than are ever read.
DEPTH = 24
# Questions of other families put to each held-out policy.
STRANGERS = 12
SEED = 7
# The sources of cases from training/data, and of questions written to public policies.
OWN = "held-out lessons"
WRITTEN = "held-out public policies"

Floats = npt.NDArray[np.float32]


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """One question to one policy: features of its candidates [n, 4], reader's outputs [n, 5], and which of them answer it [n].

    `stances` are the logits of yes, no and conditional of those that answer [a, 3], where a verdict is wanted. `strange` is a question
    to a policy of another family, which is what most policies get when all are asked.
    """

    source: str
    features: Floats
    outputs: Floats
    answers: npt.NDArray[np.bool_]
    answerable: bool
    verdict: str | None = None
    stances: Floats | None = None
    strange: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Networks:
    """What a question goes through: the encoder, the reader, and the network for verdicts."""

    encoder: Encoder
    reader: CrossEncoder
    stances: CrossEncoder


def gather(
    networks: Networks,
    development: Sequence[tuple[pathlib.Path, pathlib.Path]],
    every: int,
    supplements: Sequence[pathlib.Path] = (),
) -> list[Case]:
    """The cases of lessons that nothing was trained on, one question in `every`, and of development sets (corpus, questions)."""
    cases = list(_held_out_cases(OWN, read_lessons(), networks, every))
    for folder in supplements:
        cases += _held_out_cases(WRITTEN, read_written(folder), networks, every)
    for corpus, questions in development:
        cases += _development_cases(corpus, questions, networks)
    return cases


def _held_out_cases(source: str, everything: Sequence[Lesson], networks: Networks, every: int) -> Iterator[Case]:
    generator = random.Random(SEED)
    lessons = [lesson for lesson in everything if lesson.held_out]
    for lesson in lessons:
        others = [question for other in lessons if other.family != lesson.family for question in other.questions if question.answerable]
        with tempfile.TemporaryDirectory() as folder:
            index = _index_of(lesson, pathlib.Path(folder), networks.encoder)
            (document,) = index.documents
            first, last = index.rows_of(document.id)
            places = {index.passage(row).text: row for row in reversed(range(first, last))}
            for question in list(_one_wording(lesson))[::every]:
                rows = [places[text] for text in (lesson.sentences[row].text for row in question.evidence) if text in places]
                if bool(rows) == question.answerable:
                    yield _case(source, index, networks, question.text, document.id, rows, question.verdict)
            for question in generator.sample(others, min(STRANGERS, len(others)))[::every]:
                yield dataclasses.replace(_case(source, index, networks, question.text, document.id, [], None), strange=True)


def _index_of(lesson: Lesson, root: pathlib.Path, encoder: Encoder) -> Index:
    """An index over a lesson's policy alone; of a public document, over the stretch that was written to."""
    (root / "corpus").mkdir()
    if lesson.path.suffix == ".jsonl":
        (root / "corpus" / "stretch.txt").write_text("\n".join(sentence.text for sentence in lesson.sentences), "utf-8")
    else:
        (root / "corpus" / lesson.path.name).write_bytes(lesson.path.read_bytes())
    return _index(root / "corpus", root / "index", encoder)


def _one_wording(lesson: Lesson) -> Iterator[Question]:
    yield from {question.row: question for question in reversed(lesson.questions)}.values()


def _development_cases(corpus: pathlib.Path, path: pathlib.Path, networks: Networks) -> Iterator[Case]:
    documents = read_corpus(corpus).documents
    questions = read_gold([path], {document.id: document.text for document in documents}, {document.id: document.policy for document in documents})
    with tempfile.TemporaryDirectory() as folder:
        index = _index(corpus, pathlib.Path(folder), networks.encoder)
        for question in (entry for entry in questions if entry.split != TEST):
            asked = [(question.document_id, question.evidence, question.verdict)] if question.document_id is not None else []
            asked += [(stance.document_id, stance.evidence, stance.verdict) for stance in question.stances if stance.status != "partial"]
            for document_id, evidence, verdict in asked:
                rows = _rows(index, document_id, evidence)
                if bool(rows) == bool(evidence):
                    yield _case(f"{path.parent.name}{DEVELOPMENT}{path.stem}", index, networks, question.question, document_id, rows, verdict)


def _rows(index: Index, document_id: str, evidence: Sequence[Evidence]) -> list[int]:
    start, end = index.rows_of(document_id)
    return [row for row in range(start, end) if any(hits(index.passage(row).span, piece.span) for piece in evidence)]


def _index(corpus: pathlib.Path, root: pathlib.Path, encoder: Encoder) -> Index:
    build_index(corpus, root, encoder)
    return open_index(root, encoder)


def _case(source: str, index: Index, networks: Networks, asked: str, document_id: str, rows: list[int], verdict: str | None) -> Case:
    candidates = index.candidates(index.encode(asked), index.words(asked), DEPTH, document_id)
    parts = features(candidates)
    kept = np.sort(np.argsort(-weigh(parts, Calibration("")), kind="stable")[:DEPTH])
    with torch.autocast("cpu", torch.bfloat16):  # three times as fast where there are instructions for it
        outputs = networks.reader.read(pairs_of(index, asked, candidates.rows[kept]))
        answers = np.isin(candidates.rows[kept], rows)
        wanted = verdict if rows else None
        stances = networks.stances.read(pairs_of(index, asked, candidates.rows[kept][answers]))[:, 1:4] if wanted else None
    return Case(source, parts[kept], outputs, answers, bool(rows), wanted, stances)
