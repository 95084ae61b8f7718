"""The page Waar een hub?: let the computer propose places."""
