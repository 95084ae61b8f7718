"""Which extracts of OpenStreetMap a region needs: the fewest that cover it, and what each alone is for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import shapely

from data.download.download import SourceError
from data.json_text import json_of
from data.live.area import Box
from data.outlines import area_of

_TINY_DEG2 = 1e-8
"""About 100 m2: less than this left of a box is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Needed:
    """An extract and what it is for.

    Attributes
    ----------
    address
        Of the file.
    part
        The part of the box that it is taken for, degrees: what the ones before it do not cover.
    of_buffer
        Whether this is of the buffer alone, without any of the area itself.

    """

    address: str
    part: shapely.Geometry
    of_buffer: bool


def needed_extracts(index: Path, area: shapely.Geometry, box: Box) -> tuple[Needed, ...]:
    """Smallest extracts that together cover `box`, those of the area itself first; each as few as will do.

    Parameters
    ----------
    index
        Geofabrik's list of extracts with outlines: GeoJSON with the properties id, parent and urls.pbf.
    area
        The area asked for, degrees.
    box
        What must be covered: the area with its buffer. Parts that no extract covers, such as sea, are left.

    Raises
    ------
    SourceError
        When the file is no such list, or no extract covers any of the box.

    """
    outlines = _outlines(index)
    own = _cover(outlines, shapely.intersection(area, box.polygon))
    others = {address: shape for address, shape in outlines.items() if address not in own}
    around = _left(box.polygon, [outlines[address] for address in own])
    chosen = [*own, *_cover(others, around)]
    if not chosen:
        msg = (
            f"None of the extracts in {index.name} covers the region; name one yourself in [source.extracts]."
        )
        raise SourceError(msg)
    needed: list[Needed] = []
    left: shapely.Geometry = box.polygon
    for address in chosen:
        part = shapely.intersection(left, outlines[address])
        needed.append(Needed(address, part, address not in own))
        left = shapely.difference(left, outlines[address])
    return tuple(needed)


def _outlines(index: Path) -> dict[str, shapely.Geometry]:
    """Outline of every extract that is not divided into smaller ones, by its address."""
    try:
        features = json_of(index.read_bytes())["features"]
        parents = {feature["properties"].get("parent") for feature in features}
        return {
            feature["properties"]["urls"]["pbf"]: shapely.make_valid(area_of(feature["geometry"]))
            for feature in features
            if feature["properties"]["id"] not in parents and feature["geometry"]
        }
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        msg = f"{index.name} is not Geofabrik's list of extracts with outlines ({error!r})."
        raise SourceError(msg) from error


def _cover(outlines: dict[str, shapely.Geometry], shape: shapely.Geometry) -> list[str]:
    """Addresses that cover as much of `shape` as all do: the one that covers most first, then without what is spare."""
    outlines, left = dict(outlines), shape
    chosen: dict[str, shapely.Geometry] = {}
    while outlines:
        covered = {
            address: shapely.area(shapely.intersection(outline, left))
            for address, outline in outlines.items()
        }
        address = max(covered, key=lambda one: covered[one])
        if covered[address] <= _TINY_DEG2:
            break
        chosen[address] = outlines.pop(address)
        left = shapely.difference(left, chosen[address])
    for address in list(chosen):
        rest = [outline for other, outline in chosen.items() if other != address]
        if shapely.area(_left(shape, rest)) - shapely.area(left) <= _TINY_DEG2:
            del chosen[address]
    return list(chosen)


def _left(shape: shapely.Geometry, outlines: list[shapely.Geometry]) -> shapely.Geometry:
    return shapely.difference(shape, shapely.union_all(outlines))
