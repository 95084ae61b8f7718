"""Formats of tables and arrays on disk, whatever stands in them."""
