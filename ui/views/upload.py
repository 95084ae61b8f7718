"""What the panel "Your own data" shows, as plain frozen values: examples of files, and what was found in those brought."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from accessibility.world import World
from data.build_report import BuildReport
from data.files.faults import Fault
from data.own.check import Checked, LayerCheck
from data.own.region import REPLACEABLE
from data.own.timetable import Days
from data.places import AGE_BANDS
from ui.words.words import KINDS

ORIGIN_WORDS = ("observed", "modelled")
DEGREE_DIGITS = 5
N_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """One count of a layer, in the region as it is and in the new file."""

    what: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class LayerView:
    """What was found in the files of one layer.

    Attributes
    ----------
    counts
        Beside each other, what is counted in all first; none where a file cannot be used.
    read, dropped
        Rows of a table that were in the file, and those of them that are left out.
    missing_kinds
        Kinds of service that the region has and the file has not.
    added
        Each count in the files alone, where they come beside the layer of the region.
    without_cells
        Whether the population cells of the region no longer fit.

    """

    layer: str
    names: tuple[str, ...]
    counts: tuple[Compared, ...]
    report: BuildReport
    fault: Fault | None
    days: Days | None
    read: int
    dropped: int
    missing_kinds: tuple[str, ...]
    added: tuple[tuple[str, int], ...]
    without_cells: bool


@dataclass(frozen=True, slots=True)
class CheckView:
    """The report on all files."""

    layers: tuple[LayerView, ...]
    service_date: dt.date
    is_usable: bool


def check_view(checked: Checked, service_date: dt.date) -> CheckView:
    """Report on a check, the layers in the order in which they are offered."""
    gone = () if checked.prepared is None else checked.prepared.gone
    layers = sorted(checked.layers, key=lambda found: REPLACEABLE.index(found.layer))
    views = tuple(
        _layer_view(found, without_cells="population" in gone and found.layer == "places") for found in layers
    )
    return CheckView(views, service_date, checked.prepared is not None)


def _layer_view(found: LayerCheck, *, without_cells: bool) -> LayerView:
    names = [name for name in found.before if name in found.after]
    names += [name for name in found.after if name not in found.before]
    names += [name for name in found.before if found.after and name not in found.after]
    counts = tuple(Compared(name, found.before.get(name, 0), found.after.get(name, 0)) for name in names)
    is_table = found.layer in ("facilities", "places")
    dropped = sum(one.count for one in found.report.findings if one.action == "dropped" and is_table)
    total = next(iter((found.added or found.after).values()), 0)
    missing = tuple(
        one.what for one in counts if one.what in KINDS and one.what != "hub" and one.before and not one.after
    )
    return LayerView(
        found.layer,
        found.names,
        counts,
        found.report,
        found.fault,
        found.days,
        total + dropped,
        dropped,
        missing,
        tuple(found.added.items()),
        without_cells,
    )


def example_table(world: World, layer: str) -> pd.DataFrame:
    """Services or places of the region as a table of the form that a file must have, every column filled."""
    table = world.facilities if layer == "facilities" else world.places
    lon, lat = world.projection.to_lonlat(table.x_m, table.y_m)
    columns: dict[str, object] = {"id": table.id, "kind": table.kind, "name": table.name}
    if layer == "places":
        columns |= {"municipality": world.places.municipality}
    columns |= {"lon": np.round(lon, DEGREE_DIGITS), "lat": np.round(lat, DEGREE_DIGITS)}
    if layer == "facilities":
        facilities = world.facilities
        columns |= {"units": facilities.units, "opening_hours": facilities.opening, "date": facilities.date}
        columns |= {"position_origin": [ORIGIN_WORDS[int(made)] for made in facilities.position_modelled]}
        columns |= {"position_m": facilities.position_m}
    else:
        ages = world.places.inhabitants_by_age
        columns |= {f"inhabitants_{band}": ages[:, number] for number, band in enumerate(AGE_BANDS)}
        columns |= {"in_region": ["true" if inside else "false" for inside in world.places.in_region]}
        columns |= {"cars_per_household": world.places.cars_per_household}
    columns |= {"origin": [ORIGIN_WORDS[int(modelled)] for modelled in table.modelled]}
    return pd.DataFrame(columns)


def smallest_table(world: World, layer: str) -> pd.DataFrame:
    """A few rows with only the columns that a file must have."""
    table = example_table(world, layer)
    if layer == "places":
        table = table[table["in_region"] == "true"]
        ages = [f"inhabitants_{band}" for band in AGE_BANDS]
        table = table.assign(inhabitants=table[ages].sum(axis=1))
        return table[["name", "lon", "lat", "inhabitants"]].head(N_SHOWN)
    return table.drop_duplicates("kind")[["kind", "name", "lon", "lat"]].head(N_SHOWN)
