"""The map as a drawing for paper and pictures: the same colours and classes as on the screen, without a browser.

It looks at what matters, as the map on the screen does at first; near enough, all streets and the names of all places are drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import cos, radians, sqrt
from typing import TypeAlias

import numpy as np
import shapely

from accessibility.world import World
from ui.map.focus import focus
from ui.map.layers import (
    PX_PER_ROOT,
    SMALLEST_PX,
    Show,
    coloured_areas,
    drawn_lines,
    extent,
    legend,
    marks,
    place_colour,
    train_tracks,
)
from ui.map.legend import MARKS, SAME_COLOUR
from ui.views.design import DesignView
from ui.views.reach import ReachView
from ui.words.i18n import Texts
from ui.words.words import KINDS

Line: TypeAlias = Sequence[Sequence[float]]
Entries: TypeAlias = list[tuple[str, str]]
"""Of a legend: what is drawn around the origin, and what it means."""
WIDTH, HEIGHT, MARGIN = 620, 400, 14
LEGEND_ROW = 19
NAMED_FROM = 1_000
NEAR_KM = 30.0
"""What is narrower than this is drawn with all streets, letters of services and names of places."""
MAIN_ROAD_MPS = 60 / 3.6
KM_PER_DEGREE = 111.32
FONT = "Libertinus Serif"
"""Of those that come with typst."""
LAND, SEA, ROAD, TRACK, BORDER, INK, RING = (
    "#fbfaf6", "#eceae4", "#d9d3c6", "#6b6f78", "#8f897c", "#20302f", "#5b6b6a",
)  # fmt: skip
MARK_COLOURS = {
    "hub": "#c2410c",
    "path": "#7a3ea1",
    "line": "#a3195b",
    "closed": "#c81e1e",
    "limit": "#8a6100",
}
"""Of `legend.MARKS`, as on the screen."""
HATCH = (
    '<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="5" height="5" fill="{LAND}"/><line x1="0" y1="0" x2="0" y2="5" stroke="{RING}" stroke-width="2"/></pattern>'
)
HUB = "c-3 -5 -6 -7 -6 -11a6 6 0 0 1 12 0c0 4 -3 6 -6 11z"


class Frame:
    """A box of degrees on a drawing of `WIDTH` by `HEIGHT`, as much larger as it must be to fill that."""

    def __init__(self, west: float, south: float, east: float, north: float) -> None:
        squeeze = cos(radians((south + north) / 2))
        scale = min((WIDTH - 2 * MARGIN) / ((east - west) * squeeze), (HEIGHT - 2 * MARGIN) / (north - south))
        self.scale = np.array([squeeze * scale, scale])
        """Pixels per degree of longitude and latitude."""
        self.middle = np.array([west + east, south + north]) / 2
        half = np.array([WIDTH, HEIGHT]) / 2 / self.scale
        self.west, self.south, self.east, self.north = map(
            float, (*(self.middle - half), *(self.middle + half))
        )
        self.is_near = bool(2 * half[0] * squeeze * KM_PER_DEGREE < NEAR_KM)

    def at(self, lon_deg: float, lat_deg: float) -> tuple[float, float]:
        """Point of the drawing."""
        x, y = (np.array([lon_deg, lat_deg]) - self.middle) * self.scale * (1, -1)
        return round(float(x) + WIDTH / 2, 1), round(float(y) + HEIGHT / 2, 1)

    def holds(self, lon_deg: float, lat_deg: float) -> bool:
        """Whether a point lies on the drawing."""
        return self.west <= lon_deg <= self.east and self.south <= lat_deg <= self.north

    def path(self, points: Line) -> str:
        """Points joined by lines, those beside each other left out."""
        xy = (np.asarray(points, np.float64) - self.middle) * self.scale * (1, -1)
        xy = np.round(xy + np.array([WIDTH, HEIGHT]) / 2, 1)
        moved = np.append(True, (np.diff(xy, axis=0) != 0).any(axis=1))
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in xy[moved].tolist())


def svg_map(
    world: World,
    view: DesignView,
    show: Show,
    texts: Texts,
    *,
    chosen: int | None = None,
    within: ReachView | None = None,
    with_legend: bool = True,
) -> str:
    """Draw the map of a page.

    Parameters
    ----------
    world, view, show, texts
        As `layers.map_data`.
    chosen
        Row of the place with a ring around it, None for none.
    within
        Areas of how far one gets, beside which the places have no colour of their own.
    with_legend
        Whether the legend stands below it.

    """
    frame = Frame(*_box(world, view, chosen, within))
    rings = [[list(point) for point in ring] for outline in world.outlines for ring in outline.rings]
    land = _paths(frame, rings, "Z")
    main, others = roads(world, frame)
    entries = legend_entries(view, show, texts, marks(view, show), within) if with_legend else []
    return _svg(
        HEIGHT + _height(entries),
        f'<clipPath id="frame"><rect width="{WIDTH}" height="{HEIGHT}"/></clipPath>'
        f'<g clip-path="url(#frame)"><rect width="{WIDTH}" height="{HEIGHT}" fill="{SEA}"/>'
        f'<g fill="{LAND}">{land}</g>{_areas(within, show, frame)}'
        f'<g fill="none" stroke="{ROAD}"><g stroke-width=".5">{_paths(frame, others)}</g>'
        f'<g stroke-width="{2 if frame.is_near else 0.7}">{_paths(frame, main)}</g></g>'
        f'<g fill="none" stroke="{TRACK}" stroke-width="1.1" stroke-dasharray="5 2">{_paths(frame, train_tracks(world))}</g>'
        f'<g fill="none" stroke="{BORDER}" stroke-width=".8" stroke-dasharray="4 2">{land}</g>'
        f"{_places(world, view, show, frame, chosen, plain=within is not None)}{_lines(view, show, texts, frame)}"
        f"{_services(view, show, texts, frame)}{_names(world, frame, chosen)}{_hubs(view, show, frame)}</g>"
        f'<g transform="translate(0 {HEIGHT + 6})">{_placed(entries)}</g>',
    )


def svg_legend(entries: Entries) -> str:
    """Draw a legend by itself, of several maps."""
    return _svg(_height(entries), _placed(entries))


def _svg(height: int, inner: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="{FONT}"><defs>{HATCH}</defs>{inner}</svg>'
    )


def _height(entries: Entries) -> int:
    return LEGEND_ROW * ((len(entries) + 1) // 2) + (8 if entries else 0)


def _box(
    world: World, view: DesignView, chosen: int | None, within: ReachView | None
) -> tuple[float, float, float, float]:
    """What matters, in degrees: where the map of the page looks at first, with the areas of how far one gets."""
    looked_at = focus(world, view, chosen)
    west, south, east, north = extent(world) if looked_at is None else looked_at["bounds"]
    areas = [] if within is None else [area for area in (*within.before, *within.after) if not area.is_empty]
    if areas:
        corners = np.array([[west, south, east, north], *(area.bounds for area in areas)])
        west, south = corners[:, :2].min(axis=0)
        east, north = corners[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def roads(world: World, frame: Frame) -> tuple[list[Line], list[Line]]:
    """Lines (longitude, latitude) of the streets on which a car goes fast, and near enough of all others for cars."""
    streets = world.network.streets.mapped
    (west, east), (south, north) = world.projection.to_metres(
        np.array([frame.west, frame.east]), np.array([frame.south, frame.north])
    )
    speed_mps = streets.speed_mps[world.network.row("car")].max(axis=1)[streets.edge_speed]
    least_mps = 1.0 if frame.is_near else MAIN_ROAD_MPS
    edges = np.flatnonzero(streets.touching(west, south, east, north) & (speed_mps >= least_mps))
    first = streets.vertex_offset
    main: list[Line] = []
    others: list[Line] = []
    for edge in edges.tolist():
        vertices = slice(first[edge], first[edge + 1])
        lon_lat = world.projection.to_lonlat(streets.vertex_x_m[vertices], streets.vertex_y_m[vertices])
        (main if speed_mps[edge] >= MAIN_ROAD_MPS else others).append(np.column_stack(lon_lat).tolist())
    return main, others


def _paths(frame: Frame, lines: Iterable[Line], end: str = "") -> str:
    return "".join(f'<path d="{frame.path(line)}{end}"/>' for line in lines)


def _areas(within: ReachView | None, show: Show, frame: Frame) -> str:
    """Areas of how far one gets, their holes left out."""
    if within is None:
        return ""
    drawn = []
    for colour, area in coloured_areas(within, show):
        rings = [ring for part in shapely.get_parts(area) for ring in (part.exterior, *part.interiors)]
        path = "".join(f"{frame.path(shapely.get_coordinates(ring).tolist())}Z" for ring in rings)
        drawn.append(f'<path d="{path}" fill="{colour}" fill-rule="evenodd"/>')
    return f'<g fill-opacity=".75">{"".join(drawn)}</g>'


def _places(
    world: World, view: DesignView, show: Show, frame: Frame, chosen: int | None, *, plain: bool
) -> str:
    places = world.places
    lon, lat = world.projection.to_lonlat(places.x_m, places.y_m)
    drawn = []
    for row in sorted(view.rows, key=lambda row: -row.inhabitants):
        x, y = frame.at(float(lon[row.row]), float(lat[row.row]))
        size = 1.3 if frame.is_near else 0.3 if plain else 0.72
        radius = size * (SMALLEST_PX + PX_PER_ROOT * sqrt(row.inhabitants))
        colour = SAME_COLOUR if plain else place_colour(row, view.mode, show) or "url(#hatch)"
        drawn.append(f'<circle cx="{x}" cy="{y}" r="{radius:.1f}" fill="{colour}"/>')
    if chosen is not None:
        x, y = frame.at(float(lon[chosen]), float(lat[chosen]))
        drawn.append(
            f'<circle cx="{x}" cy="{y}" r="13" fill="none" stroke="{MARK_COLOURS["hub"]}" stroke-width="2.5"/>'
        )
    return f'<g stroke="{RING}" stroke-width=".6">{"".join(drawn)}</g>'


def _services(view: DesignView, show: Show, texts: Texts, frame: Frame) -> str:
    """Services of the kind as squares with its letter, or as dots from far; closed ones crossed out."""
    letter = texts.say(KINDS[view.kind].letter).rpartition("|")[2]
    drawn = []
    for at in view.services_before if show == "before" else view.services_after:
        if not frame.holds(at.lon_deg, at.lat_deg):
            continue
        x, y = frame.at(at.lon_deg, at.lat_deg)
        if frame.is_near:
            drawn.append(_letter(x + 7, y - 7, letter))
        else:
            drawn.append(
                f'<circle cx="{x}" cy="{y}" r="1.6" fill="{INK}" stroke="{LAND}" stroke-width=".6"/>'
            )
        if at.closed:
            x, y = (x + 7, y - 7) if frame.is_near else (x, y)
            drawn.append(
                f'<path d="M{x - 6:g} {y - 6:g}l12 12m0 -12l-12 12" stroke="{MARK_COLOURS["closed"]}" stroke-width="2"/>'
            )
    return "".join(drawn)


def _letter(x: float, y: float, letter: str) -> str:
    return (
        f'<rect x="{x - 6:g}" y="{y - 6:g}" width="12" height="12" rx="2.5" fill="{LAND}" stroke="{INK}"/>'
        f'<text x="{x:g}" y="{y + 3.5:g}" font-size="10" font-weight="bold" text-anchor="middle" fill="{INK}">{escape(letter)}</text>'
    )


def _lines(view: DesignView, show: Show, texts: Texts, frame: Frame) -> str:
    """New paths, new lines, streets that are closed or get another limit, each in its colour on a pale ground."""
    paths = [(mark, frame.path(line)) for mark, _, line in drawn_lines(view, show, texts) if len(line) > 1]
    casings = "".join(f'<path d="{path}" stroke="{LAND}" stroke-width="4.5"/>' for _, path in paths)
    lines = "".join(
        f'<path d="{path}" stroke="{MARK_COLOURS[mark]}" stroke-width="2.6"/>' for mark, path in paths
    )
    return f'<g fill="none" stroke-linecap="round" stroke-linejoin="round">{casings}{lines}</g>'


def _hubs(view: DesignView, show: Show, frame: Frame) -> str:
    """Hubs of the scenario as pins."""
    drawn = []
    for edit in view.in_force:
        if (
            edit.action == "hub"
            and edit.lon_deg is not None
            and edit.lat_deg is not None
            and show != "before"
        ):
            x, y = frame.at(edit.lon_deg, edit.lat_deg)
            drawn.append(f'<path d="M{x} {y}{HUB}" fill="{MARK_COLOURS["hub"]}" stroke="{LAND}"/>')
    return "".join(drawn)


def _names(world: World, frame: Frame, chosen: int | None) -> str:
    """Names of the largest places first, those that find room; the chosen one always, in bold."""
    places = world.places
    lon, lat = world.projection.to_lonlat(places.x_m, places.y_m)
    taken: list[tuple[float, float]] = []
    said: set[str] = set()
    drawn = []
    rows = [row for row in np.argsort(-places.inhabitants, kind="stable").tolist() if row != chosen]
    for row in (*(() if chosen is None else (chosen,)), *rows):
        at = float(lon[row]), float(lat[row])
        name = places.name[row].partition(" \u2013 ")[0]
        x, y = frame.at(*at)
        crowded = any(abs(x - other_x) < 62 and abs(y - other_y) < 20 for other_x, other_y in taken)
        small = places.inhabitants[row] < NAMED_FROM and not frame.is_near
        if not frame.holds(*at) or not places.in_region[row] or crowded or name in said:
            continue
        if small and row != chosen:
            continue
        said.add(name)
        taken.append((x, y))
        look = ' font-weight="bold"' if row == chosen else ""
        low = 24 if row == chosen else 12
        drawn.append(f'<text x="{x}" y="{y + low:g}"{look}>{escape(name)}</text>')
    size = 11 if frame.is_near else 9
    return (
        f'<g font-size="{size}" text-anchor="middle" fill="{INK}" stroke="{LAND}" stroke-width="2" paint-order="stroke">'
        f"{''.join(drawn)}</g>"
    )


def legend_entries(
    view: DesignView, show: Show, texts: Texts, names: frozenset[str], within: ReachView | None = None
) -> Entries:
    """What stands in a legend with some of `legend.MARKS`."""
    found = [
        (
            f'<circle r="5.5" fill="{entry.colour or "url(#hatch)"}" stroke="{RING}" stroke-width=".6"/>',
            entry.text,
        )
        for entry in legend(view, show, texts, within)
    ]
    letter = texts.say(KINDS[view.kind].letter).rpartition("|")[2]
    found.append((_letter(0, 0, letter), texts.say(KINDS[view.kind].label)))
    for name in sorted(names):
        sign = f'<path d="M-7 0H7" stroke="{MARK_COLOURS[name]}" stroke-width="3"/>'
        if name == "hub":
            sign = f'<path d="M0 7{HUB}" fill="{MARK_COLOURS[name]}"/>'
        found.append((sign, texts.say(MARKS[name][1])))
    return found


def _placed(entries: Entries) -> str:
    drawn = []
    for number, (sign, words) in enumerate(entries):
        x, y = 14 + (number % 2) * WIDTH // 2, (number // 2) * LEGEND_ROW + 8
        drawn.append(
            f'<g transform="translate({x} {y})">{sign}</g>'
            f'<text x="{x + 14}" y="{y + 4}" font-size="11" fill="{INK}">{escape(words)}</text>'
        )
    return "".join(drawn)
