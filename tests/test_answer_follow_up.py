"""Follow-ups: what they become after the questions before them, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answer.follow_up import rewrite
from ingest import Document

DOCUMENTS = (
    Document("a", "HEP.PRO", "", "We help you.", aliases=("HEP PRO",)),
    Document("b", "HelpU", "", "We help you.", organisation="HelpU, Inc."),
    Document("e", "Expenses", "", "Travel expenses.", organisation="Tidewell Logistics"),
    Document("f", "Leave", "", "Leave of absence.", organisation="Tidewell Logistics"),
    Document("g", "Data loss", "", "Loss of data.", organisation="Tidewell Logistics", aliases=("breach policy",)),
)
# What follow-ups are made of.
WORDS = st.lists(
    st.sampled_from("how when why and for who what do I keep it them my photo at HelpU the leave policy ? , how long".split()), max_size=7
)
TYPED = st.text(max_size=40) | WORDS.map(" ".join)


@pytest.mark.parametrize(
    ("earlier", "question", "wanted"),
    [
        # A phrase is put in the place of its like, or added.
        (["How long do you keep photos?"], "and for children?", "How long do you keep photos for children?"),
        (["Do I need a sick note in Leeds?"], "and in Halifax?", "Do I need a sick note in Halifax?"),
        (["Do I need a sick note in Leeds?"], "what about Halifax?", "Do I need a sick note in Halifax?"),
        (["How long is maternity leave?"], "and partner leave?", "How long is partner leave?"),
        (["Can employees install software?"], "is that the case for contractors too?", "Can contractors install software?"),
        (["Can I install software?"], "does that apply to interns?", "Can I install software for interns?"),
        (["Can I install software?"], "do contractors?", "Can I install software for contractors?"),
        (["Do you keep my nightly backups?"], "and the monthly one?", "Do you keep the monthly backups?"),
        (["Is my card number kept?"], "all of it?", "Is my card number kept, all of it?"),
        # Another question word.
        (["Do you keep my photos?"], "how long?", "how long do you keep my photos?"),
        (["Who can I ask about leave?"], "and when?", "when can I ask about leave?"),
        (["Who handles payment data?"], "who else?", "who else handles payment data?"),
        (["My nephew is 15, would you keep his details?"], "how long?", "My nephew is 15, how long would you keep his details?"),
        # A condition.
        (["How long do you keep it?"], "and if I cancel?", "How long do you keep it if I cancel?"),
        (["Can I cancel if I am ill?"], "what if I refuse?", "Can I cancel if I refuse?"),
        # What pronouns stand for.
        (["What happens to my photo?"], "can I delete it?", "can I delete my photo?"),
        (["Do they set cookies?"], "can I turn them off?", "can I turn cookies off?"),
        (["My nephew is 15, would you keep his details?"], "can he see them?", "can my nephew see his details?"),
        (["Do I get a monitor?"], "can I have a second one?", "can I have a second monitor?"),
        (["Can I fly business class?"], "who decides that?", "who decides that (fly business class)?"),
        (["Can I fly business class?"], "and who decides?", "who decides (fly business class)?"),
        (["Can I have a company card?"], "how long does that take?", "how long does that take (have a company card)?"),
        # Names.
        (["How long does HEP.PRO keep photos?"], "what about HelpU?", "How long does HelpU keep photos?"),
        (["How long do you keep photos?"], "and HelpU?", "How long do you keep photos at HelpU?"),
        (["Does HelpU keep my photo?"], "can I delete it?", "can I delete my photo at HelpU?"),
        (["Does HelpU keep my photo?"], "do they sell it?", "do HelpU sell my photo?"),
        (["What does the expenses policy say on taxis?"], "and the leave policy?", "What does the leave policy say on taxis?"),
        (["Can I ask HelpU to erase it?"], "who decides that?", "who decides that (ask HelpU to erase it)?"),
        (["Is it the same in the Netherlands?"], "and in Germany?", "Is it the same in Germany?"),
        (
            ["What do the leave policy and the expenses policy say on my laptop?"],
            "can I sell it?",
            "can I sell my laptop under the leave policy and under the expenses policy?",
        ),
        (["What do the breach policy say on laptops?"], "and the leave policy?", "What do the leave policy say on laptops?"),
        (["how"], "how long?", "how long: how"),
        # Longer conversations.
        (["Does HelpU sell my data?", "how long do they keep it?"], "and HEP.PRO?", "how long do HEP.PRO keep my data?"),
        (["Do I need a sick note in Leeds?", "and in Halifax?"], "why?", "why do I need a sick note in Halifax?"),
    ],
)
def test_a_follow_up_becomes_a_question_by_itself(earlier: list[str], question: str, wanted: str) -> None:
    assert rewrite(question, earlier, DOCUMENTS) == wanted


@pytest.mark.parametrize(
    "question",
    [
        "Who handles payment data?",
        "is it ok to block cookies?",
        "how long does it take to get a refund?",
        "what if I lose my laptop on the train?",
        "I spilled coffee over my laptop, is it covered?",
        "if someone buys the business does my file go along with it",
        "can I get rid of the ads that are picked for me?",
        "How many wrong goes before it locks?",
        "phone number?",
        "what number do I ring?",
        "And how do I contact the data protection officer?",
        "Which employees at HEP.PRO see my file?",
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(question: str) -> None:
    assert rewrite(question, ["Does HelpU keep my photo?"], DOCUMENTS) == question


def test_what_is_not_an_organisation_is_nobody() -> None:
    assert rewrite("do they read my mail?", ["What does the expenses policy say on taxis?"], DOCUMENTS) == "do they read my mail?"


@pytest.mark.parametrize("earlier", [[], [""], ["  "]])
def test_a_first_question_is_never_rewritten(earlier: list[str]) -> None:
    assert rewrite("and for children?", earlier, DOCUMENTS) == "and for children?"


@given(st.lists(TYPED, max_size=3), TYPED)
def test_anything_may_be_typed_and_gives_the_same_twice(earlier: list[str], question: str) -> None:
    found = rewrite(question, earlier, DOCUMENTS)
    assert found == rewrite(question, earlier, DOCUMENTS)
    assert found.strip() or not question.strip()
