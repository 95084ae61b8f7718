"""The page Mijn dorp: one village, everything about it."""
