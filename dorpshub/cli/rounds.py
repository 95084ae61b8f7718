"""The verb `rounds`: trips there and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from accessibility.asked import check_known, place_row
from accessibility.origins import place_origins
from accessibility.round_trips import (
    Visited,
    appointment_trips,
    facilities_visited,
    round_trips,
    round_trips_to_each,
    told_hours,
)
from accessibility.travel_network import Points
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.build_report import N_EXAMPLES
from data.clock import parse_clock
from data.errors import InputError
from data.parameters.visits import Visit
from dorpshub.cli import typed
from dorpshub.cli.choices import DAY_END
from dorpshub.cli.options import tell_renamed, write_result
from dorpshub.cli.source import Source, basis
from network.transit.departures import Window
from scenarios.comparison.report import about
from scenarios.measures.round_trips import (
    appointment_table,
    care_table,
    people_served,
    rounds_table,
    villages_visited,
    visit_of,
)

LONG_S = (3 * 3600, 4 * 3600)


def rounds(
    source: Source,
    kind: str,
    mode: str,
    window: str,
    depart: str,
    window_min: int | None,
    until: str | None,
    stay_min: int | None,
    appointment: str | None,
    base: str | None,
    out: Path,
) -> None:
    """Trips there and back: how long people are away from home, the visit within opening hours included."""
    if base and appointment:
        raise InputError("Ask either for --appointment or for visits --from-base.")
    if until:
        tell_renamed("--until", "--window-min")
    leaving = typed.window(window, depart, window_min, until or DAY_END)
    kind, world = typed.kind(kind), source.world()
    by, visit = typed.mode(mode, world), visit_of(kind, stay_min)
    hours_told: tuple[str, ...] = ()
    if base:
        table, told = _care(world, by, visit, leaving, base)
    else:
        check_known(world, kind)
        hours = (world.facilities, kind, visit, world.region.service_date, world.region.holidays)
        visited, hours_told = facilities_visited(*hours), told_hours(*hours)
        table, told = _visits(world, (kind, by), (visit, visited), leaving, appointment)
    name = "care" if base else "appointment" if appointment is not None else "rounds"
    write_result(out, table, about(world, name))
    source.tell([*_some_of(hours_told), f"{told} Place by place in {out}. {basis(world)}"])


def _some_of(hours_told: tuple[str, ...]) -> list[str]:
    """The first lines about opening hours, and how many more there are."""
    more = len(hours_told) - N_EXAMPLES
    return [*hours_told[:N_EXAMPLES], *([f"And {more} more such hours."] if more > 0 else [])]


def _visits(
    world: World,
    what: tuple[str, TravelMode],
    visits: tuple[Visit, Visited],
    window: Window,
    appointment: str | None,
) -> tuple[pd.DataFrame, str]:
    """Table and sentence of the visits of all inhabitants."""
    (kind, mode), (visit, visited), places = what, visits, world.places
    inside = np.flatnonzero(places.in_region)
    people = places.inhabitants[inside]
    if appointment is not None:
        start = parse_clock(appointment)
        kept = appointment_trips(world.network, mode, place_origins(places).points, visited, start)
        tour_s = kept.tour_s[inside]
        table = appointment_table(world, kind, visit, kept, (mode.name, start))
    else:
        trips = round_trips(world.network, mode, place_origins(places).points, visited, window)
        tour_s = trips.percentile_s(50)[inside]
        table = rounds_table(world, kind, visit, trips)
    above = [int(people[np.isfinite(tour_s) & (tour_s > limit_s)].sum()) for limit_s in LONG_S]
    undone = int(people[np.isinf(tour_s)].sum())
    told = (
        f"{kind} by {mode.name}, {visit.stay_min} min there: away more than 3 hours for {above[0]:,} of {int(people.sum()):,} "
        f"inhabitants, more than 4 for {above[1]:,}; cannot be done for {undone:,}."
    )
    return table, told


def _care(
    world: World, mode: TravelMode, visit: Visit, window: Window, base: str
) -> tuple[pd.DataFrame, str]:
    """Table and sentence of a carer's visits."""
    row = place_row(world, base)
    start = Points(world.places.x_m[[row]], world.places.y_m[[row]])
    visited, rows = villages_visited(world, visit)
    trips = round_trips_to_each(world.network, mode, start, visited, window)
    ordinary_s, people = trips.percentile_s(50), world.places.inhabitants[rows]
    served = people_served(ordinary_s, people, 2 * 3600)
    told = (
        f"From {world.places.name[row]} by {mode.name}, {visit.stay_min} min there: back within 2 hours from villages with "
        f"{served:,} of {int(people.sum()):,} inhabitants."
    )
    return care_table(world, world.places.id[row], visit, trips, rows), told
