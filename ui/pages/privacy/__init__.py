"""The page that says what is kept of a visitor."""
