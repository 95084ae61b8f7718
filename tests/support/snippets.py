"""Tags from a few lines of OSM XML, so that a test shows what it is about."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from data.streets import TagSet


def tags(*lines: str) -> TagSet:
    """Tags of one object, of which `lines` are the `<tag k="..." v="..."/>` elements."""
    root = ET.fromstring(f"<way>{''.join(lines)}</way>")  # noqa: S314 - our own text
    return tuple(sorted((element.attrib["k"], element.attrib["v"]) for element in root))
