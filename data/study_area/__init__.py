"""A region: its region.toml, and the layers that it names, read for one day."""
