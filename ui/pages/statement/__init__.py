"""The page Toegankelijkheid: what was tested for those who see, hear or move otherwise, and what falls short."""
