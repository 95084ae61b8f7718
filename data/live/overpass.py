"""Small areas of OpenStreetMap through OSMnx: what its Overpass client downloads, kept as an OSM file with all tags.

OSMnx turns answers into graphs without turn restrictions or the tags of crossings. In its cache-only mode it downloads,
waits for the server's slots and keeps the raw answers; those become the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import osmium
import shapely
from osmium.osm.mutable import Node, Relation, Way

from data.download.download import SourceError
from data.errors import InputError
from data.extras import of_extra
from data.files.whole import write_file
from data.parameters.facility_kinds import FacilityKinds
from data.progress import Progress, waiting

_TYPES = ("node", "way", "relation")


def fetch_overpass(
    address: str,
    agent: str,
    areas: Sequence[shapely.Polygon],
    kinds: FacilityKinds,
    out: Path,
    progress: Progress,
) -> str:
    """Write streets, places, facilities and turn restrictions of some areas, degrees, to an .osm.pbf file.

    Returns
    -------
    str
        ISO date of the map data.

    Raises
    ------
    SourceError
        When the server cannot be reached, or answers with anything but whole data.

    """
    streets: dict[str, bool | str | list[str]] = {"highway": True, "route": "ferry", "railway": "platform"}
    features: dict[str, bool | str | list[str]] = dict.fromkeys(sorted(kinds.keys | {"place"}), True)
    features["type"] = "restriction"
    with waiting(progress, urlsplit(address).hostname or address):
        answers = [
            answer
            for area in areas
            for question in (streets, features)
            for answer in _answers(address, agent, area, question)
        ]
    elements: dict[tuple[int, int], dict[str, Any]] = {}
    for answer in answers:
        for element in answer["elements"]:
            key = _TYPES.index(element["type"]), int(element["id"])
            elements[key] = elements.get(key, {}) | element
    write_file(out, lambda beside: _write(beside, elements))
    return max(
        (str(answer.get("osm3s", {}).get("timestamp_osm_base", ""))[:10] for answer in answers), default=""
    )


def _answers(
    address: str, agent: str, area: shapely.Polygon, question: dict[str, bool | str | list[str]]
) -> list[dict[str, Any]]:
    """Raw answers of Overpass to one question, at least one."""
    try:
        with of_extra("graphs"):
            import osmnx as ox  # noqa: PLC0415 -- takes six seconds
            from osmnx._errors import CacheOnlyInterruptError  # noqa: PLC0415
    except InputError as error:
        raise SourceError(f"Overpass at {address} is not asked. {error}") from error

    with TemporaryDirectory() as folder, _settings(ox, address, agent, folder):
        try:
            ox.features.features_from_polygon(area, question)
        except CacheOnlyInterruptError:
            pass
        except (OSError, ValueError) as error:
            raise SourceError(f"Overpass at {address} does not answer ({error}).") from error
        found = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(Path(folder).glob("*.json"))]
    if not found:
        raise SourceError(f"Overpass at {address} gave no whole answer; ask for a smaller area, or later.")
    return found


@contextmanager
def _settings(ox: Any, address: str, agent: str, folder: str) -> Iterator[None]:  # noqa: ANN401 -- a module
    """OSMnx's settings are global: set them for one question, then put back what was there."""
    wanted = {
        "overpass_url": address,
        "http_user_agent": agent,
        "cache_folder": folder,
        "use_cache": True,
        "cache_only_mode": True,
        "doh_url_template": None,
    }
    before = {name: getattr(ox.settings, name) for name in wanted}
    try:
        for name, value in wanted.items():
            setattr(ox.settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(ox.settings, name, value)


def _write(out: Path, elements: dict[tuple[int, int], dict[str, Any]]) -> None:
    with osmium.SimpleWriter(osmium.io.File(str(out), "osm.pbf"), overwrite=True) as writer:
        for (kind, number), element in sorted(elements.items()):
            tags = element.get("tags", {})
            if kind == 0:
                writer.add_node(Node(id=number, location=(element["lon"], element["lat"]), tags=tags))
            elif kind == 1:
                writer.add_way(Way(id=number, nodes=element["nodes"], tags=tags))
            else:
                members = [(part["type"][0], part["ref"], part["role"]) for part in element["members"]]
                writer.add_relation(Relation(id=number, members=members, tags=tags))
