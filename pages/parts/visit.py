"""One visitor's session: the conversation at hand, what is open beside it, and what their clicks do.

All of it lives in Streamlit's session state, which nobody else's page can see; what is kept longer is in the store, under an owner that the
visitor's browser remembers in a cookie.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

import streamlit as st

from answer import escape_markdown
from index import Index
from ingest import PolicyError
from pages.parts.conversation import Opened, Turn, open_citation, place_from_link
from pages.parts.rows import row_of, turn_of
from pages.parts.store import Listed, Opinion, Store
from pages.parts.wording import sentence, shortened

COOKIE = "askpolicy_visitor"
# Days that a browser remembers whose conversations are its own.
DAYS = 365
TITLE_CHARACTERS = 60

_OWNER = re.compile(r"[0-9a-f]{32}")
# A constant but for our own token of hexadecimal digits.
_REMEMBER = """<script>document.cookie = "%s=%s; path=/; max-age=%d; SameSite=Strict";</script>"""


def visitor() -> str:
    """Whose session this is: a token that their browser keeps; a new one is handed out where there is none."""
    if "visitor" not in st.session_state:
        known = str(st.context.cookies.get(COOKIE, ""))
        st.session_state["visitor"] = known if _OWNER.fullmatch(known) else secrets.token_hex(16)
        if st.session_state["visitor"] != known:
            st.html(_REMEMBER % (COOKIE, st.session_state["visitor"], DAYS * 86400), unsafe_allow_javascript=True)
    return str(st.session_state["visitor"])


def turns() -> list[Turn]:
    """The conversation so far."""
    conversation: list[Turn] = st.session_state.setdefault("turns", [])
    return conversation


def opinions() -> dict[int, Opinion]:
    """What the visitor thinks of the answers, by turn."""
    given: dict[int, Opinion] = st.session_state.setdefault("opinions", {})
    return given


def opened() -> Opened | None:
    """The place in a policy that is open."""
    place: Opened | None = st.session_state.get("opened")
    return place


def conversation_id() -> str | None:
    """Under which id the conversation is kept; None before the first question, and where nothing can be kept."""
    name: str | None = st.session_state.get("conversation")
    return name


def is_mine() -> bool:
    """Whether the conversation at hand is the visitor's own; a shared one can be read, and gone on with as a copy."""
    return bool(st.session_state.get("mine", True))


def notice(text: str) -> None:
    """Have something said once, on top of the page."""
    st.session_state["notice"] = sentence(text)


def draw_notice() -> None:
    """Say what was to be said, once."""
    if said := st.session_state.pop("notice", ""):
        st.info(escape_markdown(said), icon=":material/info:")


def show(place: Opened | None) -> None:
    """Open a place in a policy, or close the one that is open; the address says which, so that it can be shared."""
    st.session_state["opened"] = place
    for name, value in (("document", place and place.document.id), ("start", place and place.span.start), ("end", place and place.span.end)):
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = str(value)


def show_citation(turn: int, number: int) -> None:
    """Open citation `number` of turn `turn`, or say why it can't be opened."""
    try:
        show(open_citation(turns(), turn, number))
    except PolicyError as error:
        notice(str(error))


def ask_later(question: str, given: Sequence[str] = ()) -> None:
    """Have a question asked when the page is drawn next."""
    st.session_state["asked"] = (question, tuple(given))


def begin() -> None:
    """Begin a new conversation; the one at hand stays kept."""
    _take(None, [], {}, mine=True)
    show(None)


def choose(conversation: str) -> None:
    """Have another conversation opened when the page is drawn next."""
    show(None)
    st.query_params["conversation"] = conversation


def arrive(index: Index, store: Store) -> None:
    """Bring the session to what the address says: a kept conversation, and a place in a policy."""
    wanted = st.query_params.get("conversation")
    if wanted and wanted != conversation_id():
        _load(wanted, index, store)
    elif conversation_id():
        st.query_params["conversation"] = str(conversation_id())
    if "opened" not in st.session_state:
        place = st.query_params
        st.session_state["opened"] = place_from_link(index, place.get("document", ""), place.get("start", ""), place.get("end", ""))


def keep(turn: Turn, store: Store) -> None:
    """Add a turn to the conversation, in the session and in the store.

    Where it can't be stored, the session has it all the same, and it is stored with the next one that can be: so a turn has one number in both.
    """
    turns().append(turn)
    name, stored = (conversation_id(), int(st.session_state.get("stored", 0))) if is_mine() else (None, 0)
    title = shortened(turns()[0].question, TITLE_CHARACTERS)
    try:
        name = store.append(name, visitor(), title, *(row_of(entry) for entry in turns()[stored:]))
    except PolicyError as error:
        if not st.session_state.get("unkept"):
            notice(str(error))
        st.session_state["unkept"] = True
        return
    _take(name, turns(), opinions() if is_mine() else {}, mine=True)
    for number in range(stored, len(turns())):
        if opinion := opinions().get(number):  # given while the turn was not stored
            think(number, opinion, store)


def think(turn: int, opinion: Opinion, store: Store) -> None:
    """Keep what the visitor thinks of an answer."""
    opinions()[turn] = opinion
    if name := conversation_id():
        try:
            store.say(name, visitor(), turn, opinion)
        except PolicyError as error:
            notice(str(error))


def forget(conversation: str, store: Store) -> None:
    """Delete a conversation of the visitor's for good."""
    try:
        store.delete(conversation, visitor())
    except PolicyError as error:
        notice(str(error))
    if conversation == conversation_id():
        begin()


def kept(store: Store) -> list[Listed]:
    """The visitor's conversations; none where they can't be read, which is said when one can't be kept."""
    try:
        return store.listed(visitor())
    except PolicyError:
        return []


def _load(wanted: str, index: Index, store: Store) -> None:
    try:
        found = store.open(wanted)
    except PolicyError as error:
        found = None
        notice(str(error))
    if found is None:
        st.query_params.pop("conversation", None)
        st.session_state.setdefault("notice", "That conversation is no longer kept.")
        return
    documents = {document.id: document for document in index.documents}
    said = {number: opinion for number, opinion in enumerate(found.opinions) if opinion != Opinion()}
    _take(wanted, [turn_of(row, documents) for row in found.rows], said, mine=found.owner == visitor())
    number = st.query_params.get("turn", "")
    st.session_state["arrived"] = int(number) - 1 if number.isascii() and number.isdigit() else 0


def _take(name: str | None, conversation: list[Turn], said: dict[int, Opinion], *, mine: bool) -> None:
    """Have a conversation at hand, all of which is in the store."""
    st.session_state.update(conversation=name, turns=conversation, opinions=said, mine=mine, stored=len(conversation), unkept=False)
    st.query_params.pop("turn", None)
    if name:
        st.query_params["conversation"] = name
    else:
        st.query_params.pop("conversation", None)
