"""Facts in, files out: the embedded region as an OSM file, a GTFS feed and tables."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from data.build_report import BuildReport, finding
from data.generator.facts import Facts, read_facts
from data.generator.people import settle
from data.generator.rules import Rules
from data.generator.service import bus_feed, train_feed
from data.generator.streets import draw_streets
from data.generator.write import (
    write_broadband,
    write_facilities,
    write_feed,
    write_grid,
    write_places,
    write_streets,
)


def generate(facts: Path, out: Path, seed: int, progress: Callable[[str, float], None]) -> BuildReport:
    """Make the region of the tables in `facts` and write its files into the existing empty folder `out`.

    The files are ``streets.osm.pbf``, ``buses.zip``, ``trains.zip``, ``places.csv``, ``facilities.csv``,
    ``broadband.csv``, ``population_grid.parquet`` and ``outlines.geojson``; equal tables and `seed` give equal files. `progress` is told
    what is being done and the share (0 to 1) that is done.

    Raises
    ------
    InputError
        When the tables are incomplete or contradict themselves.

    """
    rules = Rules()
    progress("reading the facts", 0.0)
    tables = read_facts(facts)
    progress("drawing streets", 0.05)
    draft, pattern, corner, report = draw_streets(tables, rules, seed)
    progress("writing streets", 0.65)
    write_streets(out / "streets.osm.pbf", draft)
    progress("settling the inhabitants", 0.75)
    people = settle(tables, draft, pattern, corner, rules, seed)
    write_grid(out / "population_grid.parquet", tables, people)
    write_places(out / "places.csv", tables)
    write_facilities(out / "facilities.csv", tables)
    write_broadband(out / "broadband.csv", tables, rules)
    shutil.copyfile(tables.outlines, out / "outlines.geojson")
    progress("writing the timetable", 0.9)
    write_feed(out / "buses.zip", bus_feed(tables, rules))
    write_feed(out / "trains.zip", train_feed(tables, rules))
    progress("region ready", 1.0)
    return report + tables.report + _origins(tables)


def _origins(facts: Facts) -> BuildReport:
    """What of the tables was modelled before the generator saw it."""
    places, facilities = facts.places, facts.facilities
    shared = [places.at.id[row] for row in np.flatnonzero([one == "modelled" for one in places.origin])]
    made = [facilities.at.id[row] for row in np.flatnonzero([one == "modelled" for one in facilities.origin])]
    placed = [
        facilities.at.id[row]
        for row in np.flatnonzero(
            [
                (origin, position) == ("observed", "modelled")
                for origin, position in zip(facilities.origin, facilities.position_origin, strict=True)
            ]
        )
    ]
    return (
        finding("places", "assumed", "inhabitants divided over the places of a postcode", shared)
        + finding("places", "assumed", "inhabitants spread over cells of 100 m by a rule", places.at.id)
        + finding("facilities", "assumed", "facility placed by a rule", made)
        + finding(
            "facilities", "assumed", "facility that is there, placed on the point of its village", placed
        )
        + finding(
            "timetable",
            "assumed",
            "times, headways and course of a bus line",
            [line.id for line in facts.lines],
        )
        + finding(
            "timetable",
            "assumed",
            "clock minutes of a series of trains, of which the number and the minutes on the way are observed",
            list(dict.fromkeys(f"{train.line} ({train.series})" for train in facts.trains)),
        )
    )
