"""A region is built once, whole or not at all, and opened by memory map."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from toy_region import write_toy_region

from accessibility import world as module
from accessibility.world import READY, open_world
from data.errors import InputError, RegionError
from data.study_area.region_toml import embedded_regions, load_region
from data.user_cache import user_cache
from network.modes.modes import PROFILES


def silent(_label: str, _share: float) -> None:
    """Take no notice of progress."""


def builds(folder: Path) -> list[str]:
    """Names of everything in the ready folder."""
    return [path.name for path in (folder / READY).iterdir()] if (folder / READY).exists() else []


def test_the_second_opening_reads_the_ready_arrays(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    told: list[str] = []
    first = open_world(folder, silent)
    second = open_world(folder, lambda label, _share: told.append(label))
    assert told == []
    assert isinstance(second.network.streets.edge_length_m, np.memmap)
    assert second.places.id == first.places.id == ("west", "mid", "east", "lone")
    assert (second.network.streets.forward_s == first.network.streets.forward_s).all()
    assert second.report == first.report
    with pytest.raises(ValueError, match="read-only"):
        second.network.streets.edge_length_m[0] = 1.0


def test_a_ready_region_knows_where_its_own_points_meet_the_streets(tmp_path: Path) -> None:
    world = open_world(write_toy_region(tmp_path / "valley"), silent)
    for points in (world.places, world.facilities, world.residents.points, world.network.service.stops):
        place = points.x_m + 1j * points.y_m
        for index in world.network.indexes[: len(PROFILES)]:
            assert np.isin(place, index.known.place).all()


def test_a_changed_file_is_built_anew_and_the_old_build_goes(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    old = open_world(folder, silent)
    places = folder / "places.csv"
    places.write_text(places.read_text().replace("West,Valley", "Western,Valley"))
    new = open_world(folder, silent)
    assert new.places.name[0] == "Western"
    assert new.digest != old.digest
    assert builds(folder) == [new.digest[:16]]


@pytest.mark.parametrize(
    ("file", "change", "says"),
    [
        ("places.csv", lambda text: text.replace(",lat,", ",north,"), "lacks lat; it has id, name"),
        ("places.csv", lambda text: text.replace("mid,Mid", "west,Mid"), "more than once"),
        (
            "facilities.csv",
            lambda text: text.replace("gp-0,gp", "gp-0,doctor"),
            "unknown kinds of facility 'doctor'",
        ),
        ("streets.osm", lambda _text: "", "streets.osm"),
        ("region.toml", lambda text: text.replace("2026-10-06", "2030-01-01"), "2026-10-06"),
        ("region.toml", lambda text: text.replace('crs = "EPSG:28992"', 'crs = "EPSG:4326"'), "metres"),
    ],
)
def test_bad_files_are_refused_and_nothing_half_written_is_left(
    tmp_path: Path,
    file: str,
    change: Callable[[str], str],
    says: str,
) -> None:
    folder = write_toy_region(tmp_path / "valley")
    path = folder / file
    path.write_text(change(path.read_text()))
    with pytest.raises(InputError) as error:
        open_world(folder, silent)
    assert says in str(error.value)
    assert builds(folder) == []


def test_swapped_coordinates_are_recognised(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    path = folder / "facilities.csv"
    path.write_text(path.read_text().replace("name,lon,lat", "name,lat,lon"))
    with pytest.raises(InputError, match="look swapped"):
        open_world(folder, silent)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("window =", "windows =", "unknown fields windows"),
        ('["09:00", "10:00"]', '["10:00", "09:00"]', "not after its start"),
        ('["09:00", "10:00"]', '["nine", "10:00"]', "no clock time"),
        ('title = "Toy valley"', "", "'title' is missing"),
        ('title = "Toy valley"', "title = 5", "wrong type"),
        ('origin = "observed"', 'origin = "seen"', "observed or modelled"),
        ('name = "places"', 'name = "villages"', "no layer 'villages'"),
        ('name = "places"', 'name = "streets"', "only timetable, places, facilities may be several"),
        ('"places.csv"', '"absent.csv"', "names absent.csv"),
        ('file = "places.csv"', 'generated = "places.csv"', "no [generator]"),
        ("title", "= title", "not valid TOML"),
    ],
)
def test_a_bad_region_file_names_the_field(tmp_path: Path, before: str, after: str, says: str) -> None:
    folder = write_toy_region(tmp_path / "valley")
    path = folder / "region.toml"
    path.write_text(path.read_text().replace(before, after, 1))
    with pytest.raises(RegionError) as error:
        load_region(folder)
    assert says in str(error.value)


def test_an_unknown_region_names_those_that_come_along() -> None:
    assert embedded_regions() == ("zuid-oost-drenthe",)
    with pytest.raises(RegionError, match="zuid-oost-drenthe"):
        load_region("atlantis")


def test_a_region_without_tables_takes_places_and_facilities_from_its_streets_file(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    text = (folder / "region.toml").read_text()
    (folder / "region.toml").write_text(text[: text.index('[[layer]]\nname = "places"')])
    osm = folder / "streets.osm"
    tagged = (
        '/><node id="9" lat="53.0" lon="6.9" version="1"><tag k="place" v="village"/><tag k="name" v="Nine"/>'
    )
    lat, lon = (
        osm.read_text().split('lat="')[1].split('"')[0],
        osm.read_text().split('lon="')[1].split('"')[0],
    )
    tagged = (
        tagged.replace("53.0", lat).replace("6.9", lon) + '<tag k="population" v="1000"/></node><way id="1"'
    )
    osm.write_text(osm.read_text().replace('/><way id="1"', tagged, 1))
    world = open_world(folder, silent)
    assert world.places.name == ("Nine",)
    # By the age shares of the country: 222, 109 and 80 of 1,000, and the rest between 20 and 64.
    assert world.places.inhabitants_by_age.tolist() == [[222, 589, 109, 80]]
    assert any("age bands" in finding.what for finding in world.report.findings)


def test_a_damaged_build_is_made_anew_and_told_once(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    first = open_world(folder, silent)
    file = first.ready / "places" / "inhabitants_by_age.npy"
    content = bytearray(file.read_bytes())
    content[-2] ^= 1  # another number of people, which nobody would notice
    file.unlink()  # the world that is open keeps its own
    file.write_bytes(content)
    again = open_world(folder, silent)
    assert (again.places.inhabitants_by_age == first.places.inhabitants_by_age).all()
    assert [found.what for found in again.report.findings][-1] == "ready data that were damaged, made anew"
    assert open_world(folder, silent).report == first.report


def test_a_region_that_may_only_be_read_is_built_in_the_cache_of_the_user(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    (folder / READY).write_text("a file where the folder should be")
    world = open_world(folder, silent)
    assert world.ready.parent.parent == user_cache("builds")
    assert world.ready.parent.name.startswith("valley-")
    assert world.places.id == ("west", "mid", "east", "lone")


def test_the_build_that_comes_along_with_a_region_that_may_only_be_read_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_toy_region(tmp_path / "valley")
    along = open_world(folder, silent)
    monkeypatch.setattr(module, "can_write", lambda _folder: False)
    told: list[str] = []
    world = open_world(folder, lambda label, _share: told.append(label))
    assert told == []  # nothing was built
    assert world.ready.parent.parent == user_cache("builds")
    assert world.report == along.report


def test_a_folder_that_cannot_be_written_to_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_toy_region(tmp_path / "valley")
    (folder / READY).write_text("a file where the folder should be")
    (tmp_path / "cache").write_text("a file there as well")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(InputError, match="Cannot write"):
        open_world(folder, silent)
    shutil.rmtree(folder)
