"""How files of OpenStreetMap are named."""

from __future__ import annotations

SUFFIXES = (".pbf", ".osm", ".osm.gz", ".osm.bz2")


def is_osm_file(name: str) -> bool:
    """Whether a file is one of OpenStreetMap by its name."""
    return name.lower().endswith(SUFFIXES)
