"""Draw the ways to put policies on the shelf, replace them and take them away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ingest import READERS, Document, PolicyError
from pages.parts import shell
from pages.parts.shelf import Shelf
from pages.parts.uploaded import Uploaded
from pages.parts.wording import sentence

_SUFFIXES = [suffix.removeprefix(".") for suffix in READERS]


def draw_add(shelf: Shelf) -> None:
    """Add policies by upload."""
    with st.popover("Add policies", key=f"add-{_round()}", icon=":material/upload_file:"):
        files = st.file_uploader("PDF, DOCX, HTML, Markdown or text", _SUFFIXES, accept_multiple_files=True, key=f"upload-{_round()}")
        folders = shelf.folders()
        folder = st.selectbox(
            "Collection", folders, index=min(1, len(folders) - 1), format_func=lambda name: name.capitalize() or "None", key="folder"
        )
        st.button("Add", key="add-now", type="primary", disabled=not files, on_click=add, args=(shelf, files, folder))


def draw_manage(shelf: Shelf, document: Document) -> None:
    """Replace a policy by a new version, or remove it."""
    with st.popover("Manage", key=f"manage-{_round()}", icon=":material/edit_document:"):
        suffix = "." + document.id.rsplit(".", 1)[-1].lower()
        file = st.file_uploader("A new version, in the same format", [suffix.removeprefix(".")], key=f"replace-{document.id}-{_round()}")
        st.button("Replace", key="replace-now", type="primary", disabled=not file, on_click=replace, args=(shelf, document, file))
        st.divider()
        sure = st.checkbox("Remove this policy and its earlier versions for good", key=f"sure-{document.id}")
        st.button("Remove", key="remove-now", disabled=not sure, on_click=remove, args=(shelf, document))


def add(shelf: Shelf, files: Sequence[Uploaded], folder: str) -> None:
    """Add what was uploaded; what can't be read is named with the reason, and the rest goes on."""
    added, refused = [], []
    for file in files:
        try:
            added.append(shelf.add(file.name, file.getvalue(), folder).policy)
        except PolicyError as error:
            refused.append(sentence(f"not added: {error}"))
    _done(" ".join([*([f"Added {', '.join(added)}."] if added else []), *refused]))


def replace(shelf: Shelf, document: Document, file: Uploaded) -> None:
    """Put a new version in the place of a policy."""
    try:
        shelf.replace(document.id, file.name, file.getvalue())
    except PolicyError as error:
        _done(sentence(str(error)))
    else:
        _done(f"Replaced {document.policy}. See Changes for what is different.")


def remove(shelf: Shelf, document: Document) -> None:
    """Take a policy away, but not the only one: of no policy no index can be made, and its text would go on being quoted from the last."""
    if len(shell.ready_index().documents) == 1:
        _done("The only policy can't be removed. Add another one first.")
        return
    try:
        shelf.remove(document.id)
    except PolicyError as error:
        _done(sentence(str(error)))
    else:
        st.query_params.clear()
        _done(f"Removed {document.policy}.")


def _done(said: str) -> None:
    """Have it said, empty the file boxes, and let the index follow."""
    st.session_state.update(shelved=said, shelf_round=_round() + 1, shelf_changed=True)


def follow_changes() -> None:
    """After something was put or taken away: wait for the index, and draw the page with it."""
    if st.session_state.get("shelf_changed", False):
        shell.follow()
        st.session_state["shelf_changed"] = False  # only now: a click that interrupts the waiting must not end it
        st.rerun()


def _round() -> int:
    return int(st.session_state.get("shelf_round", 0))
