"""The map as a drawing for paper and pictures: the same colours and classes as on the screen, without a browser."""

from __future__ import annotations

from html import escape
from math import cos, radians, sqrt

import numpy as np

from accessibility.world import World
from ui.map.layers import PX_PER_ROOT, SMALLEST_PX, Show, extent, main_roads, place_colour, train_tracks
from ui.map.legend import LegendEntry
from ui.views.design import DesignView

WIDTH = 620
MARGIN = 14
LEGEND_ROW = 19
NAMED_FROM = 1_000
LAND, SEA, ROAD, TRACK, BORDER, INK = "#fbfaf6", "#eceae4", "#d9d3c6", "#6b6f78", "#8f897c", "#20302f"
HATCH = (
    '<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="5" height="5" fill="{LAND}"/><line x1="0" y1="0" x2="0" y2="5" stroke="#5b6b6a" stroke-width="2"/></pattern>'
)


class _Frame:
    """From degrees to points of the drawing."""

    def __init__(self, world: World) -> None:
        self.west, south, east, self.north = extent(world)
        self.squeeze = cos(radians((south + self.north) / 2))
        self.scale = (WIDTH - 2 * MARGIN) / ((east - self.west) * self.squeeze)
        self.height = round((self.north - south) * self.scale + 2 * MARGIN)

    def at(self, lon_deg: float, lat_deg: float) -> tuple[float, float]:
        """Point of the drawing."""
        x = MARGIN + (lon_deg - self.west) * self.squeeze * self.scale
        return round(x, 1), round(MARGIN + (self.north - lat_deg) * self.scale, 1)

    def path(self, points: list[list[float]]) -> str:
        """Points joined by lines."""
        return "M" + "L".join("{} {}".format(*self.at(*point)) for point in points)


def svg_map(world: World, view: DesignView, show: Show, legend: tuple[LegendEntry, ...]) -> str:
    """Draw a map with its legend below."""
    frame = _Frame(world)
    rings = [[list(point) for point in ring] for outline in world.outlines for ring in outline.rings]
    land = "".join(f'<path d="{frame.path(ring)}Z"/>' for ring in rings)
    roads = "".join(f'<path d="{frame.path(line)}"/>' for line in main_roads(world))
    tracks = "".join(f'<path d="{frame.path(line)}"/>' for line in train_tracks(world))
    legend_height = LEGEND_ROW * ((len(legend) + 1) // 2) + 8
    height = frame.height + legend_height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="sans-serif"><defs>{HATCH}<clipPath id="frame"><rect width="{WIDTH}" height="{frame.height}"/></clipPath></defs>'
        f'<g clip-path="url(#frame)"><rect width="{WIDTH}" height="{frame.height}" fill="{SEA}"/>'
        f'<g fill="{LAND}">{land}</g><g fill="none" stroke="{ROAD}" stroke-width=".7">{roads}</g>'
        f'<g fill="none" stroke="{TRACK}" stroke-width="1.1" stroke-dasharray="5 2">{tracks}</g>'
        f'<g fill="none" stroke="{BORDER}" stroke-width=".8" stroke-dasharray="4 2">{land}</g>'
        f"{_places(world, view, show, frame)}{_edits(view, frame)}{_names(world, frame)}</g>"
        f'<g transform="translate(0 {frame.height + 6})">{_legend(legend)}</g></svg>'
    )


def _places(world: World, view: DesignView, show: Show, frame: _Frame) -> str:
    places = world.places
    lon, lat = world.projection.to_lonlat(places.x_m, places.y_m)
    drawn = []
    for row in sorted(view.rows, key=lambda row: -row.inhabitants):
        x, y = frame.at(float(lon[row.row]), float(lat[row.row]))
        radius = 0.72 * (SMALLEST_PX + PX_PER_ROOT * sqrt(row.inhabitants))
        colour = place_colour(row, view.mode, show) or "url(#hatch)"
        drawn.append(f'<circle cx="{x}" cy="{y}" r="{radius:.1f}" fill="{colour}"/>')
    return f'<g stroke="#5b6b6a" stroke-width=".6">{"".join(drawn)}</g>'


def _edits(view: DesignView, frame: _Frame) -> str:
    """Hubs as drops, closed services as crosses, drawn lines as lines."""
    drawn = []
    for edit in view.edits:
        if len(edit.line) > 1:
            path = frame.path([list(point) for point in edit.line])
            drawn.append(f'<path d="{path}" fill="none" stroke="#c2410c" stroke-width="2"/>')
        if edit.lon_deg is None or edit.lat_deg is None:
            continue
        x, y = frame.at(edit.lon_deg, edit.lat_deg)
        if edit.action == "closure":
            drawn.append(
                f'<path d="M{x - 4} {y - 4}L{x + 4} {y + 4}M{x - 4} {y + 4}L{x + 4} {y - 4}" stroke="#c2410c" stroke-width="2"/>'
            )
        else:
            drawn.append(
                f'<path d="M{x} {y}c-3 -5 -6 -7 -6 -11a6 6 0 0 1 12 0c0 4 -3 6 -6 11z" fill="#c2410c" stroke="{LAND}"/>'
            )
    return "".join(drawn)


def _names(world: World, frame: _Frame) -> str:
    places = world.places
    lon, lat = world.projection.to_lonlat(places.x_m, places.y_m)
    taken: list[tuple[float, float]] = []
    said: set[str] = set()
    drawn = []
    for row in np.argsort(-places.inhabitants, kind="stable").tolist():
        name = places.name[row].partition(" \u2013 ")[0]
        x, y = frame.at(float(lon[row]), float(lat[row]))
        crowded = any(abs(x - other_x) < 62 and abs(y - other_y) < 20 for other_x, other_y in taken)
        if not places.in_region[row] or crowded or name in said or places.inhabitants[row] < NAMED_FROM:
            continue
        said.add(name)
        taken.append((x, y))
        drawn.append(f'<text x="{x}" y="{y + 12}">{escape(name)}</text>')
    return (
        f'<g font-size="9" text-anchor="middle" fill="{INK}" stroke="{LAND}" stroke-width="2" paint-order="stroke">'
        f"{''.join(drawn)}</g>"
    )


def _legend(entries: tuple[LegendEntry, ...]) -> str:
    drawn = []
    for number, entry in enumerate(entries):
        x, y = 8 + (number % 2) * WIDTH // 2, (number // 2) * LEGEND_ROW + 8
        drawn.append(
            f'<circle cx="{x + 6}" cy="{y}" r="5.5" fill="{entry.colour or "url(#hatch)"}" stroke="#5b6b6a" stroke-width=".6"/>'
            f'<text x="{x + 18}" y="{y + 4}" font-size="11" fill="{INK}">{escape(entry.text)}</text>'
        )
    return "".join(drawn)
