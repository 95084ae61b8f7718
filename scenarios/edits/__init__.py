"""What can be changed of a region: each edit, how it is written, and what it does."""
