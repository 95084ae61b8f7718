"""View -> what the map draws, as GeoJSON with finished colours and texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Any, Literal, TypeAlias

import numpy as np
from shapely.geometry import MultiPolygon, mapping

from accessibility.world import GENERATED, World
from data.gtfs.tracks import rail_tracks
from scenarios.comparison.compare import Comparison
from scenarios.edits.base import Spot
from ui.map.background import background, load_sources
from ui.map.cells import cell_classes, placed_cells
from ui.map.focus import around, focus
from ui.map.legend import (
    BETTER_COLOURS,
    MINUTE_COLOURS,
    SAME_COLOUR,
    WORSE_COLOURS,
    LegendEntry,
    area_difference_legend,
    difference_colour,
    difference_legend,
    legend_html,
    minute_colour,
    minutes_legend,
)
from ui.sentences.design import tooltip
from ui.sentences.edits import edit_detail, edit_title
from ui.sentences.services import known_from
from ui.views.design import DesignView, PlaceRow
from ui.views.edits import Action
from ui.views.reach import ReachView
from ui.words.i18n import Texts
from ui.words.words import KINDS

Json: TypeAlias = dict[str, Any]
Show = Literal["before", "after", "difference"]
SHOWS: tuple[Show, ...] = ("before", "after", "difference")
DECIMALS = 5
SMALLEST_PX, PX_PER_ROOT = 2.6, 0.105
AROUND_PLACES_DEG = 0.02
"""Shown around the outermost places where a region has no outlines."""
CHANGED_LARGER, UNCHANGED_SMALLER = 1.5, 0.6
UNCHANGED = frozenset(["same", "never"])
RINGS = {"better": ("#01665e", "#7fd8cd"), "worse": ("#8c510a", "#e8b66b")}
"""Edges of places with a change, on light and on dark ground."""
LINE_MARKS: dict[Action, str] = {"path": "path", "new_line": "line", "no_street": "closed", "limit": "limit"}
"""What is drawn as a line, by its colour and its word in the legend."""
QUARTER_SEPARATOR = " \u2013 "


def base_layers(world: World) -> Json:
    """What never changes: land, tracks, stops, names, and where the population cells lie."""
    return {
        "bounds": [round(degrees, 4) for degrees in extent(world)],
        "outlines": _collection(
            _feature(
                {"name": outline.name},
                "Polygon",
                [np.round(ring, DECIMALS).tolist() for ring in outline.rings],
            )
            for outline in world.outlines
        ),
        "tracks": _collection([_feature({}, "MultiLineString", train_tracks(world))]),
        "stops": _collection(service_stops(world)),
        "names": _collection(_names(world)),
        "cells": None if world.grid is None else placed_cells(world.grid, world.projection),
    }


def extent(world: World) -> tuple[float, float, float, float]:
    """West, south, east and north of the region in degrees: of its outlines, or of its places where it has none."""
    corners = np.array([point for outline in world.outlines for ring in outline.rings for point in ring])
    margin = 0.0
    if not len(corners):
        corners = np.column_stack(world.projection.to_lonlat(world.places.x_m, world.places.y_m))
        corners, margin = corners[world.places.in_region], AROUND_PLACES_DEG
    (west, south), (east, north) = corners.min(axis=0) - margin, corners.max(axis=0) + margin
    return float(west), float(south), float(east), float(north)


def train_tracks(world: World) -> list[list[list[float]]]:
    """Lines (longitude, latitude) of the tracks of the trains, none where no timetable draws them."""
    region = world.region
    feeds = [source.path(region.folder, world.ready / GENERATED) for source in region.layer("timetable")]
    return [line for feed in feeds for line in rail_tracks(feed)]


def service_stops(world: World) -> list[Json]:
    """Stops of the timetable with their names, none without a timetable."""
    stops = world.network.service.timetable.stops
    return [
        _point(row, stops.lon_deg[row], stops.lat_deg[row], {"tip": name})
        for row, name in enumerate(stops.name)
    ]


def _names(world: World) -> list[Json]:
    """Names for the map: quarters ("Emmen - Bargeres") stand under their town's one name until one zooms in."""
    places = world.places
    lon, lat = world.projection.to_lonlat(places.x_m, places.y_m)
    towns: dict[str, list[int]] = {}
    features = []
    for row, (name, kind) in enumerate(zip(places.name, places.kind, strict=True)):
        level = "quarter" if kind == "quarter" else "place" if places.in_region[row] else "around"
        properties = {"name": name, "level": level, "inhabitants": int(places.inhabitants[row])}
        features.append(_point(row, float(lon[row]), float(lat[row]), properties))
        if kind == "quarter":
            towns.setdefault(name.partition(QUARTER_SEPARATOR)[0], []).append(row)
    for town, rows in towns.items():
        people = places.inhabitants[rows]
        weights = np.maximum(people, 1)
        at_lon, at_lat = (float(np.average(degrees[rows], weights=weights)) for degrees in (lon, lat))
        properties = {"name": town, "level": "town", "inhabitants": int(people.sum())}
        features.append(_point(len(features), at_lon, at_lat, properties))
    return features


