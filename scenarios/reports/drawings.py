"""Small drawings as SVG text: a map of a region with spots on it, and a scatter plot. Nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import numpy as np

from accessibility.world import World
from data.columns import Floats

WIDTH, HEIGHT = 560, 420
MAIN_ROAD_MPS = 13.0
"""Only roads driven at 47 km/h or more are drawn: enough to recognise the region by."""

BASE = "region"
"""Name within a page of what all its maps share."""


class Dot(NamedTuple):
    """A spot on a map, in degrees, or a point of a plot; its name shows where the pointer rests on it."""

    name: str
    x: float
    y: float


class MapBase:
    """Outlines and main roads of a region, in full in the first map of a page; the others refer to it."""

    def __init__(self, world: World) -> None:
        self._projection = world.projection
        streets, row = world.network.streets, world.network.row("car")
        n_mapped = streets.mapped.n_edges
        mps = streets.speed_mps[row, streets.edge_speed[:n_mapped]].max(axis=1)
        main = np.flatnonzero(mps >= MAIN_ROAD_MPS)
        rings = [np.array(ring, np.float64) for outline in world.outlines for ring in outline.rings]
        outlines = [np.column_stack(self._projection.to_metres(ring[:, 0], ring[:, 1])) for ring in rings]
        places = np.column_stack([world.places.x_m, world.places.y_m])[world.places.in_region]
        self._fit = _Fit(np.concatenate([*outlines, places]) if outlines else places)
        roads = []
        for edge in main.tolist():
            ends = streets.vertex_offset[edge], streets.vertex_offset[edge + 1]
            line = np.column_stack([streets.vertex_x_m[slice(*ends)], streets.vertex_y_m[slice(*ends)]])
            roads.append(self._fit.path(line))
        shapes = "".join(self._fit.path(ring, close=True) for ring in outlines)
        self._svg = (
            f'<g id="{BASE}"><path class="land" d="{shapes}"/><path class="road" d="{"".join(roads)}"/>'
            f'<path class="rim" d="{shapes}"/></g>'
        )

    def draw(self, title: str, spots: Sequence[Dot]) -> str:
        """Map with spots at longitude x and latitude y."""
        lon_lat = np.array([[spot.x, spot.y] for spot in spots], np.float64).reshape(-1, 2)
        xy = self._fit.pixels(np.column_stack(self._projection.to_metres(lon_lat[:, 0], lon_lat[:, 1])))
        dots = "".join(
            f'<circle class="spot" cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{escape(spot.name)}</title></circle>'
            for spot, (x, y) in zip(spots, xy, strict=True)
        )
        base, self._svg = self._svg, f'<use href="#{BASE}"/>'
        return _svg(title, base + dots)


class _Fit:
    """Metres to pixels, north up, the same scale both ways."""

    def __init__(self, xy: Floats) -> None:
        self._low, high = xy.min(axis=0), xy.max(axis=0)
        self._scale = float(min((np.array([WIDTH, HEIGHT]) - 20) / np.maximum(high - self._low, 1.0)))
        self._margin = (np.array([WIDTH, HEIGHT]) - self._scale * (high - self._low)) / 2

    def pixels(self, xy: Floats) -> Floats:
        """(P, 2) pixels from the upper left corner."""
        at: Floats = (xy - self._low) * self._scale + self._margin
        at[:, 1] = HEIGHT - at[:, 1]
        return at

    def path(self, xy: Floats, *, close: bool = False) -> str:
        """One line of a path."""
        steps = " ".join(f"{x:.0f} {y:.0f}" for x, y in self.pixels(xy))
        return f"M{steps}{'Z' if close else ''}"


def scatter(title: str, across: str, up: str, dots: Sequence[Dot]) -> str:
    """Plot of y against x on equal axes from zero, with the line on which they are the same."""
    top = max([1.0, *(max(dot.x, dot.y) for dot in dots)]) * 1.08
    step = next(step for step in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000) if top / step <= 8)
    left, size = 60, HEIGHT - 60

    def at(x: float, y: float) -> tuple[float, float]:
        return left + size * x / top, 20 + size - size * y / top

    parts = []
    for tick in np.arange(0, top, step):
        (x, y), (over, end) = at(tick, 0), at(0, tick)
        parts.append(f'<path class="grid" d="M{x:.1f} 20V{y:.1f}M{left} {end:.1f}H{left + size}"/>')
        parts.append(f'<text x="{x:.1f}" y="{y + 14:.1f}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="{over - 5:.1f}" y="{end + 4:.1f}" text-anchor="end">{tick:g}</text>')
    (x0, y0), (x1, y1) = at(0, 0), at(top, top)
    parts.append(f'<path class="same" d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}"/>')
    for dot in dots:
        x, y = at(dot.x, dot.y)
        parts.append(
            f'<circle class="spot" cx="{x:.1f}" cy="{y:.1f}" r="5"><title>{escape(dot.name)}</title></circle>'
        )
    parts.append(f'<text x="{left + size / 2}" y="{HEIGHT - 6}" text-anchor="middle">{escape(across)}</text>')
    parts.append(
        f'<text transform="translate(16 {20 + size / 2}) rotate(-90)" text-anchor="middle">{escape(up)}</text>'
    )
    return _svg(title, "".join(parts))


def _svg(title: str, inner: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title><style>{STYLE}</style>{inner}</svg>'
    )


STYLE = (
    ".land{fill:#f3f1ea}.road{fill:none;stroke:#c9c3b4;stroke-width:.8}.rim{fill:none;stroke:#6b6658;stroke-width:1.2}"
    ".spot{fill:#b3261e;fill-opacity:.65;stroke:#fff;stroke-width:.8}.grid{stroke:#ddd;fill:none}"
    ".same{stroke:#666;stroke-dasharray:5 4;fill:none}text{font:12px sans-serif;fill:#333}"
)
