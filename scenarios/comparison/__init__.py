"""Scenarios side by side: differences, how sure they are, and files from which they can be made again."""