def map_data(
    world: World,
    view: DesignView,
    show: Show,
    texts: Texts,
    label: str,
    *,
    chosen: int | None = None,
    drawing: tuple[Spot, ...] = (),
    spots: tuple[Spot, ...] = (),
    comparison: Comparison | None = None,
    picked: Iterable[int] = (),
) -> Json:
    """Draw one view: places, services of the chosen kind, hubs, and the texts of the map itself.

    Parameters
    ----------
    world, view, show
        What is drawn.
    texts, label
        Language, and what the map is called for those who cannot see it, keys included; "{region}" stands for its title.
    chosen
        Row of the place with a ring around it, None for none.
    drawing
        Points of what is being drawn.
    spots
        Points that were clicked one by one.
    comparison
        Times of the residents, for the population cells beside the places; None leaves them out.
    picked
        Rows of places that are picked elsewhere on the page, such as in the table.

    """
    places = world.places
    lon, lat = world.projection.to_lonlat(places.x_m, places.y_m)
    has_cells = comparison is not None and world.grid is not None
    return {
        "name": world.region.name,
        "background": background(world.region.crs, load_sources(), texts),
        "focus": focus(world, view, chosen),
        "texts": {
            "label": label.format(region=world.region.title),
            "noWebgl": texts.say(
                "This browser cannot draw the map (WebGL is off). The table below holds the same figures."
            ),
            "zoomIn": texts.say("Zoom in"),
            "zoomOut": texts.say("Zoom out"),
            "whole": texts.say("Whole region"),
            "cells": texts.say("Per 100 metres"),
        },
        "places": _collection(
            _place(row, (lon[row.row], lat[row.row]), view, show, texts) for row in view.rows
        ),
        "cells": cell_classes(comparison, view.mode, show, texts) if comparison and has_cells else None,
        "chosen": _rings(world, () if chosen is None else (chosen,)),
        "picked": _rings(world, picked),
        "lines": _collection(
            _feature({"tip": tip, "mark": mark}, "LineString", [list(point) for point in line])
            for mark, tip, line in (*drawn_lines(view, show, texts), ("path", "", drawing))
            if len(line) > 1
        ),
        "drawing": _collection(_point(number, *spot, {}) for number, spot in enumerate((*drawing, *spots))),
        "facilities": _facilities(view, show, texts),
        "hubs": _collection(
            _point(
                number,
                edit.lon_deg,
                edit.lat_deg,
                {
                    "label": edit_title(edit, texts),
                    "tip": f"{edit_title(edit, texts)}\n{edit_detail(edit, texts)}",
                    "facility": edit.facility_id,
                },
            )
            for number, edit in enumerate(view.in_force)
            if edit.action == "hub"
            and edit.lon_deg is not None
            and edit.lat_deg is not None
            and show != "before"
        ),
    }


def with_areas(data: Json, view: ReachView | None, show: Show) -> Json:
    """What `map_data` gives with areas of how far one gets, beside which the places have no colour of their own."""
    if view is None:
        return data
    places = [
        place | {"properties": place["properties"] | {"colour": SAME_COLOUR}}
        for place in data["places"]["features"]
    ]
    return data | {"areas": _areas(view, show), "places": _collection(places)}


def with_rounds(
    data: Json,
    villages: Iterable[tuple[int, float | None, str]],
    rounds: Sequence[tuple[str, tuple[Spot, ...]]],
    base: tuple[Spot, str],
    mode: str,
) -> Json:
    """What `map_data` gives with rounds as lines, their base, and villages with clients in the colour of their minutes.

    Villages are (row of the place, minutes, text), rounds (text, line), the base (where, name); other places step back, and the
    map goes to these.
    """
    known = {row: (minutes, tip) for row, minutes, tip in villages}
    places, spots = [], [base[0], *(point for _, line in rounds for point in line)]
    for place in data["places"]["features"]:
        if place["id"] in known:
            spots.append(place["geometry"]["coordinates"])
        minutes, tip = known.get(place["id"], (None, place["properties"]["tip"]))
        colour = (minute_colour(minutes, mode) or "") if place["id"] in known else SAME_COLOUR
        places.append(place | {"properties": place["properties"] | {"colour": colour, "tip": tip}})
    lines = [
        _feature({"tip": tip, "mark": "path"}, "LineString", [list(point) for point in line])
        for tip, line in rounds
        if len(line) > 1
    ]
    (lon, lat), name = base
    there = _point(0, lon, lat, {"label": name, "tip": name, "facility": ""})
    return data | {
        "places": _collection(places),
        "lines": _collection(lines),
        "hubs": _collection([there]),
        "facilities": _collection([]),
        "focus": around(spots),
    }


