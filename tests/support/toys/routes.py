"""The streets file of the toy valley (drawn in toys/region.py) with a mapped bus route."""

from __future__ import annotations

from pathlib import Path

ROUTE = (
    '<relation id="7" version="1"><member type="node" ref="1" role="stop"/><member type="node" ref="2" role="stop"/>'
    '<member type="node" ref="3" role="stop"/><tag k="type" v="route"/><tag k="route" v="bus"/><tag k="ref" v="9"/>'
    '<tag k="public_transport:version" v="2"/><tag k="interval" v="20"/></relation>'
)


def with_route(folder: Path) -> Path:
    """Let a bus route be mapped in the valley: West, Mid, East every twenty minutes."""
    osm = folder / "streets.osm"
    osm.write_text(osm.read_text().replace("</osm>", f"{ROUTE}</osm>"))
    return folder
