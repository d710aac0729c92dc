"""What was learnt is kept small and exact enough, is checked before it is used, and reads pairs the same whatever is read beside them."""

from __future__ import annotations

import json
import pathlib
import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from index import CrossEncoder, load_reader, load_stances
from index.encode import embedded_path
from index.network import CHANGES, READER_FOLDER, SENTENCE_TOKENS, add_changes, layout, network_id, padded, pooled_outputs, to_changes
from ingest import PolicyError

QUESTION = "How long do you hang on to my bills?"
PAIRS = [
    (QUESTION, "Retention. Invoices", "", "Invoices are stored for a period of seven years."),
    (QUESTION, "Offices", "We have two offices.", "Both are closed between Christmas and New Year."),
    (QUESTION, "", "", "Short."),
]


def test_changes_come_back_within_half_a_step_of_each_row(tmp_path: pathlib.Path) -> None:
    generator = torch.Generator().manual_seed(7)
    learnt = {"weight": torch.randn(6, 5, generator=generator) * torch.tensor([[1e-6], [1e-3], [0.1], [1.0], [10.0], [0.0]]), "bias": torch.randn(5)}
    save_file(to_changes(learnt), tmp_path / CHANGES)
    layer = torch.nn.Linear(5, 6)
    layer.bias = torch.nn.Parameter(torch.zeros(5))
    torch.nn.init.zeros_(layer.weight)
    add_changes(layer, tmp_path)
    step = learnt["weight"].abs().amax(1, keepdim=True) / 127
    assert bool(((layer.weight - learnt["weight"]).abs() <= step / 2 + 1e-12).all())
    assert torch.allclose(layer.bias, learnt["bias"], atol=1e-3)


def test_what_is_too_long_is_cut_where_it_matters_least() -> None:
    ids, end, begin = layout(list(range(1000, 1100)), (list(range(2000, 2100)), list(range(3000, 3100))), list(range(4000, 4200)), (101, 102))
    assert ids[1:end] == list(range(1000, 1048)), "the beginning of the question"
    assert ids[end + 1 : begin - 1] == [*range(2000, 2024), *range(3076, 3100)], "the first of what stands above, the last of what stands before"
    assert ids[begin:-1] == list(range(4000, 4000 + SENTENCE_TOKENS))


def test_masks_cover_the_question_and_the_sentence_and_nothing_else() -> None:
    batch = padded([layout([7, 8], ([1], [2]), [9], (101, 102)), layout([7], ([], []), [9, 9], (101, 102))])
    assert batch["input_ids"].tolist() == [[101, 7, 8, 102, 1, 2, 102, 9, 102], [101, 7, 102, 102, 9, 9, 102, 0, 0]]
    assert batch["question"].tolist() == [[0, 1, 1, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0, 0, 0]]
    assert batch["token_type_ids"].tolist() == [[0, 0, 0, 0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 1, 1, 0, 0, 0]]
    assert batch["attention_mask"].sum(1).tolist() == [9, 7]


def test_without_what_was_learnt_the_odds_are_the_scaled_cosine() -> None:
    head = torch.nn.Linear(8, 5)
    torch.nn.init.zeros_(head.weight)
    torch.nn.init.zeros_(head.bias)
    states = torch.tensor([[[1.0, 0.0], [0.0, 2.0], [3.0, 3.0]]])
    mask = torch.tensor([[1.0, 0.0, 0.0]]), torch.tensor([[0.0, 1.0, 1.0]])
    outputs = pooled_outputs(states, *mask, head, torch.tensor(10.0), torch.tensor(0.5))
    # u = (1, 0), v = (1.5, 2.5): the cosine is 1.5 / |v|.
    assert outputs[0].tolist() == pytest.approx([10 * (1.5 / 8.5**0.5 - 0.5), 0, 0, 0, 0], abs=1e-5)


def test_weights_that_are_not_those_committed_are_refused(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(READER_FOLDER, folder)
    assert network_id(folder) == json.loads((folder / "sha256.json").read_text("utf-8"))[CHANGES][:12]
    (folder / CHANGES).write_bytes((folder / CHANGES).read_bytes()[:-1] + b"x")
    with pytest.raises(PolicyError, match=r"changes.safetensors is [0-9a-f]{12}, expected sha256 [0-9a-f]{12}…; run git checkout"):
        network_id(folder)
    with pytest.raises(PolicyError, match="run git checkout"):
        CrossEncoder(embedded_path(), folder)
    (folder / "sha256.json").unlink()
    with pytest.raises(PolicyError, match=r"has no sha256\.json, so nothing says what its weights must be; run git checkout"):
        CrossEncoder(embedded_path(), folder)


@pytest.fixture(scope="module")
def reader() -> CrossEncoder:
    return load_reader()


@pytest.mark.model
def test_a_pair_reads_the_same_whatever_is_read_beside_it(reader: CrossEncoder) -> None:
    together = reader.read(PAIRS)
    assert (together.shape, together.dtype) == ((3, 5), np.float32)
    alone = np.concatenate([reader.read([pair]) for pair in PAIRS])
    assert np.abs(together - alone).max() < 0.05, "16-bit numbers round otherwise in another company"
    assert reader.read([]).shape == (0, 5)


@pytest.mark.model
def test_what_answers_has_the_highest_odds(reader: CrossEncoder) -> None:
    odds = reader.read(PAIRS)[:, 0]
    assert odds.argmax() == 0
    assert odds[0] > 0 > odds[1:].max()


YES, NO, CONDITIONAL, STATES = range(4)
PLAIN = [
    ("can my dog come along?", "Dogs are welcome in every office.", YES),
    ("could they sell my address?", "We may sell your contact details to other companies.", YES),
    ("do i get paid for jury duty?", "Staff called for jury service receive their full salary.", YES),
    ("can my dog come along?", "Animals are not permitted anywhere in the building.", NO),
    ("could they sell my address?", "We never sell or rent contact details to anybody.", NO),
    ("do i get paid for jury duty?", "Jury service is unpaid leave.", NO),
    ("can my dog come along?", "Animals may be brought in only with the written approval of the site manager.", CONDITIONAL),
    ("could they sell my address?", "Contact details are sold only if you have agreed to it beforehand.", CONDITIONAL),
    ("do i get paid for jury duty?", "Jury service is paid unless it lasts longer than ten days.", CONDITIONAL),
    ("who looks after the building?", "The building is looked after by the site manager.", STATES),
    ("how long are my details kept?", "Contact details are kept for three years.", STATES),
    ("where do i send my complaint?", "Complaints go to the ombudsman in Leeds.", STATES),
]


@pytest.mark.model
def test_the_stance_is_mostly_that_of_plain_words() -> None:
    outputs = load_stances().read([(question, "", "", sentence) for question, sentence, _ in PLAIN])
    right = [int(row[1:].argmax()) == stance for row, (_, _, stance) in zip(outputs, PLAIN, strict=True)]
    # Two in three is what it reaches on policies, in the longer words of these; half would be little better than guessing.
    assert sum(right) >= 9, [entry for entry, found in zip(PLAIN, right, strict=True) if not found]
