"""The entry of the page: `streamlit run streamlit_app.py`."""

import streamlit as st

from pages.parts.shell import all_pages, draw_frame

draw_frame()
st.navigation(all_pages()).run()
