"""The entry of the page: `streamlit run streamlit_app.py`."""

import pathlib

import streamlit as st

from pages.parts.shell import all_pages

PARTS = pathlib.Path(__file__).parent / "pages" / "parts"

st.set_page_config(page_title="askpolicy", page_icon=str(PARTS / "icon.svg"), layout="wide")
st.session_state["entered"] = True
st.html(PARTS / "style.css")
st.navigation(all_pages()).run()
