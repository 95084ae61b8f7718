"""Streets and timetables as arrays, and the searches over them."""
