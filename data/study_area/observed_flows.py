"""Observed journeys of a region: how many people of an area go to which facility."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.columns import Int32s, Strings, freeze
from data.errors import InputError
from data.files.tables import read_table
from data.places import AGE_BANDS
from data.study_area.region_toml import Region

FILE = "flows.csv"


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """Observed origin-destination table, (F,) rows.

    Attributes
    ----------
    origin
        (F,) code of the area that people come from, as in the outlines of neighbourhoods and postcodes ("PC7691").
    facility
        (F,) id of the facility that they go to.
    persons
        (F,) int32.
    ages
        (F,) band of `data.places.AGE_BANDS` that they are spread over their area like; "" for people of all ages.
    date, source
        (F,) when, and who counted.

    """

    origin: Strings
    facility: Strings
    persons: Int32s
    ages: Strings
    date: Strings
    source: Strings

    def __post_init__(self) -> None:
        freeze(self, len(self.persons))


NO_FLOWS = Flows((), (), np.empty(0, np.int32), (), (), ())


def read_flows(region: Region) -> Flows:
    """Flows in the region's folder, or among its facts; none where there is no such table.

    Raises
    ------
    InputError
        When the table lacks a column, or with all rows that cannot be used.

    """
    for folder in (region.folder, region.folder / region.facts):
        path = folder / FILE
        if path.is_file():
            break
    else:
        return NO_FLOWS
    table = read_table(path, ("origin", "facility_id", "persons", "ages", "date", "source"))
    faults = [
        f"line {line}: {fault}"
        for line, row in enumerate(table.to_dict("records"), start=2)
        for fault in _faults(str(row["persons"]), str(row["ages"]))
    ]
    if faults:
        msg = f"{path}: {'; '.join(faults)}. Mend these rows and try again."
        raise InputError(msg)
    text = {
        name: tuple(map(str, table[name])) for name in ("origin", "facility_id", "ages", "date", "source")
    }
    persons = np.array([int(of) for of in table["persons"]], np.int32)
    return Flows(text["origin"], text["facility_id"], persons, text["ages"], text["date"], text["source"])


def _faults(persons: str, ages: str) -> list[str]:
    faults = []
    if not (persons.isascii() and persons.isdigit() and 0 < int(persons) < 2**31):
        faults.append(f"persons '{persons}' is no whole number above 0")
    if ages not in ("", *AGE_BANDS):
        faults.append(f"ages '{ages}' is none of {', '.join(AGE_BANDS)}")
    return faults
