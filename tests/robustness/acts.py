"""What programs do that write, each in a folder of its own, and what must hold of that folder whenever such a program is killed."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from accessibility.world import READY, on_date, open_world, silent
from data.download.sources import Patience, load_sources
from data.files.whole import DIGEST, is_whole
from data.live.area import Municipalities
from data.live.fetch import fetch_region
from data.live.job import Order
from data.own.new_region import Given, make_region
from data.study_area.region_toml import load_region
from dorpshub.cli.main import main
from scenarios.comparison.run_file import file_digest, read_run
from scenarios.edits.json_text import from_json
from scenarios.library import Library, new_key
from support.toys.region import write_week

Told = Callable[[str], None]
"""Acknowledges something: whatever was told must be there afterwards."""
TODAY, OTHER_DAY = dt.date(2026, 11, 26), dt.date(2026, 10, 7)
SCENARIO = '{"name": "Close", "note": "", "edits": [{"edit": "CloseFacility", "facility_id": "gp-0"}]}'
BEFORE = "of an earlier program"
N_KEPT = 40
"""Scenarios that are kept one after another."""


class Act(NamedTuple):
    """One of the programs that write.

    Attributes
    ----------
    prepare
        Fills a folder with what the program finds there.
    do
        Does its work, and tells what it has done.
    seen
        Asserts that who looks at the folder after a kill sees nothing half-written.
    whole
        Asserts that after the work was begun again all that was ever told is there, and nothing is left over.
    fetches
        Whether the folder has the sources of a server.

    """

    name: str
    prepare: Callable[[Path], None]
    do: Callable[[Path, Told], None]
    seen: Callable[[Path], None]
    whole: Callable[[Path, list[str]], None]
    fetches: bool = False


def hidden(folder: Path) -> list[str]:
    """Hidden files and folders that are no folder of ready data."""
    return [str(path) for path in folder.rglob(".*") if path.name != READY]


def _not_told(_text: str) -> None:
    """Nobody is told."""


# Builds, and days of them


def _valley(folder: Path) -> None:
    write_week(folder / "valley")


def _changed_valley(folder: Path) -> None:
    """A region that was changed after it was built: the next build takes the place of the one that is there."""
    _valley(folder)
    open_world(folder / "valley")
    places = folder / "valley" / "places.csv"
    places.write_text(
        places.read_text(encoding="utf-8").replace("20,60,10,10", "20,61,10,10"), encoding="utf-8"
    )


def _built_valley(folder: Path) -> None:
    _valley(folder)
    open_world(folder / "valley")


def _build(folder: Path, told: Told) -> None:
    told(open_world(folder / "valley").ready.name)


def _day(folder: Path, told: Told) -> None:
    told(on_date(open_world(folder / "valley"), OTHER_DAY).region.service_date.isoformat())


def _builds_are_whole(folder: Path) -> None:
    ready = folder / "valley" / READY
    builds = [path for path in ready.glob("[!.]*") if (path / DIGEST).exists()]
    assert len(list(ready.glob("[!.]*"))) == len(builds)
    assert all(is_whole(path) for path in (*builds, *ready.glob("[!.]*/days/[!.]*")))


def _one_build(folder: Path, told: list[str]) -> None:
    assert {path.name for path in (folder / "valley" / READY).iterdir()} == set(told)
    assert hidden(folder) == []


def _one_day_more(folder: Path, told: list[str]) -> None:
    (build,) = (folder / "valley" / READY).iterdir()
    assert {path.name for path in (build / "days").iterdir()} == {"2026-10-06", *told}
    assert hidden(folder) == []


# Regions that are fetched, and made of files of one's own


def _mark(folder: Path, region: str) -> None:
    """Note which files of a region are there: links, so that the disk gives their numbers to no other file."""
    kept = folder / "before"
    kept.mkdir()
    for path in (folder / region).iterdir():
        if path.is_file():
            (kept / path.name).hardlink_to(path)


def _numbers(folder: Path) -> dict[str, int]:
    """Files of a folder, each by its number on the disk: a file that was written anew has another."""
    return {path.name: path.stat().st_ino for path in folder.iterdir() if path.is_file()}


def _all_or_none(folder: Path, region: str) -> None:
    """A region can be read, and its files are all of before or all new."""
    if not (folder / region / "region.toml").exists():
        return
    load_region(folder / region)
    now = _numbers(folder / region)
    before = _numbers(folder / "before") if (folder / "before").is_dir() else {}
    kept = {name for name in now if before.get(name) == now[name]}
    assert kept in (set(), set(now)), f"of before: {sorted(kept)}; new: {sorted(set(now) - kept)}"


def _fetched(folder: Path) -> None:
    _fetch(folder, _not_told)


def _fetch(folder: Path, told: Told) -> None:
    sources = replace(load_sources(folder / "online" / "my.toml"), patience=Patience(5, 30.0, 2, 0.01))
    order = Order("North", folder / "north", Municipalities(("Het Hogeland",)), None)
    told(fetch_region(order, sources, silent, offline=False).folder.name)


def _fetched_whole(folder: Path, told: list[str]) -> None:
    assert set(told) == {"north"}
    assert len(_numbers(folder / "north")) > 10
    assert hidden(folder) == []
    assert not list((folder / "online").rglob("part-*"))


def _init(folder: Path, told: Told) -> None:
    valley = folder / "valley"
    given = Given("New", valley / "streets.osm", (valley / "timetable.zip",), valley / "places.csv", None)
    make_region(given, folder / "new", TODAY, silent, force=True)
    told("New")


def _made(folder: Path) -> None:
    _valley(folder)
    _init(folder, _not_told)


def _made_whole(folder: Path, told: list[str]) -> None:
    assert set(told) == {"New"}
    assert sorted(_numbers(folder / "new")) == ["2-places.csv", "region.toml", "streets.osm", "timetable.zip"]
    assert hidden(folder) == []


# The library


def _empty(_folder: Path) -> None:
    """Nothing is there."""


def _keep(folder: Path, told: Told) -> None:
    library, scenario = Library(folder / "library.sqlite"), from_json(SCENARIO)
    for number in range(N_KEPT):
        key = new_key()
        row = library.add("valley", scenario, str(number), "2026-11-26", key)
        told(f"{row.id} 1")
        row = library.save(row, scenario, str(number), "2026-11-27", key)
        told(f"{row.id} 2")
        if number % 3 == 2:
            library.delete(row.id, key)
            told(f"{row.id} 3")


def _library_can_be_read(folder: Path) -> None:
    assert Library(folder / "library.sqlite").damaged("valley") == ()


def _kept(folder: Path, told: list[str]) -> None:
    Library(folder / "library.sqlite").rows("valley")
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        found = connection.execute("select id, version + deleted from scenario").fetchall()
    there = dict(found)
    for text in told:
        id_, step = text.split()
        assert there[id_] >= int(step), f"what was told is not there: {text}"
    assert {path.name for path in folder.iterdir()} <= {"library.sqlite", "library.sqlite.copy"}


# Comparisons and exports


def _command(*arguments: str) -> None:
    sys.argv = ["dorpshub", *arguments, "--quiet"]
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code, arguments


N_TIMES = 4 * 2 * 3
"""Places, kinds and modes."""


def _scenario(folder: Path) -> None:
    _built_valley(folder)
    (folder / "close.json").write_text(SCENARIO, encoding="utf-8")
    for name in ("out.csv", "out.run.json", "times.geojson"):
        (folder / name).write_text(BEFORE, encoding="utf-8")


def _compare(folder: Path, told: Told) -> None:
    of = ("--kinds", "gp", "--modes", "walk,transit", "--contributions")
    _command(
        "compare", str(folder / "valley"), str(folder / "close.json"), *of, "--out", str(folder / "out.csv")
    )
    told(file_digest(folder / "out.run.json"))


def _tables_are_those_of_the_run(folder: Path) -> None:
    load_region(folder / "valley")
    run = folder / "out.run.json"
    if run.read_text(encoding="utf-8") == BEFORE:
        return
    files = read_run(run).files
    assert len(files) > 1
    assert {name: file_digest(folder / name) for name in files} == files


def _compared(folder: Path, told: list[str]) -> None:
    _tables_are_those_of_the_run(folder)
    assert {file_digest(folder / "out.run.json")} == set(told)
    assert hidden(folder) == []


def _export(folder: Path, told: Told) -> None:
    _command(
        "times",
        str(folder / "valley"),
        "--modes",
        "walk,bike,transit",
        "--out",
        str(folder / "times.geojson"),
    )
    told(file_digest(folder / "times.geojson"))


def _export_is_whole(folder: Path) -> None:
    text = (folder / "times.geojson").read_text(encoding="utf-8")
    assert text == BEFORE or len(json.loads(text)["features"]) == N_TIMES


def _exported(folder: Path, told: list[str]) -> None:
    assert {file_digest(folder / "times.geojson")} == set(told)
    assert hidden(folder) == []


ACTS = (
    Act("build of a region", _valley, _build, _builds_are_whole, _one_build),
    Act("build in the place of an older one", _changed_valley, _build, _builds_are_whole, _one_build),
    Act("another service date", _built_valley, _day, _builds_are_whole, _one_day_more),
    Act("first fetch", _empty, _fetch, partial(_all_or_none, region="north"), _fetched_whole, fetches=True),
    Act("fetch again", _fetched, _fetch, partial(_all_or_none, region="north"), _fetched_whole, fetches=True),
    Act("own region", _valley, _init, partial(_all_or_none, region="new"), _made_whole),
    Act("own region written over", _made, _init, partial(_all_or_none, region="new"), _made_whole),
    Act("scenarios in the library", _empty, _keep, _library_can_be_read, _kept),
    Act("comparison with its run file", _scenario, _compare, _tables_are_those_of_the_run, _compared),
    Act("export as GeoJSON", _scenario, _export, _export_is_whole, _exported),
)
"""All of them."""


def restore(folder: Path, template: Path) -> None:
    """Let a folder be as it was prepared, and note which regions it has."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    for region in ("north", "new"):
        if (folder / region).is_dir():
            _mark(folder, region)
