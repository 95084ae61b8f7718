"""Another date on the same streets is the region built from nothing with that date in region.toml."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accessibility import world as world_module
from accessibility.day_store import DAYS, MOST_DAYS, forget_old_days
from accessibility.travellers import TRAVELLERS, Traveller
from accessibility.world import READY, World, for_traveller, on_date, open_world
from data.errors import InputError
from data.study_area.dates import ServiceDates
from scenarios.comparison.compare import outcome, world_access
from support.files import SHARED
from support.toys.region import REGION, WEEK, write_toy_region, write_week

TUESDAY, SATURDAY, SUNDAY = dt.date(2026, 10, 6), dt.date(2026, 10, 10), dt.date(2026, 10, 11)


def silent(_label: str, _share: float) -> None:
    """Take no notice of progress."""


def with_date(folder: Path, day: dt.date) -> Path:
    """Let region.toml name another day."""
    path = folder / "region.toml"
    lines = path.read_text().splitlines()
    path.write_text(
        "\n".join(f"service_date = {day}" if line.startswith("service_date") else line for line in lines)
    )
    return folder


def differences(one: Any, other: Any, at: str = "") -> list[str]:
    """Names of the fields, nested ones too, in which two tables differ."""
    if isinstance(one, np.ndarray):
        return [] if one.dtype == other.dtype and np.array_equal(one, other, equal_nan=False) else [at]
    if is_dataclass(one) or hasattr(one, "_fields"):
        names = one._fields if hasattr(one, "_fields") else [field.name for field in fields(one)]
        return [
            found
            for name in names
            for found in differences(getattr(one, name), getattr(other, name), f"{at}.{name}")
        ]
    if isinstance(one, tuple) and one and not isinstance(one[0], str):
        pairs = zip(one, other, strict=True)
        return [found for number, pair in enumerate(pairs) for found in differences(*pair, f"{at}[{number}]")]
    return [] if one == other else [at]


def check_same(dated: World, scratch: World) -> None:
    """Check that both have the same public transport, findings and times."""
    assert dated.region.service_date == scratch.region.service_date
    assert differences(dated.network.service, scratch.network.service) == []
    assert dated.network.on_demand.services == scratch.network.on_demand.services
    assert dated.report == scratch.report
    for mode in dated.modes:
        access = [world_access(of, mode) for of in (dated, scratch)]
        for kind in sorted(set(dated.facilities.kind)):
            one, other = (
                outcome(of, kind, mode, begun) for of, begun in zip((dated, scratch), access, strict=True)
            )
            assert differences(one.times, other.times) == []


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return the valley on its Tuesday."""
    return open_world(write_week(tmp_path_factory.mktemp("week") / "valley"), silent)


def test_a_comparison_of_tables_sees_what_differs(valley: World) -> None:
    # Otherwise "no differences" would prove nothing: eleven runs on Tuesday are not one on Saturday.
    saturday = on_date(valley, SATURDAY, silent)
    found = differences(valley.network.service, saturday.network.service)
    assert ".timetable.trips.id" in found
    assert ".timetable.trips.call_departure" in found
    assert any(name.startswith(".events") for name in found)


@pytest.mark.parametrize("day", [SATURDAY, dt.date(2026, 10, 7)])
def test_another_date_is_the_region_built_with_that_date(tmp_path: Path, valley: World, day: dt.date) -> None:
    scratch = open_world(with_date(write_week(tmp_path / "valley"), day), silent)
    check_same(on_date(valley, day, silent), scratch)


def test_on_saturday_only_the_trip_of_nine_is_left(valley: World) -> None:
    saturday = on_date(valley, SATURDAY, silent)
    assert saturday.network.service.timetable.trips.id == ("saturday",)
    assert valley.network.service.timetable.trips.id == tuple(f"t{number}" for number in range(10))
    # Tuesday's trips that begin that day: ten, at 9:00, 9:30, ... 13:30.
    assert valley.known_dates.usual_trips == 10


