"""Tables of trips there and back."""

from __future__ import annotations

import numpy as np
import pandas as pd
from msgspec import structs

from accessibility.asked import window_text
from accessibility.round_trips import AppointmentTrips, RoundTrips, Visited
from accessibility.travel_network import Points
from accessibility.world import World
from data.clock import clock_text
from data.columns import Floats, Int32s, Int64s, take
from data.parameters.visits import Visit, load_visits
from scenarios.comparison.report import basis, place_columns, whole

LONG_H = (3, 4)
"""Hours away from home of which the share of departures is told."""


def visit_of(kind: str, stay_min: int | None) -> Visit:
    """Visit to a kind of facility, of so many minutes; of those of its kind where none are said."""
    visit = load_visits().of_kind(kind)
    return visit if stay_min is None else structs.replace(visit, stay_min=stay_min, source="chosen")


def rounds_table(world: World, kind: str, visit: Visit, trips: RoundTrips) -> pd.DataFrame:
    """One row per place: time away when planned best, ordinary and worst, and how often it is long or cannot be done."""
    columns = place_columns(world) | {"kind": kind, "mode": trips.mode.name}
    columns |= _readings(trips)
    columns |= {"facility_id": _most_visited(world, trips.visited)}
    return pd.DataFrame(columns | _basis(world, visit, trips))


def care_table(world: World, base: str, visit: Visit, trips: RoundTrips, villages: Int64s) -> pd.DataFrame:
    """One row per village of `villages`, rows of Places: how long a carer of `base` is away for a visit there."""
    columns: dict[str, object] = {
        name: np.array(column, object)[villages] for name, column in place_columns(world).items()
    }
    columns |= {"base": base, "mode": trips.mode.name}
    return pd.DataFrame(columns | _readings(trips) | _basis(world, visit, trips))


def appointment_table(
    world: World, kind: str, visit: Visit, trips: AppointmentTrips, mode_and_start: tuple[str, int]
) -> pd.DataFrame:
    """One row per place: when to leave for an appointment, and when one is back."""
    mode, start = mode_and_start
    columns = place_columns(world) | {"kind": kind, "mode": mode, "appointment": clock_text(start)}
    columns |= {
        "leave": [_clock(time) for time in trips.departure],
        "home": [_clock(time) for time in trips.home],
        "away_s": whole(trips.tour_s),
        "facility_id": [world.facilities.id[row] if row >= 0 else "" for row in trips.visited],
        "stay_min": visit.stay_min,
        "visit_source": visit.source,
    }
    return pd.DataFrame(columns)


def people_served(tour_s: Floats, people: Int32s, limit_s: float) -> int:
    """Persons in the villages, (V,), for which a carer is away for at most `limit_s` on an ordinary round."""
    return int(people[tour_s <= limit_s].sum(dtype=np.int64))


def villages_visited(world: World, visit: Visit) -> tuple[Visited, Int64s]:
    """All places of the region as places to visit, at any time of the day, and their rows."""
    rows = np.flatnonzero(world.places.in_region)
    places = take(world.places, rows)
    always = ((0, 2 * 86_400),)
    return Visited(
        rows.astype(np.int32), Points(places.x_m, places.y_m), (always,) * len(rows), visit.stay_s
    ), rows


def _readings(trips: RoundTrips) -> dict[str, object]:
    readings: dict[str, object] = {
        f"away_{name}_s": whole(trips.percentile_s(percent))
        for name, percent in (("best", 0), ("ordinary", 50), ("worst", 100))
    }
    readings |= {f"above_{hours}h_share": trips.share_above(hours * 3600).round(4) for hours in LONG_H}
    return readings | {"undone_share": trips.undone_share.round(4)}


def _basis(world: World, visit: Visit, trips: RoundTrips) -> dict[str, object]:
    return {
        **basis(world, trips.mode),
        "departures": window_text(trips.window),
        "stay_min": visit.stay_min,
        "visit_source": visit.source,
    }


def _most_visited(world: World, visited: Int32s) -> list[str]:
    """Facility that most departures of each place go to, "" where none can be done."""
    found = []
    for row in visited:
        facilities, n_times = np.unique(row[row >= 0], return_counts=True)
        found.append(world.facilities.id[facilities[n_times.argmax()]] if len(facilities) else "")
    return found


def _clock(time: float) -> str:
    return clock_text(int(time)) if np.isfinite(time) else ""
