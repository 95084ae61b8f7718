"""Who may use a way, in which direction and how fast: each mode a row of numbers."""
