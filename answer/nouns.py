"""The nouns of answering: a finding for each policy, and the answer that they make."""

from __future__ import annotations

import dataclasses
import enum

from index import Hit


class Verdict(enum.StrEnum):
    """What a policy says to a question: yes, no or only on conditions; a fact, where no yes or no was asked for; or nothing."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"
    STATES = "states"
    SILENT = "silent"


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """What one policy says to the question.

    `citations` prove it, best first; where the verdict is silent they prove nothing and there are none. `confidence`
    is the calibrated probability that the first sentence found answers the question. `but` is the one of them that limits
    or contradicts the first, where one does.
    """

    policy: str
    document_id: str
    verdict: Verdict
    citations: tuple[Hit, ...]
    confidence: float
    but: Hit | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Scope:
    """The documents that were asked, and why: "given" by the user, "named" in the question, or "all"."""

    document_ids: tuple[str, ...]
    source: str


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """One finding for each policy in scope, the most confident first.

    `asked` is the question as it was searched: a name that chose the scope is taken out. `considered` are the
    sentences looked at, best first, whether they answer or not.
    """

    question: str
    asked: str
    scope: Scope
    findings: tuple[Finding, ...]
    considered: tuple[Hit, ...]

    @property
    def abstained(self) -> bool:
        """Whether no policy in scope says anything."""
        return all(finding.verdict is Verdict.SILENT for finding in self.findings)

    @property
    def headline(self) -> str:
        """One sentence that says no more than the quotations do."""
        if self.abstained:
            return "The policies do not say." if len(self.findings) != 1 else f"{self.findings[0].policy} does not say."
        counts = {verdict: sum(finding.verdict is verdict for finding in self.findings) for verdict in Verdict}
        if len(self.findings) == 1:
            return _ALONE[self.findings[0].verdict].format(policy=self.findings[0].policy)
        parts = [_COUNTED[verdict].format(count=counts[verdict], s="s" if counts[verdict] == 1 else "") for verdict in Verdict if counts[verdict]]
        return ", ".join(parts) + "."


_ALONE = {
    Verdict.YES: "Yes, says {policy}.",
    Verdict.NO: "No, says {policy}.",
    Verdict.CONDITIONAL: "Only on conditions, says {policy}.",
    Verdict.STATES: "{policy} says:",
}
_COUNTED = {
    Verdict.YES: "{count} say{s} yes",
    Verdict.NO: "{count} say{s} no",
    Verdict.CONDITIONAL: "{count} with conditions",
    Verdict.STATES: "{count} say{s} something on it",
    Verdict.SILENT: "{count} silent",
}
