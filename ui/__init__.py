"""Everything a visitor of the app sees."""