def _areas(view: ReachView, show: Show) -> Json:
    return _collection(
        _feature({"colour": colour}, "MultiPolygon", mapping(area)["coordinates"])
        for colour, area in coloured_areas(view, show)
    )


def coloured_areas(view: ReachView, show: Show) -> list[tuple[str, MultiPolygon]]:
    """Areas in the colours of the minutes, or of what is won and lost; empty ones are left out."""
    if show == "difference" and view.is_changed:
        coloured = [(BETTER_COLOURS[1], view.won), (WORSE_COLOURS[1], view.lost)]
    else:
        bands = view.before if show == "before" else view.after
        coloured = list(zip(MINUTE_COLOURS, bands, strict=False))
    return [(colour, area) for colour, area in coloured if not area.is_empty]


def _rings(world: World, rows: Iterable[int]) -> Json:
    """Places with a ring around them."""
    places = world.places
    numbers = list(rows)
    lon, lat = world.projection.to_lonlat(places.x_m[numbers], places.y_m[numbers])
    return _collection(
        _point(row, lon[at], lat[at], {"tip": places.name[row]}) for at, row in enumerate(numbers)
    )


def drawn_lines(view: DesignView, show: Show, texts: Texts) -> list[tuple[str, str, tuple[Spot, ...]]]:
    """What the scenario draws as lines, with its mark in the legend and what it is."""
    return [
        (LINE_MARKS[edit.action], edit_title(edit, texts), line)
        for edit in view.in_force
        for line in edit.lines
        if show != "before"
    ]


def legend(
    view: DesignView, show: Show, texts: Texts, within: ReachView | None = None
) -> tuple[LegendEntry, ...]:
    """Legend of the colours: of the areas where there are some, else of the places."""
    if show == "difference" and (within is None or within.is_changed):
        return difference_legend(texts) if within is None else area_difference_legend(texts)
    return minutes_legend(view.mode, texts)[: None if within is None else len(within.after)]


def marks(view: DesignView, show: Show) -> frozenset[str]:
    """What a scenario puts on the map, of `legend.MARKS`: only what it has."""
    if show == "before":
        return frozenset()
    hubs = {"hub" for edit in view.in_force if edit.action == "hub"}
    return frozenset(hubs | {LINE_MARKS[edit.action] for edit in view.in_force if edit.lines})


def legend_box(view: DesignView, show: Show, texts: Texts, within: ReachView | None = None) -> str:
    """Html of the legend."""
    return legend_html(legend(view, show, texts, within), view.kind, marks(view, show), texts)


def place_colour(row: PlaceRow, mode: str, show: Show) -> str | None:
    """Colour of a place, None for the hatch."""
    if show == "difference":
        return difference_colour(row.before_min, row.after_min)
    return minute_colour(row.before_min if show == "before" else row.after_min, mode)


def _place(row: PlaceRow, at: tuple[float, float], view: DesignView, show: Show, texts: Texts) -> Json:
    """Show a place by its inhabitants; in a map of differences those with a change stand out, the others step back."""
    radius = SMALLEST_PX + PX_PER_ROOT * sqrt(row.inhabitants)
    properties: Json = {
        "inhabitants": row.inhabitants,
        "colour": place_colour(row, view.mode, show) or "",
        "order": -row.inhabitants,
        "tip": tooltip(row, changed=bool(view.edits), texts=texts),
    }
    if show == "difference":
        changes = row.change not in UNCHANGED
        radius *= CHANGED_LARGER if changes else UNCHANGED_SMALLER
        if changes:
            ring = RINGS["better" if row.change in {"shorter", "won"} else "worse"]
            properties |= dict(zip(("ring", "ringDark"), ring, strict=True)) | {"order": row.inhabitants}
    return _point(row.row, *at, properties | {"radius": round(radius, 2)})


def _facilities(view: DesignView, show: Show, texts: Texts) -> Json:
    """Services of the kind, as they stand on the map of now or with the changes; closed ones are crossed out."""
    letter = texts.say(KINDS[view.kind].letter).rpartition("|")[2]
    closed = texts.say("closed")
    features = []
    for number, at in enumerate(view.services_before if show == "before" else view.services_after):
        marks = [mark for mark in (known_from(at.known, texts), closed if at.closed else "") if mark]
        properties = {
            "icon": f"service|{letter}|{'closed' if at.closed else 'open'}",
            "tip": at.name + (f" ({', '.join(marks)})" if marks else ""),
            "facility": at.id,
        }
        features.append(_point(number, at.lon_deg, at.lat_deg, properties))
    return _collection(features)


def _collection(features: Iterable[Json]) -> Json:
    return {"type": "FeatureCollection", "features": list(features)}


def _point(number: int, lon: float, lat: float, properties: Json) -> Json:
    at = [round(float(lon), DECIMALS), round(float(lat), DECIMALS)]
    return {"id": number, **_feature(properties, "Point", at)}


def _feature(properties: Json, shape: str, coordinates: object) -> Json:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": shape, "coordinates": coordinates},
    }
