"""Changes to a region and their effect."""
