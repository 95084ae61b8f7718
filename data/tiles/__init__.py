"""Vector tiles of the base map: what is drawn at which zoom, and the file they are kept in."""
