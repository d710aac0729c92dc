"""Which policy a question means, and what is left of the question."""

from __future__ import annotations

import pytest

from answer.scope import find_scope
from ingest import Document, PolicyError

DOCUMENTS = (
    Document("a", "HEP.PRO", "", "We help you.", aliases=("HEP PRO",)),
    Document("b", "HelpU", "", "We help you.", organisation="HelpU, Inc."),
    Document("c", "Workpex", "", "We help you."),
    Document("d", "Hetacloud", "", "We help you.", organisation="CCHosting, Inc."),
    Document("e", "Expenses", "", "Travel expenses.", organisation="Tidewell Logistics"),
    Document("f", "Acceptable use", "", "Use of things.", organisation="Tidewell Logistics", aliases=("AUP",)),
)


@pytest.mark.parametrize(
    ("question", "named", "asked"),
    [
        ("does hep pro sell my data", "a", "do they sell my data"),
        ("Can I delete my account at HEP.PRO?", "a", "Can I delete my account?"),
        ("Which employees at HelpU's office see my file?", "b", "Which employees at their office see my file?"),
        ("In HelpU's privacy policy, who sees my file?", "b", "who sees my file?"),
        ("wokpex kids?", "c", "what about kids?"),
        ("I think a kid has joined Workpex. Who cares?", "c", "I think a kid has joined them. Who cares?"),
        ("heta cloud passwords", "d", "what about passwords?"),
        ("How long does Hetacloud keep it?", "d", "How long do they keep it?"),
        ("what does the expenses policy say on taxis?", "e", "what about taxis?"),
        ("under the AUP can I game?", "f", "can I game?"),
        ("does Tidewell watch me", "ef", "do they watch me"),
        ("Can I delete my photo at HelpU and Workpex?", "bc", "Can I delete my photo?"),
        ("Do HelpU, Workpex and HEP.PRO sell it?", "abc", "Do they sell it?"),
        ("what do the expenses policy and the acceptable use policy say on taxis?", "ef", "what about taxis?"),
        ("Can I sell it at HelpU and under the expenses policy?", "be", "Can I sell it?"),
        ("HelpU:", "b", "HelpU:"),
        ("What does HelpU's privacy policy say about cookies and tracking?", "b", "what about cookies and tracking?"),
        ("what does HelpU say about who sees my file", "b", "who sees my file?"),
        ("hep pro refunds", "a", "what about refunds?"),
        ("tell me about cookies at HelpU", "b", "what about cookies?"),
        ("What are the rules on taxis in the expenses policy?", "e", "what about taxis?"),
        ("delete account HelpU", "b", "delete account them"),
    ],
)
def test_a_name_chooses_the_policy_and_leaves_the_question(question: str, named: str, asked: str) -> None:
    scope, left = find_scope(question, DOCUMENTS)
    assert (scope.source, "".join(scope.document_ids), left) == ("named", named, asked)


@pytest.mark.parametrize(
    "question", ["are my travel expenses kept?", "can they help u with it?", "what counts as fair use?", "who handles payment data?"]
)
def test_words_that_only_look_like_a_name_choose_nothing(question: str) -> None:
    scope, left = find_scope(question, DOCUMENTS)
    assert (scope.source, len(scope.document_ids), left) == ("all", 6, question)


def test_what_the_user_chose_wins_over_the_question() -> None:
    scope, _ = find_scope("Does HelpU sell my data?", DOCUMENTS, ["Workpex"])
    assert (scope.source, scope.document_ids) == ("given", ("c",))


def test_an_organisation_stands_for_all_its_policies() -> None:
    scope, _ = find_scope("who?", DOCUMENTS, ["Tidewell Logistics"])
    assert scope.document_ids == ("e", "f")


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(PolicyError, match="'Wrkplace'; the nearest names are Workpex"):
        find_scope("who?", DOCUMENTS, ["Wrkplace"])


def test_the_word_after_a_name_is_not_taken_with_it() -> None:
    twice = Document("d", "Hetacloud", "", "We help you.", aliases=("Heta Cloud",))
    _, left = find_scope("How often does Hetacloud try to break in?", [*DOCUMENTS[:3], twice])
    assert left == "How often do they try to break in?"


LIBRARY = (
    Document("k", "Kestrel Maps Privacy Policy", "Kestrel Maps - Privacy Policy", "We map."),
    Document("l", "Kestrel Maps Cookie Notice", "Kestrel Maps - Cookie Notice", "We map."),
    Document("m", "Remind Terms of Service", "Remind - Terms of Service", "We remind you."),
    Document("n", "12 breach policy", "12. Breach Policy", "Of breaches."),
    Document("o", "Privacy Policy", "Privacy Policy", "Of privacy."),
    Document("p", "Shopkeep Policy", "", "We keep shops."),
)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("does kestrel maps sell my data", "kl"),
        ("does KestrelMaps sell my data", "kl"),
        ("does Kestrel sell my data", "kl"),
        ("what do kestrelmaps.com's cookies do?", "kl"),
        ("who gets help@kestrelmaps.co.uk mail?", "kl"),
        ("what does Kestrel Maps' cookie notice say on ads?", "l"),
        ("does Kestral Maps sell my data", "kl"),
        ("can Remind see my phone?", "m"),
        ("does remind keep my number", "m"),
        ("Remind: who do I write to?", "m"),
        ("in the breach policy, who is told?", "n"),
        ("does shopkep track me", "p"),
    ],
)
def test_names_of_policies_that_nobody_described(question: str, named: str) -> None:
    scope, _ = find_scope(question, LIBRARY)
    assert (scope.source, "".join(scope.document_ids)) == ("named", named)


@pytest.mark.parametrize(
    "question",
    [
        "do they remind me?",
        "Remind me who reads my mail",
        "CAN I GET A MAP",
        "what is a breach?",
        "what does the privacy policy say on children?",
        "is it on shopify?",
        "are maps kept?",
    ],
)
def test_words_that_are_names_elsewhere_choose_nothing(question: str) -> None:
    assert find_scope(question, LIBRARY)[0].source == "all"


def test_a_policy_that_is_named_with_its_organisation_is_asked_alone() -> None:
    scope, left = find_scope("what does Tidewell's expenses policy say on taxis?", DOCUMENTS)
    assert (scope.document_ids, left) == (("e",), "what about taxis?")


def test_the_name_of_the_only_policy_is_taken_out_too() -> None:
    scope, left = find_scope("does HelpU sell my data?", DOCUMENTS[1:2])
    assert (scope.source, left) == ("all", "do they sell my data?")


def test_a_question_about_several_policies_is_put_to_each() -> None:
    scope, asked = find_scope("which of these policies mention payments?", DOCUMENTS)
    assert (scope.source, len(scope.document_ids), asked) == ("all", 6, "do they mention payments?")
    assert find_scope("which of these policies mention payments?", DOCUMENTS, ["HelpU", "Workpex"])[1] == "do they mention payments?"


def test_a_question_to_one_policy_is_about_what_stands_in_it() -> None:
    assert find_scope("which of these must I sign?", DOCUMENTS, ["Expenses"])[1] == "which of these must I sign?"


def test_a_question_is_known_by_its_small_words_before_the_tagger_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("answer.topic.words_of", lambda _: pytest.fail("the tagger takes a second to load"))
    assert find_scope("Can I delete my account?", DOCUMENTS)[1] == "Can I delete my account?"
    assert find_scope("who pays?", DOCUMENTS)[1] == "who pays?"
