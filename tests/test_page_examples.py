"""Example questions: taken from the policies that are loaded, and answered by them."""

from __future__ import annotations

from answer import ask
from index import Index
from pages.parts.examples import OFFERED, find_examples


def test_examples_are_of_these_policies_and_are_answered(small_index: Index) -> None:
    examples = find_examples(small_index)
    assert "Can I delete my account?" in examples
    assert "Do I need a receipt?" not in examples
    assert 0 < len(examples) <= OFFERED
    assert len(set(examples)) == len(examples)
    assert not [question for question in examples if ask(small_index, question).abstained]
