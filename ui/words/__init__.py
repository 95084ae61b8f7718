"""Languages: translated texts, numbers and dates as people write them, names of kinds and modes."""
