"""Opening hours and holidays of a region: the toy valley (drawn in toys/region.py) with hours for its shop."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from data.errors import RegionError
from data.opening_hours.holidays import DUTCH_NORTH, Holidays
from data.study_area.read_layers import read_study_area
from data.study_area.region_toml import load_region
from data.study_area.service_day import read_service_day
from support.toys.region import write_toy_region

STOPS = "".join(f'<node id="{number}" lon="6.8" lat="{52.7 + number / 100}"/>' for number in (11, 12))
SCHOOL_BUS = (
    '<relation id="5"><member type="node" ref="11" role="stop"/><member type="node" ref="12" role="stop"/>'
    '<tag k="type" v="route"/><tag k="route" v="bus"/><tag k="interval" v="60"/><tag k="public_transport:version" v="2"/>'
    '<tag k="opening_hours" v="Mo-Fr 06:00-08:00; SH off"/></relation>'
)


def valley(tmp_path: Path, first_line: str = "", hours: str = "") -> Path:
    """Toy valley with a line more in its region.toml, and hours of its supermarket in CSV quotes."""
    folder = write_toy_region(tmp_path / "valley")
    region = folder / "region.toml"
    region.write_text(f"{first_line}\n{region.read_text()}")
    table = folder / "facilities.csv"
    head, gp, shop = table.read_text().splitlines()
    table.write_text(f"{head},opening_hours\n{gp},\n{shop},{hours}\n")
    return folder


def test_a_region_with_hours_that_nobody_reads_is_built_and_names_the_shop(tmp_path: Path) -> None:
    folder = valley(tmp_path, hours="when the flag is out")
    area = read_study_area(load_region(folder), tmp_path)
    told = {found.what: found.examples for found in area.report.findings}
    what = "opening hours that cannot be read: the usual hours of the kind count"
    assert told[what] == ("supermarket-1 Supermarket east: when the flag is out",)
    assert area.facilities.opening == ("", "when the flag is out")


def test_a_region_lies_in_the_north_of_the_netherlands_unless_it_says_where(tmp_path: Path) -> None:
    assert load_region(valley(tmp_path / "usual")).holidays == DUTCH_NORTH
    assert load_region(valley(tmp_path / "south", 'holidays = "NL-Zuid"')).holidays == Holidays("NL-Zuid")
    assert load_region(valley(tmp_path / "german", 'holidays = "DE"')).holidays.is_public(
        dt.date(2026, 10, 3)
    )
    with pytest.raises(RegionError, match=r"region\.toml: .*holidays of 'Drenthe' are not known.*NL-Noord"):
        load_region(valley(tmp_path / "nowhere", 'holidays = "Drenthe"'))


@pytest.mark.parametrize(("holidays", "n_trips"), [("NL-Noord", 0), ("NL-Zuid", 2)])
def test_mapped_routes_follow_the_school_holidays_of_the_region(
    tmp_path: Path, holidays: str, n_trips: int
) -> None:
    # Monday 12 October 2026 lies in the autumn holidays of Noord; those of Zuid begin on the 17th. A second route runs
    # whatever the day, as a map without any service is refused.
    folder = valley(tmp_path, f'holidays = "{holidays}"')
    always = SCHOOL_BUS.replace('id="5"', 'id="6"').replace("; SH off", "")
    (folder / "routes.osm").write_text(f'<osm version="0.6">{STOPS}{SCHOOL_BUS}{always}</osm>')
    region = (folder / "region.toml").read_text().replace("timetable.zip", "routes.osm")
    (folder / "region.toml").write_text(region.replace("2026-10-06", "2026-10-12"))
    day = read_service_day(load_region(folder), tmp_path, ())
    assert sum(trip.startswith("relation/5@") for trip in day.timetable.trips.id) == n_trips
