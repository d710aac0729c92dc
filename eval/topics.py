"""Measure questions about a topic, "what does it say about cookies?": topics are the headings of policies, asked of these and of others."""

from __future__ import annotations

import argparse
import dataclasses
import pathlib
import re
from collections.abc import Iterator, Sequence

import numpy as np

from answer import Verdict, ask, ready_index
from eval.command import finish
from eval.paths import CORPUS, index_folder, out_folder
from eval.table import Table, as_columns
from index import Index, load_encoder, words_of
from ingest import Document

FORMS = ("{}", "{}?", "What does the policy say about {}?", "What are the rules on {}?", "Tell me about {}", "Is there anything about {}?")
SEED = 5
# Headings of a policy that are asked of it, and as many of others that share no word with it.
EACH = 8
MOST_WORDS = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Topic:
    """A heading asked of a policy: its own, or a `strange` one of which the policy has no word."""

    name: str
    document_id: str
    strange: bool


def topics_of(documents: Sequence[Document]) -> Iterator[Topic]:
    """For each policy, EACH of its own headings and of strange ones, drawn by chance, where it has so many."""
    generator = np.random.default_rng(SEED)
    headings = {document.id: _headings(document) for document in documents}
    everything = list(dict.fromkeys(heading for found in headings.values() for heading in found))
    for document in documents:
        said = set(words_of([document.text])[0])
        strange = [heading for heading in everything if not said.intersection(words_of([heading])[0])]
        for found, is_strange in ((headings[document.id], False), (strange, True)):
            drawn = generator.permutation(len(found))[:EACH]
            yield from (Topic(found[int(number)], document.id, is_strange) for number in drawn)


def _headings(document: Document) -> list[str]:
    """The headings of some words, without their numbers, but for the title, as a person would type them."""
    found = []
    for block in document.blocks:
        name = re.sub(r"^(?:[IVX]+|[A-Z]|[\d.]+)[.)\s]\s*|[:.*\s]+$", "", document.text[block.start : block.end])
        if block.kind == "heading" and 0 < len(name.split()) <= MOST_WORDS and name.replace(" ", "").isalpha() and name != document.title:
            found.append(name.lower())
    return list(dict.fromkeys(found))


def topic_table(index: Index, topics: Sequence[Topic]) -> Table:
    """For each form the share of own topics that are answered and answered from under their heading, and of strange ones that are answered."""
    rows = []
    for form in FORMS:
        own, under, strange = [], [], []
        for topic in topics:
            finding = ask(index, form.format(topic.name), [topic.document_id]).findings[0]
            answered = finding.verdict is not Verdict.SILENT
            if topic.strange:
                strange.append(answered)
            else:
                own.append(answered)
                above = finding.citations[0].passage.heading if answered else ()
                under.append(any(topic.name in heading.lower() for heading in above))
        rows.append([form, *(f"{np.mean(shares):.2f} of {len(shares)}" if shares else "–" for shares in (own, under, strange))])
    return ["form", "own topics answered", "from under their heading", "strange topics answered"], rows


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when it was measured, 2 when it can't be."""
    parser = argparse.ArgumentParser(prog="python -m eval topics", description=__doc__)
    parser.add_argument("--corpus", type=pathlib.Path, default=CORPUS, help="folder of policies (default: corpus)")
    options = parser.parse_args(arguments)
    return finish("eval topics", lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    index = ready_index(options.corpus, index_folder(options.corpus, out_folder()), load_encoder())
    topics = list(topics_of(index.documents))
    print(f"{len(topics)} topics of {len(index.documents)} policies\n")
    print(as_columns(topic_table(index, topics)))
    return 0
