"""How files of OpenStreetMap are named."""

from __future__ import annotations

from pathlib import Path

SUFFIXES = (".pbf", ".osm", ".osm.gz", ".osm.bz2")
_PACKED = ((b"\x1f\x8b", ".osm.gz"), (b"BZh", ".osm.bz2"))
_HEAD_BYTES = 64


def is_osm_file(name: str) -> bool:
    """Whether a file is one of OpenStreetMap by its name."""
    return name.lower().endswith(SUFFIXES)


def osm_ending(path: Path) -> str:
    """Ending by which readers know the format of a map, told by its first bytes, whatever the file is called."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    packed = (ending for magic, ending in _PACKED if head.startswith(magic))
    return next(packed, ".osm.pbf" if b"OSMHeader" in head else ".osm")
