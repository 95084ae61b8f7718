"""A region made from tables of facts: an ordinary OSM file and an ordinary GTFS zip, for use without a network."""
