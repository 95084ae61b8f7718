"""OpenStreetMap files and OSMnx graphs to streets, features and the timetables of mapped routes."""
