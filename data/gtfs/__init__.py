"""GTFS feeds to the timetable of a day."""
