"""Views and sentences on paper, made without Streamlit."""
