"""Services that run when they are booked: as region.toml, GTFS-Flex and timetables tell of them."""