def test_the_dates_to_choose_from_are_those_with_trips(valley: World) -> None:
    # October 2026 has 22 working days and 5 Saturdays; its four Sundays have no trip.
    dates = valley.known_dates.dates
    assert (len(dates), dates[0], dates[-1]) == (27, dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    assert SUNDAY not in dates
    assert valley.known_dates.nearest(SUNDAY) == (SATURDAY, dt.date(2026, 10, 12))
    assert valley.known_dates.nearest(dt.date(2026, 9, 1)) == (dt.date(2026, 10, 1),)
    assert valley.known_dates.nearest(dt.date(2027, 9, 1)) == (dt.date(2026, 10, 31),)


def test_every_feed_must_run_on_a_date_to_choose(tmp_path: Path) -> None:
    folder = write_week(tmp_path / "valley")
    (folder / "train.zip").write_bytes((folder / "timetable.zip").read_bytes())
    with zipfile.ZipFile(folder / "train.zip") as feed:
        tables = {name: feed.read(name).decode() for name in feed.namelist()}
    tables["calendar.txt"] = f"{WEEK}s,1,1,1,1,1,1,1,20261005,20261009\nsat,0,0,0,0,0,1,0,20261001,20261031\n"
    with zipfile.ZipFile(folder / "train.zip", "w") as feed:
        for name, text in tables.items():
            feed.writestr(name, text)
    layer = REGION[REGION.index('[[layer]]\nname = "timetable"') : REGION.index('[[layer]]\nname = "places"')]
    with (folder / "region.toml").open("a") as file:
        file.write(layer.replace("timetable.zip", "train.zip"))
    # The second feed runs from 5 to 9 October, and on the five Saturdays, which the first does too.
    dates = open_world(folder, silent).known_dates.dates
    assert [day.day for day in dates] == [3, 5, 6, 7, 8, 9, 10, 17, 24, 31]


def test_a_date_without_trips_is_refused_with_the_nearest_that_have(valley: World) -> None:
    with pytest.raises(InputError, match="nearest days with service are 2026-10-10 and 2026-10-12"):
        on_date(valley, SUNDAY, silent)
    with pytest.raises(InputError, match=r"from 2026-10-01 to 2026-10-31.*are 2026-10-31: choose"):
        on_date(valley, dt.date(2030, 1, 1), silent)


def test_a_region_without_a_calendar_has_its_own_date_only(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    text = (folder / "region.toml").read_text()
    start, end = text.index('[[layer]]\nname = "timetable"'), text.index('[[layer]]\nname = "places"')
    (folder / "region.toml").write_text(text[:start] + text[end:])
    world = open_world(folder, silent)
    assert world.known_dates == ServiceDates((), TUESDAY, 0)
    assert on_date(world, TUESDAY, silent) is world
    with pytest.raises(InputError, match="only its own date, 2026-10-06"):
        on_date(world, SATURDAY, silent)


def test_the_streets_are_shared_and_a_date_is_built_once(
    valley: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = on_date(valley, SATURDAY, silent)
    assert first.network.search is valley.network.search
    assert first.network.indexes is valley.network.indexes

    def never(*_args: object) -> None:
        pytest.fail("the date was read again")

    monkeypatch.setattr(world_module, "write_day", never)
    second = on_date(valley, SATURDAY, silent)
    assert isinstance(second.network.service.stop_x_m, np.memmap)
    assert differences(first.network.service, second.network.service) == []


def test_results_of_two_dates_have_two_keys_and_the_way_back_is_the_world_as_it_was(valley: World) -> None:
    saturday = on_date(valley, SATURDAY, silent)
    assert saturday.digest == f"{valley.digest}@2026-10-10"
    assert on_date(saturday, dt.date(2026, 10, 7), silent).digest == f"{valley.digest}@2026-10-07"
    back = on_date(saturday, TUESDAY, silent)
    assert back.digest == valley.digest
    check_same(back, valley)


@pytest.mark.parametrize("traveller", TRAVELLERS, ids=lambda traveller: traveller.id)
def test_a_date_for_a_traveller_is_the_traveller_on_that_date(valley: World, traveller: Traveller) -> None:
    one = on_date(for_traveller(valley, traveller), SATURDAY, silent)
    other = for_traveller(on_date(valley, SATURDAY, silent), traveller)
    assert one.traveller == other.traveller == traveller
    check_same(one, other)


def test_the_dates_on_disk_are_bounded_and_the_usual_one_stays(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"2026-10-{number + 1:02d}").mkdir()
        stamp = 1_000_000_000 + number
        os.utime(tmp_path / f"2026-10-{number + 1:02d}", (stamp, stamp))
    forget_old_days(tmp_path, "2026-10-01")
    left = sorted(path.name for path in tmp_path.iterdir())
    # The usual date is the oldest of all, and the eleven looked at last stay beside it: 10 to 20 October.
    assert len(left) == MOST_DAYS
    assert left == ["2026-10-01", *(f"2026-10-{number}" for number in range(10, 21))]


def test_a_date_that_cannot_be_built_leaves_nothing(tmp_path: Path) -> None:
    folder = write_week(tmp_path / "valley")
    world = open_world(folder, silent)
    (folder / "timetable.zip").write_bytes(b"no zip at all")
    with pytest.raises(InputError, match="not a zip file"):
        on_date(world, SATURDAY, silent)
    days = world.ready / DAYS
    assert days.parent.parent == folder / READY
    assert [path.name for path in days.iterdir()] == ["2026-10-06"]


REAL = """
title = "Newport"
crs = "EPSG:27700"
service_date = 2023-06-13
window = ["09:00", "09:20"]
"""
LAYER = """
[[layer]]
name = "{name}"
file = "{file}"
origin = "observed"
source = "real"
date = "2023"
licence = "open"
"""


@pytest.mark.skipif(not SHARED.is_dir(), reason="real files are not at hand")
def test_a_real_town_on_a_saturday_is_the_town_built_for_that_saturday(tmp_path: Path) -> None:
    tuesday, saturday = tmp_path / "tuesday", tmp_path / "saturday"
    for folder in (tuesday, saturday):
        folder.mkdir()
        text = REAL
        for name, file in (
            ("streets", "newport-2023-06-13.osm.pbf"),
            ("timetable", "newport-20230613_gtfs.zip"),
        ):
            (folder / file).symlink_to(SHARED / "newport" / file)
            text += LAYER.format(name=name, file=file)
        (folder / "region.toml").write_text(text)
    with_date(saturday, dt.date(2023, 6, 17))
    world = open_world(tuesday, silent)
    assert world.known_dates.dates[0] == dt.date(2023, 6, 5)
    check_same(on_date(world, dt.date(2023, 6, 17), silent), open_world(saturday, silent))
