"""On-demand services: as region.toml, GTFS-Flex and timetables tell of them."""
