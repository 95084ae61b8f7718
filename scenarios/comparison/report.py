"""Tables of results for people and programs, each row with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from accessibility.asked import window_text
from accessibility.indicators import worst_served
from accessibility.nearest_times import PERCENTS, NearestTimes
from accessibility.travel_times import TravelMode
from accessibility.world import NOT_IN_DATA, World
from data.columns import Floats, Int64s, Strings
from data.files.long_table import Column, LongTable, long_table, stacked_tables, whole_numbers
from data.metadata.about import About, Credit, made_by
from data.places import Facilities
from scenarios.comparison.compare import Comparison, Outcome

if TYPE_CHECKING:
    import pandas as pd

Cells: TypeAlias = dict[str, Any]
"""Columns by name, of a data frame or of `data.files.long_table.long_table`; one value for those that say the same in all rows."""
REGION = "region"
"""What the whole of it is called among the areas of a table."""


def times_table(world: World, results: Sequence[Outcome]) -> LongTable:
    """One row per place, kind and mode; an unreached place keeps its row with an empty time and a reason."""
    places = dict(long_table(place_columns(world)).columns)
    return stacked_tables([_times_rows(world, places, result) for result in results])


def _times_rows(world: World, places: Mapping[str, Column], result: Outcome) -> LongTable:
    times, mode, n_places = result.times, result.times.mode, len(result.times.seconds)
    columns: Cells = {**places, "kind": times.kind, "mode": mode.name}
    columns |= _facility_columns("facility", world.facilities, times)
    columns |= {"travel_time_s": whole_numbers(times.seconds), "street_m": whole_numbers(times.metres)}
    for column, percent in enumerate(PERCENTS):
        values = times.percentiles_s[:, column] if mode.is_timed else np.full(n_places, np.inf)
        columns[f"travel_time_p{percent:.0f}_s"] = whole_numbers(values)
    for name, values in (("well_planned", times.planned_s), ("just_missed", times.missed_s)):
        of_mode = values if mode.is_timed else np.full(n_places, np.inf)
        columns[f"travel_time_{name}_s"] = whole_numbers(of_mode)
    columns["served_share"] = times.served_share if result.known else np.full(n_places, np.nan)
    columns["n_draws"] = np.full(n_places, times.n_samples, np.int64)
    columns["reason"] = result.reason
    return long_table(columns | basis(world, mode))


def comparison_columns(
    before: World, after: World, places: Mapping[str, Column], comparison: Comparison
) -> Cells:
    """Columns of one kind and mode, a row per place: before, after, difference; `places` says which place each row is."""
    old, new = comparison.before, comparison.after
    columns: Cells = {**places, "kind": old.times.kind, "mode": old.times.mode.name}
    columns |= {
        "before_s": whole_numbers(old.times.seconds),
        "after_s": whole_numbers(new.times.seconds),
        "difference_s": whole_numbers(comparison.difference_s),
    }
    columns |= _facility_columns("before_facility", before.facilities, old.times)
    columns |= _facility_columns("after_facility", after.facilities, new.times)
    columns |= {"before_reason": old.reason, "after_reason": new.reason}
    return columns | basis(before, old.times.mode)


def basis(world: World, mode: TravelMode) -> Cells:
    """What a figure rests on: traveller, service date and window where public transport counts, modelled layers."""
    used = ["streets", "places", "facilities", *(["timetable"] if mode.rides else [])]
    modelled = [layer for layer in used if world.region.is_modelled(layer)]
    if mode.on_demand and any(service.assumed for service in world.network.on_demand.services):
        modelled.append("on_demand")
    return {
        "traveller": world.traveller.id,
        "service_date": world.region.service_date.isoformat() if mode.is_timed else "",
        "window": window_text(world.window) if mode.is_timed else "",
        "modelled_layers": ";".join(modelled),
    }


def about(world: World, table: str) -> About:
    """What a file of results says of itself, of a world as it is, but for its scenarios."""
    region = world.region
    return About(
        table=table,
        region=region.title,
        crs=region.crs,
        program=made_by(),
        basis=(
            ("traveller", world.traveller.id),
            ("service date", region.service_date.isoformat()),
            ("window", window_text(world.window)),
        ),
        credits=tuple(Credit(of.layer, of.origin, of.source, of.date, of.licence) for of in region.layers),
    )


def whole(values: Floats) -> pd.arrays.IntegerArray:
    """Whole numbers of a data frame, empty where the value is infinite."""
    import pandas as pd  # noqa: PLC0415 -- takes a second, and tables of columns do without

    return pd.arrays.IntegerArray(*whole_numbers(values))


def areas(world: World) -> dict[str, Int64s]:
    """Rows of the residents of the region, and of each of its municipalities by name."""
    residents, names = world.residents, np.array([*world.places.municipality, ""], dtype=np.str_)
    of_resident = names[residents.place]
    inside = residents.in_region
    found = {REGION: np.flatnonzero(inside)}
    for name in np.unique(of_resident[inside]).tolist():
        if name:
            found[name] = np.flatnonzero(inside & (of_resident == name))
    return found


def place_columns(world: World) -> Cells:
    """Columns that say which place a row is about, a row for each place."""
    places = world.places
    lon_deg, lat_deg = world.projection.to_lonlat(places.x_m, places.y_m)
    return {
        "place_id": places.id,
        "place": places.name,
        "municipality": places.municipality,
        "in_region": places.in_region,
        "inhabitants": places.inhabitants,
        "lon": lon_deg.round(5),
        "lat": lat_deg.round(5),
    }


def _facility_columns(prefix: str, facilities: Facilities, times: NearestTimes) -> Cells:
    reached = times.facility.tolist()

    def of(column: Strings) -> list[str]:
        return [column[row] if row >= 0 else "" for row in reached]

    return {f"{prefix}_id": of(facilities.id), prefix: of(facilities.name)}


def totals_line(comparison: Comparison, limit_s: float) -> str:
    """Inhabitants within the limit, mean, those who reach none, the worst served: before and after."""
    before, after = comparison.before, comparison.after
    if not comparison.known:
        return f"{after.times.kind} by {after.times.mode.name}: unknown, as it is {NOT_IN_DATA}"
    old, new = before.totals(limit_s), after.totals(limit_s)
    inside = np.flatnonzero(after.places.in_region)
    worst = inside[worst_served(after.times.seconds[inside], after.places.inhabitants[inside], 3)]
    names = ", ".join(f"{after.places.name[row]} ({minutes(after.times.seconds[row])})" for row in worst)
    return (
        f"{after.times.kind} by {after.times.mode.name}: {new.people_within:,} of {new.people:,} inhabitants within "
        f"{limit_s / 60:g} min (before {old.people_within:,}); mean {minutes(new.mean_s)} (before "
        f"{minutes(old.mean_s)}); not reached by {new.people_unreached:,} (before {old.people_unreached:,}); "
        f"worst served: {names}"
    )


def minutes(seconds: float) -> str:
    """Minutes with one decimal, or the words for not reached."""
    return f"{seconds / 60:.1f} min" if np.isfinite(seconds) else "not reached"
