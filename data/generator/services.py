"""Services of a region: observed ones table by table, and modelled ones where no table speaks of their place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.build_report import BuildReport, finding
from data.columns import Bools, Floats, Int32s, Strings, freeze
from data.generator.tables import Points, Problems, facts_table, floats, index_of, origins, points_of, strings

SERVICES = "services"
"""The list of observed tables: take a table, or its row here, away, and the modelled services of its kinds are back."""
COLUMNS = "facility_id kind name place_id lon lat units"
OBSERVED_COLUMNS = f"{COLUMNS} position_m opening_hours note left_out"
NUMBERS = ("lon", "lat", "units")


@dataclass(frozen=True, slots=True, eq=False)
class FacilityFacts:
    """Services people travel to, (F,) rows.

    Attributes
    ----------
    units
        (F,) float64, size in units of the kind.
    opening
        (F,) opening hours as OpenStreetMap writes them, "" where unknown.
    origin, date, source
        (F,) whether somebody saw that it is there, when, and who.
    position_origin
        (F,) `modelled` where it stands on the point of its place.
    position_m
        (F,) float64, half of the positions found that way are at most this far off; nan where nobody knows.

    """

    at: Points
    kind: Strings
    units: Floats
    opening: Strings
    origin: Strings
    date: Strings
    source: Strings
    position_origin: Strings
    position_m: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.kind), "at")


def read_services(
    folder: Path, places: Points, in_region: Bools, problems: Problems
) -> tuple[FacilityFacts, BuildReport]:
    """Observed services, and those of ``facilities.csv`` that no observed table replaces.

    An observed table replaces the rows of its kinds at the places it names, and where it is complete all of the region.
    """
    made, made_place = _modelled(folder, places, problems)
    kept = np.ones(len(made), dtype=np.bool_)
    parts, report = [], BuildReport()
    for listed in _listed(folder):
        name = listed["table"]
        if not (folder / f"{name}.csv").is_file():
            report += finding(
                "facilities", "assumed", "observed table taken out: modelled in its place", [name]
            )
            continue
        table, place, told = _observed(folder, listed, places, problems)
        report += told
        is_replaced = np.isin(made_place, place)
        if listed["complete"] == "true":
            is_replaced |= in_region[made_place]
        kept &= ~(is_replaced & made["kind"].isin(set(table["kind"])).to_numpy())
        parts.append(table)
    return _joined([*parts, made[kept]], problems), report


def _listed(folder: Path) -> list[dict[str, str]]:
    if not (folder / f"{SERVICES}.csv").is_file():
        return []
    table = facts_table(folder, SERVICES, "table complete date source")
    return [{str(column): str(value) for column, value in row.items()} for row in table.to_dict("records")]


def _observed(
    folder: Path, listed: dict[str, str], places: Points, problems: Problems
) -> tuple[pd.DataFrame, Int32s, BuildReport]:
    """Rows that count, with all columns, and their places; one without a position stands on the point of its place."""
    name, report = listed["table"], BuildReport()
    table = facts_table(folder, name, OBSERVED_COLUMNS)
    for reason, rows in table[table["left_out"] != ""].groupby("left_out"):
        report += finding("facilities", "dropped", str(reason), rows["name"])
    for note, rows in table[(table["left_out"] == "") & table["note"].str.contains("check")].groupby("note"):
        report += finding("facilities", "kept", str(note), rows["name"])
    counts = (table["left_out"] == "").to_numpy()
    place = index_of(
        table.assign(place_id=table["place_id"].where(counts, places.id[0])),
        name,
        "place_id",
        places.id,
        problems,
    )
    on_place = (table["lon"] == "").to_numpy()
    for axis, degrees in (("lon", places.lon_deg), ("lat", places.lat_deg)):
        table[axis] = np.where(on_place, [f"{one:.5f}" for one in degrees[place]], table[axis])
    table = table.assign(
        **{column: floats(table, name, column, problems) for column in NUMBERS},
        position_m=pd.to_numeric(table["position_m"], errors="coerce"),
        position_origin=np.where(on_place, "modelled", "observed"),
        origin="observed",
        date=listed["date"],
        source=listed["source"],
    )
    return table[counts], place[counts], report


def _modelled(folder: Path, places: Points, problems: Problems) -> tuple[pd.DataFrame, Int32s]:
    """Rows of ``facilities.csv`` with all columns, and their places; what somebody mapped has a position of its own."""
    name = "facilities"
    table = facts_table(folder, name, f"{COLUMNS} origin source")
    return table.assign(
        **{column: floats(table, name, column, problems) for column in NUMBERS},
        position_m=np.nan,
        position_origin=origins(table, name, "origin", problems),
        opening_hours="",
        date=table["source"].str.extract(r"(\d{4}-\d\d-\d\d)", expand=False).fillna(""),
    ), index_of(table, name, "place_id", places.id, problems)


def _joined(parts: list[pd.DataFrame], problems: Problems) -> FacilityFacts:
    table = pd.concat(parts, ignore_index=True)
    return FacilityFacts(
        at=points_of(table, SERVICES, "facility_id", problems),
        kind=strings(table, "kind"),
        units=table["units"].to_numpy(np.float64),
        opening=strings(table, "opening_hours"),
        origin=strings(table, "origin"),
        date=strings(table, "date"),
        source=strings(table, "source"),
        position_origin=strings(table, "position_origin"),
        position_m=table["position_m"].to_numpy(np.float64),
    )
