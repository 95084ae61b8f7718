"""School days: who gets to the nearest school before the bell, how, and who moves when one closes."""
