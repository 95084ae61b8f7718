"""How good a region's data are: checks of each layer, and results beside published figures."""
