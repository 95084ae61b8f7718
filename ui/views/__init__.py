"""From outcomes to plain minutes and persons: frozen values of what a page shows, without Streamlit."""
