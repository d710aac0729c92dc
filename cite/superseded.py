"""What a new version of a policy leaves of older citations: the documents that changed or went, and what no longer stands."""

from __future__ import annotations

import collections
from collections.abc import Sequence

from cite.verify import Status, Verification


def stands(entry: Verification) -> bool:
    """Whether the words of a citation were found, at their place or another."""
    return entry.found is not None


def superseded(found: Sequence[Verification]) -> dict[str, list[Verification]]:
    """The citations whose document has a new version, another name, or is gone, by document; it invalidates those that no longer stand."""
    listed = collections.defaultdict(list)
    for entry in found:
        claim, source = entry.claim, entry.source
        if entry.status is Status.MISSING or (source is not None and (source.id, source.sha256) != (claim.document, claim.source_sha256)):
            listed[claim.document].append(entry)
    return dict(sorted(listed.items()))


def invalidated(found: Sequence[Verification]) -> dict[str, list[Verification]]:
    """Of those, the citations that no longer stand; a document is listed although none of its citations is."""
    return {document: [entry for entry in entries if not stands(entry)] for document, entries in superseded(found).items()}


def version_line(document: str, entries: Sequence[Verification]) -> str:
    """What a document was when it was cited, in each version that was, what it is now, and how many of its citations that leaves."""
    claims = [entry.claim for entry in entries]
    was = " or ".join(dict.fromkeys(_version(claim.version, claim.effective_date, claim.source_sha256) for claim in claims))
    ends = f"Citations that no longer stand: {sum(not stands(entry) for entry in entries)} of {len(entries)}."
    source = next((entry.source for entry in entries if entry.source is not None), None)
    if source is None:
        return f"{document} is no longer there; it was {was}. {ends}"
    now = _version(source.version, source.effective_date.isoformat() if source.effective_date else "", source.sha256)
    if source.id != document:
        return f"{document} is no longer there; it was {was}. Its policy is now in {source.id}, {now}. {ends}"
    return f"{document} has changed since it was cited, then {was}, now {now}. {ends}"


def _version(version: str, effective: str, sha256: str) -> str:
    parts = [f"version {version}" if version else "", f"effective {effective}" if effective else "", f"sha256 {sha256[:12]}…"]
    return ", ".join(part for part in parts if part)
