"""On-demand services as region.toml gives them: `[[on_demand]]` tables, checked with all their mistakes at once.

    [[on_demand]]
    id = "hubtaxi"
    name = "Hubtaxi"
    area = { outlines = ["Emmen", "Coevorden"] }   # or pickup and dropoff, each an area of its own
    hours = "Mo-Su 07:00-23:00"                    # as OpenStreetMap writes opening hours
    lead_s = 7200
    margin_s = 900
    min_m = 3000
    max_m = 15000
    detour = 1.3
    source = "in words"
    date = "2018"
    assumed = ["margin_s", "detour"]               # what the source does not give

An area is a zone, `outlines` with names from the layer of that name, or `file` with a GeoJSON; rides go between any two
doors in it. With `stops = "timetable"`, all stops of the timetable in the zone, or `stops_file`, a table with id, lon
and lat, they go between these instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.columns import Strings
from data.errors import RegionError
from data.on_demand.periods import service_periods
from data.on_demand.services import NO_LIMIT_M

FIELDS: Mapping[str, tuple[type, ...]] = {
    "id": (str,),
    "name": (str,),
    "hours": (str,),
    "lead_s": (int,),
    "margin_s": (int,),
    "min_m": (int, float),
    "max_m": (int, float),
    "detour": (int, float),
    "source": (str,),
    "date": (str, dt.date),
    "assumed": (list,),
}
LEAST = {"lead_s": 0, "margin_s": 0, "min_m": 0, "max_m": 1, "detour": 1}
MOST = {
    "lead_s": 31 * 24 * 3600,
    "margin_s": 24 * 3600,
    "min_m": NO_LIMIT_M,
    "max_m": NO_LIMIT_M,
    "detour": 100,
}
MAY_BE_ASSUMED = ("area", "hours", "lead_s", "margin_s", "min_m", "max_m", "detour")
AREAS = ("area", "pickup", "dropoff")
AREA_FIELDS = ("outlines", "file", "stops", "stops_file")


@dataclass(frozen=True, slots=True)
class AreaRules:
    """An area by the names that region.toml gives; "" and () where it does not."""

    outlines: Strings
    file: str
    stops: str
    stops_file: str

    @property
    def files(self) -> Strings:
        """Files that it is read from."""
        return tuple(file for file in (self.file, self.stops_file) if file)


NOWHERE = AreaRules((), "", "", "")


@dataclass(frozen=True, slots=True)
class OnDemandRules:
    """One `[[on_demand]]` table, before its areas are read; the fields are those of `OnDemand`."""

    id: str
    name: str
    pickup: AreaRules
    dropoff: AreaRules
    hours: str
    lead_s: int
    margin_s: int
    min_m: float
    max_m: float
    detour: float
    source: str
    date: str
    assumed: Strings


def parse_on_demand(where: Path, rows: object, service_date: dt.date) -> tuple[OnDemandRules, ...]:
    """Check the `[[on_demand]]` tables of region.toml, `where`.

    Raises
    ------
    RegionError
        With all that is wrong with any of them.

    """
    faults: list[str] = []
    tables = rows if isinstance(rows, list) and all(isinstance(row, dict) for row in rows) else []
    if not tables:
        faults.append("on_demand must be one or more [[on_demand]] tables")
    parsed = [_rules(row, number, service_date, faults) for number, row in enumerate(tables, start=1)]
    ids = [row["id"] for row in tables if isinstance(row.get("id"), str)]
    faults += [
        f"the id '{name}' is used more than once" for name in dict.fromkeys(ids) if ids.count(name) > 1
    ]
    if faults:
        msg = f"{where}: on-demand services have mistakes to mend: {'; '.join(faults)}."
        raise RegionError(msg)
    return tuple(rules for rules in parsed if rules is not None)


def _rules(
    row: dict[str, Any], number: int, service_date: dt.date, faults: list[str]
) -> OnDemandRules | None:
    """One table, or None where it has mistakes, which are added to `faults`."""
    here = f"on_demand {number} ({row.get('id', 'no id')})"
    found = [f"the field '{name}' is missing" for name in FIELDS if name not in row]
    unknown = sorted(set(row) - set(FIELDS) - set(AREAS))
    found += [f"there is no field '{name}'" for name in unknown]
    good = {
        name
        for name, kinds in FIELDS.items()
        if isinstance(row.get(name), kinds) and not isinstance(row[name], bool | dt.datetime)
    }
    found += [
        f"'{name}' has the value {row[name]!r}, which is of the wrong type"
        for name in FIELDS
        if name in row and name not in good
    ]
    found += [
        f"'{name}' is {row[name]}, it must be a number from {least} to {MOST[name]:.0f}"
        for name, least in LEAST.items()
        if name in good and not least <= row[name] <= MOST[name]
    ]
    if {"min_m", "max_m"} <= good and row["max_m"] < row["min_m"]:
        found.append(f"max_m {row['max_m']} is less than min_m {row['min_m']}")
    if "hours" in good and service_periods(row["hours"], service_date) is None:
        found.append(f"the hours '{row['hours']}' cannot be read; write them like 'Mo-Fr 07:00-23:00'")
    if "assumed" in good:
        found += [
            f"assumed names '{name}'; it may name {', '.join(MAY_BE_ASSUMED)}"
            for name in row["assumed"]
            if name not in MAY_BE_ASSUMED
        ]
    given = {name: _area_rules(name, row[name], found) for name in AREAS if name in row}
    if set(given) not in ({"area"}, {"pickup", "dropoff"}):
        found.append("it needs either an area, or a pickup and a dropoff")
    if found:
        faults += [f"{here}: {fault}" for fault in found]
        return None
    return OnDemandRules(
        pickup=given.get("area", given.get("pickup", NOWHERE)),
        dropoff=given.get("area", given.get("dropoff", NOWHERE)),
        assumed=tuple(row["assumed"]),
        date=str(row["date"]),
        **{name: row[name] for name in FIELDS if name not in ("assumed", "date")},
    )


def _area_rules(name: str, row: object, found: list[str]) -> AreaRules:
    if not isinstance(row, dict):
        found.append(f"'{name}' must be a table, like {{ outlines = [\"Emmen\"] }}")
        return NOWHERE
    found += [f"'{name}' has no field '{field}'" for field in sorted(set(row) - set(AREA_FIELDS))]
    outlines, texts = row.get("outlines", []), {key: row.get(key, "") for key in AREA_FIELDS[1:]}
    if not isinstance(outlines, list) or not all(
        isinstance(text, str) for text in [*outlines, *texts.values()]
    ):
        found.append(f"'{name}' must hold a list of outlines, or texts")
        return NOWHERE
    if texts["stops"] not in ("", "timetable"):
        found.append(f"the stops of '{name}' are '{texts['stops']}'; only \"timetable\" is known")
    if outlines and texts["file"]:
        found.append(f"'{name}' has outlines and a file; give one of them")
    if texts["stops"] and texts["stops_file"]:
        found.append(f"'{name}' has stops and a stops_file; give one of them")
    if not outlines and not any(texts.values()):
        found.append(f"'{name}' says nothing; give {', '.join(AREA_FIELDS)}")
    return AreaRules(tuple(outlines), texts["file"], texts["stops"], texts["stops_file"])
