"""The bundle as a file: canonical JSON with a seal, and what is refused when one is read."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from cite.canonical import canonical, plain, sha256_of
from cite.checked import read_json, schema_of
from cite.nouns import FORMAT, SCHEMA, Bundle
from ingest import PolicyError

SCHEMA_ID = f"urn:askpolicy:citations:{SCHEMA}"


def bundle_to_json(bundle: Bundle) -> bytes:
    """The bundle as canonical JSON (RFC 8785) in UTF-8; the same bundle gives the same bytes."""
    return canonical(plain(bundle))


def bundle_from_json(data: bytes, name: str) -> Bundle:
    """Read a bundle. Raises PolicyError for what is none, is cut off, or is of a newer schema.

    A bundle that was edited can be read: `is_sealed` and the check of each citation say what was.
    """
    try:
        head = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PolicyError(f"{name} is not UTF-8: {error.reason} at byte {error.start}; expected a bundle from python -m cite export") from error
    except (ValueError, RecursionError) as error:
        raise PolicyError(f"{name} is no whole JSON: {error}; expected a bundle from python -m cite export") from error
    if not is_bundle(head):
        raise PolicyError(f"{name} is JSON, but no citation bundle; expected one from python -m cite export --format json")
    version = head.get("schema_version")
    if isinstance(version, int) and version > SCHEMA:
        raise PolicyError(f"{name} has schema {version}; this program reads up to {SCHEMA}, so install a newer one")
    return read_json(Bundle, data.decode("utf-8-sig"), name)


def is_bundle(value: Any) -> bool:
    """Whether a JSON value says of itself that it is a bundle, of any version."""
    return isinstance(value, dict) and value.get("format") == FORMAT


def sealed(bundle: Bundle) -> Bundle:
    """The bundle with the hash that belongs to its content. Raises UnicodeEncodeError for text that no UTF-8 file can hold."""
    return dataclasses.replace(bundle, sha256=_seal(bundle))


def is_sealed(bundle: Bundle) -> bool:
    """Whether nothing but reviews was edited since the bundle was written."""
    return bundle.sha256 == _seal(bundle)


def with_seal(bundle: Bundle, name: str) -> Bundle:
    """The bundle. Raises PolicyError where it was edited."""
    if not is_sealed(bundle):
        raise PolicyError(f"{name}: its seal is broken, so something besides the reviews was changed; take the bundle as it was exported")
    return bundle


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a bundle, as it is published in `cite/bundle.schema.json`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema_of(Bundle)}


def _seal(bundle: Bundle) -> str:
    """The hash over everything but itself and the reviews, which come later."""
    row = plain(bundle) | {"sha256": ""}
    for question in row["questions"]:
        for finding in question["findings"]:
            for citation in finding["citations"]:
                citation["review"] = None
    return sha256_of(canonical(row).decode("utf-8"))
