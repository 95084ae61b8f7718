"""Tables of results for people and programs, each row with what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from accessibility.indicators import worst_served
from accessibility.od_matrix import OdTimes
from accessibility.place_times import PERCENTS, PlaceTimes
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.clock import clock_text
from data.columns import Floats, Strings
from data.places import Facilities
from data.region import Region
from scenarios.evaluate import Comparison


def times_table(world: World, results: Sequence[tuple[TravelMode, PlaceTimes]]) -> pd.DataFrame:
    """One row per place, kind and mode; an unreached place keeps its row with an empty time and a reason."""
    return pd.concat([_times_rows(world, mode, times) for mode, times in results], ignore_index=True)


def _times_rows(world: World, mode: TravelMode, times: PlaceTimes) -> pd.DataFrame:
    columns: dict[str, object] = _place_columns(world)
    columns |= {"kind": times.kind, "mode": times.mode}
    columns |= _facility_columns("facility", world.facilities, times)
    columns |= {"travel_time_s": whole(times.seconds), "street_m": whole(times.metres)}
    for column, percent in enumerate(PERCENTS):
        values = times.percentiles_s[:, column] if mode.rides else np.full(len(times.seconds), np.inf)
        columns[f"travel_time_p{percent:.0f}_s"] = whole(values)
    columns["served_share"] = times.served_share
    columns["reason"] = times.reason
    return pd.DataFrame(columns | basis(world.region, mode))


def comparison_table(
    before: World, after: World, results: Sequence[tuple[TravelMode, Comparison]]
) -> pd.DataFrame:
    """One row per place, kind and mode: before, after, difference."""
    return pd.concat(
        [_comparison_rows(before, after, mode, comparison) for mode, comparison in results], ignore_index=True
    )


def _comparison_rows(before: World, after: World, mode: TravelMode, comparison: Comparison) -> pd.DataFrame:
    columns: dict[str, object] = _place_columns(before)
    columns |= {"kind": comparison.before.kind, "mode": comparison.before.mode}
    columns |= {
        "before_s": whole(comparison.before.seconds),
        "after_s": whole(comparison.after.seconds),
        "difference_s": whole(comparison.difference_s),
    }
    columns |= _facility_columns("before_facility", before.facilities, comparison.before)
    columns |= _facility_columns("after_facility", after.facilities, comparison.after)
    columns |= {"before_reason": comparison.before.reason, "after_reason": comparison.after.reason}
    return pd.DataFrame(columns | basis(before.region, mode))


def matrix_table(
    origin_id: Strings, destination_id: Strings, results: Sequence[OdTimes], percents: tuple[float, ...]
) -> pd.DataFrame:
    """One row per origin, destination and mode, unreached ones kept with empty times."""
    n_pairs = len(origin_id) * len(destination_id)
    riding = [f"travel_time_p{percent:g}_s" for percent in percents]
    on_street = ["travel_time_s"] if any(not result.mode.rides for result in results) else []
    on_board = riding if any(result.mode.rides for result in results) else []
    tables = []
    for result in results:
        seconds = result.seconds.reshape(n_pairs, -1)
        names = riding if result.mode.rides else ["travel_time_s"]
        columns: dict[str, object] = {
            "origin_id": np.repeat(np.array(origin_id, object), len(destination_id)),
            "destination_id": np.tile(np.array(destination_id, object), len(origin_id)),
            "mode": result.mode.name,
        }
        for name in on_street + on_board:
            column = names.index(name) if name in names else -1
            columns[name] = whole(seconds[:, column] if column >= 0 else np.full(n_pairs, np.inf))
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def basis(region: Region, mode: TravelMode) -> dict[str, object]:
    """What a figure rests on: service date and window where public transport counts, and the modelled layers."""
    used = ["streets", "places", "facilities", *(["timetable"] if mode.rides else [])]
    window = f"{clock_text(region.window_start)}-{clock_text(region.window_end)}"
    return {
        "service_date": region.service_date.isoformat() if mode.rides else "",
        "window": window if mode.rides else "",
        "modelled_layers": ";".join(layer for layer in used if region.is_modelled(layer)),
    }


def whole(values: Floats) -> pd.arrays.IntegerArray:
    """Whole numbers, empty where the value is infinite."""
    infinite = ~np.isfinite(values)
    return pd.arrays.IntegerArray(np.rint(np.where(infinite, 0.0, values)).astype(np.int64), infinite)


def _place_columns(world: World) -> dict[str, object]:
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


def _facility_columns(prefix: str, facilities: Facilities, times: PlaceTimes) -> dict[str, object]:
    reached = times.facility

    def of(column: Strings) -> list[str]:
        return [column[row] if row >= 0 else "" for row in reached]

    return {f"{prefix}_id": of(facilities.id), prefix: of(facilities.name)}


def totals_line(comparison: Comparison, limit_s: float) -> str:
    """Inhabitants within the limit, mean, those who reach none, the worst served: before and after."""
    old, new = comparison.totals(limit_s)
    inside = np.flatnonzero(comparison.places.in_region)
    worst = inside[worst_served(comparison.after.seconds[inside], comparison.places.inhabitants[inside], 3)]
    names = ", ".join(
        f"{comparison.places.name[row]} ({minutes(comparison.after.seconds[row])})" for row in worst
    )
    return (
        f"{comparison.after.kind} by {comparison.after.mode}: {new.people_within:,} of {new.people:,} inhabitants within "
        f"{limit_s / 60:g} min (before {old.people_within:,}); mean {minutes(new.mean_s)} (before "
        f"{minutes(old.mean_s)}); not reached by {new.people_unreached:,} (before {old.people_unreached:,}); "
        f"worst served: {names}"
    )


def minutes(seconds: float) -> str:
    """Minutes with one decimal, or the words for not reached."""
    return f"{seconds / 60:.1f} min" if np.isfinite(seconds) else "not reached"
