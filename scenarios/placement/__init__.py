"""Where hubs should go: exact location of facilities, with its bounds and its near alternatives."""
