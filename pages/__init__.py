"""The pages that people ask, read and review on; each module is a script that Streamlit runs from top to bottom."""
