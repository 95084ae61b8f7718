"""What the map and its table show of how far one gets, as plain frozen values: people and areas within some minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from accessibility.asked import targets_named
from accessibility.reach.areas import Areas
from accessibility.reach.reach import Reach, Side, reach
from accessibility.reach.times import Direction, Ground
from accessibility.travel_network import Points
from accessibility.world import World
from data.errors import InputError
from data.files.areas import in_degrees
from network.transit.departures import Window
from ui.views.design import Basis, as_departures, basis_of

MOST_PIXELS = 400_000
"""Of the canvas of a page: what is drawn of a whole region stays below a megabyte."""
NEAR_M = 1_000.0
"""A click further than this from any hub, service or village means none of them."""


@dataclass(frozen=True, slots=True)
class ReachRow:
    """Who lives within so many minutes: all, and those of 75 and older."""

    within_min: int
    before: int
    after: int
    before_75plus: int
    after_75plus: int


@dataclass(frozen=True, slots=True)
class ReachView:
    """How far people come to one place, or get from it, before and after; areas are shapely ones in degrees.

    Attributes
    ----------
    name
        Of the hub, service or village.
    reading
        *best*, *ordinary*, *worst*, a clock time, or "" where no departure is waited for.
    rows
        One per limit, rising.
    before, after
        Land within each limit but not within the one before it.
    won, lost
        Land that came to be within `limit_min`, and that no longer is.
    is_there
        Whether the place is there before, and after.

    """

    name: str
    direction: Direction
    mode: str
    reading: str
    rows: tuple[ReachRow, ...]
    before: tuple[shapely.MultiPolygon, ...]
    after: tuple[shapely.MultiPolygon, ...]
    limit_min: int
    won: shapely.MultiPolygon
    lost: shapely.MultiPolygon
    is_changed: bool
    is_there: tuple[bool, bool]
    basis: Basis

    @property
    def row(self) -> ReachRow:
        """The row of `limit_min`."""
        return next(row for row in self.rows if row.within_min == self.limit_min)


def reach_view(
    worlds: tuple[World, World],
    grounds: tuple[Ground, Ground],
    direction: Direction,
    target: str,
    window: Window,
    reading: str,
    breaks_min: Sequence[int],
    limit_min: int,
) -> ReachView:
    """Work out how far people come to a facility or place, by its id, or get from it, in one of the readings.

    Parameters
    ----------
    worlds, grounds
        Before and after the changes, and what `accessibility.reach.times.ground_of` makes of them.
    target
        Id; where one side has no such facility nobody reaches it there. InputError where neither has.
    window, reading
        Departures, one or more; of several the reading wanted.
    breaks_min, limit_min
        Ends of the bands that are drawn, and the limit that is told.

    """
    found = [_named(world, target) for world in worlds]
    names = [name for name, _ in found if name]
    if not names:
        targets_named(worlds[0], target)
    sides = [Side(world, ground, at) for world, ground, (_, at) in zip(worlds, grounds, found, strict=True)]
    limits_min = sorted({*breaks_min, limit_min})
    same = worlds[0] is worlds[1]
    every = reach(
        sides[:1] if same else sides, direction, window, [60 * limit for limit in limits_min], MOST_PIXELS
    )
    before, after = (_of_reading(of_side, reading) for of_side in (every[0], every[-1]))
    chosen, drawn = limits_min.index(limit_min), [limits_min.index(limit) for limit in breaks_min]
    projection = worlds[0].projection
    bands_before = tuple(in_degrees(_bands(before.areas[drawn]), projection))
    bands_after, won, lost = bands_before, shapely.MultiPolygon(), shapely.MultiPolygon()
    if not same:
        bands_after = tuple(in_degrees(_bands(after.areas[drawn]), projection))
        one, other = before.areas[chosen], after.areas[chosen]
        won, lost = in_degrees(np.array([_land(other, one), _land(one, other)]), projection)
    now, then = before.within, after.within
    counts = zip(limits_min, now.people, then.people, now.people_75plus, then.people_75plus, strict=True)
    return ReachView(
        name=names[-1],
        direction=direction,
        mode=grounds[0].mode.name,
        reading=before.reading,
        rows=tuple(ReachRow(*map(int, row)) for row in counts),
        before=bands_before,
        after=bands_after,
        limit_min=limit_min,
        won=won,
        lost=lost,
        is_changed=not same,
        is_there=(bool(found[0][0]), bool(found[1][0])),
        basis=as_departures(basis_of(worlds[1], grounds[0].mode.name)),
    )


def _named(world: World, target: str) -> tuple[str, Points]:
    """Name and point, "" and none where this world has no such facility."""
    try:
        names, points = targets_named(world, target)
    except InputError:
        return "", Points(np.empty(0), np.empty(0))
    return names[0], points


def _of_reading(found: tuple[Reach, ...], reading: str) -> Reach:
    return next((one for one in found if one.reading == reading), found[0])


def _bands(areas: Areas) -> Areas:
    """Each area without the one before it."""
    bands = [areas[0], *(_land(larger, smaller) for smaller, larger in pairwise(areas))]
    return np.array(bands, object)


def _land(of: shapely.MultiPolygon, without: shapely.MultiPolygon) -> shapely.MultiPolygon:
    rest = shapely.difference(of, without)
    return shapely.MultiPolygon([part for part in shapely.get_parts(rest) if part.geom_type == "Polygon"])


def target_at(world: World, kind: str, lon_deg: float, lat_deg: float) -> str:
    """Id of the hub, service of a kind or village nearest to a point; "" where none is within `NEAR_M`."""
    facilities, places = world.facilities, world.places
    rows = [row for row, of in enumerate(facilities.kind) if of in {kind, "hub"}]
    ids = [*(facilities.id[row] for row in rows), *places.id]
    x_m = np.concatenate([facilities.x_m[rows], places.x_m])
    y_m = np.concatenate([facilities.y_m[rows], places.y_m])
    (at_x,), (at_y,) = world.projection.to_metres(np.array([lon_deg]), np.array([lat_deg]))
    off_m = np.hypot(x_m - at_x, y_m - at_y)
    return ids[int(off_m.argmin())] if ids and off_m.min() <= NEAR_M else ""


def target_names(world: World, kind: str) -> dict[str, str]:
    """Names by id of what can be asked about: hubs, services of a kind, and the villages of the region."""
    facilities, places = world.facilities, world.places
    found: dict[str, str] = {}
    for of in dict.fromkeys(("hub", kind)):
        rows = [row for row, other in enumerate(facilities.kind) if other == of]
        found |= {
            facilities.id[row]: facilities.name[row]
            for row in sorted(rows, key=lambda row: facilities.name[row])
        }
    rows = sorted(np.flatnonzero(places.in_region).tolist(), key=lambda row: places.name[row])
    return found | {places.id[row]: places.name[row] for row in rows}
