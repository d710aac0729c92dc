"""Make a trained adapter fit to be committed: nothing in it but what loading needs, and the hashes it is checked by."""

from __future__ import annotations

import hashlib
import json
import pathlib
from collections.abc import Sequence

from index.encode import EMBEDDED, EMBEDDED_SHA256
from index.network import HASHES, SETTINGS, WEIGHTS


def seal(folder: pathlib.Path) -> None:
    """Rewrite what peft saved: a configuration without paths of the machine, and the sha256 of each file."""
    settings = json.loads((folder / SETTINGS).read_text("utf-8"))
    kept: dict[str, object] = {"base_model": EMBEDDED, "base_sha256": EMBEDDED_SHA256, "peft_type": "LORA"}
    kept |= {name: settings[name] for name in ("r", "lora_alpha", "lora_dropout", "target_modules")}
    kept["target_modules"] = sorted(settings["target_modules"])
    (folder / SETTINGS).write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    write_hashes(folder, (WEIGHTS, SETTINGS))


def write_hashes(folder: pathlib.Path, names: Sequence[str]) -> None:
    """Write the sha256 of files, that of the weights first."""
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    (folder / HASHES).write_text(json.dumps(digests, indent=1) + "\n", "utf-8")
