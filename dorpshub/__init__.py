"""The front doors: the library for notebooks, and the command."""
