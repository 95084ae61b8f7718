"""The page "Home care rounds"."""
