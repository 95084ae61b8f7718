"""When something is open: the language of OSM's `opening_hours`, what owners write instead, and holidays."""
