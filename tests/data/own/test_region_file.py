"""A region as one file: whole at the other end, or told what is wrong; the valley is drawn in toys/region.py."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from data.errors import DorpshubError, InputError, ScenarioError
from data.own.region_file import read_region_file, region_files, scenario_files, write_region_file
from data.study_area.region_toml import load_region
from scenarios.edits.json_text import from_json
from support.toys.region import write_toy_region

HUB = '{"name": "Hub", "edits": [{"edit": "PlaceHub", "place_id": "west", "kinds": ["gp"]}]}'
INPUTS = {"region.toml", "streets.osm", "timetable.zip", "places.csv", "facilities.csv"}


@pytest.fixture
def valley(tmp_path: Path) -> Path:
    return write_toy_region(tmp_path / "valley")


def packed(valley: Path, *scenarios: tuple[str, str]) -> Path:
    out = valley.parent / "valley.dorpshub"
    write_region_file(out, load_region(valley), scenarios, "1.2")
    return out


def changed(file: Path, change: dict[str, bytes | None], more: dict[str, bytes] | None = None) -> Path:
    """The same zip with the contents of some parts changed, or taken away, and others added."""
    with zipfile.ZipFile(file) as archive:
        parts: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    parts |= change | (more or {})
    out = file.with_name("changed.dorpshub")
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)
    return out


def manifest(file: Path) -> dict[str, object]:
    with zipfile.ZipFile(file) as archive:
        return json.loads(archive.read("manifest.json"))  # type: ignore[no-any-return]


def test_all_inputs_and_scenarios_arrive_as_they_were(valley: Path, tmp_path: Path) -> None:
    # What lies in the folder without belonging to the region stays at home: it may be anybody's.
    (valley / "letter.txt").write_text("private")
    (valley / ".ready").mkdir()
    assert set(region_files(load_region(valley))) == INPUTS
    file = packed(valley, ("Hub", HUB), ("Hub", HUB))
    made, told = read_region_file(file, tmp_path / "there" / "copy", from_json)
    assert made == tmp_path / "there" / "copy"
    for name in INPUTS:
        assert (made / name).read_bytes() == (valley / name).read_bytes()
    # Two scenarios of one name are two files.
    assert [path.name for path in scenario_files(made)] == ["hub-2.json", "hub.json"]
    assert {path.read_text() for path in scenario_files(made)} == {HUB}
    assert (told.title, told.name, told.version) == ("Toy valley", "valley", "1.2")
    assert next((of.layer, of.licence) for of in told.layers) == ("streets", "MIT")
    assert sorted(path.name for path in made.iterdir()) == sorted([*INPUTS, "scenarios"])


def test_the_same_region_makes_the_same_file(valley: Path, tmp_path: Path) -> None:
    first = packed(valley, ("Hub", HUB)).read_bytes()
    made, _ = read_region_file(tmp_path / "valley.dorpshub", tmp_path / "b" / "valley", from_json)
    assert packed(made, ("Hub", HUB)).read_bytes() == first


@pytest.mark.parametrize("name", sorted(INPUTS))
def test_a_damaged_byte_is_found_and_told(name: str, valley: Path, tmp_path: Path) -> None:
    content = bytearray((valley / name).read_bytes())
    content[len(content) // 2] ^= 1
    file = changed(packed(valley), {name: bytes(content)})
    with pytest.raises(InputError, match=f"damaged on the way: {name} is not what it was"):
        read_region_file(file, tmp_path / "new", from_json)
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".new*"))


def test_a_byte_lost_in_the_zip_itself_is_found(valley: Path, tmp_path: Path) -> None:
    file = packed(valley)
    whole = bytearray(file.read_bytes())
    at = whole.index((valley / "timetable.zip").read_bytes()[:60]) + 30  # that part is kept as it is
    whole[at] ^= 255
    file.write_bytes(whole)
    with pytest.raises(InputError, match=r"damaged on the way: timetable\.zip"):
        read_region_file(file, tmp_path / "new", from_json)
    file.write_bytes(whole[:-100])
    with pytest.raises(InputError, match="Ask for it again"):
        read_region_file(file, tmp_path / "new", from_json)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "name", ["../out.txt", "/etc/out.txt", "a/../../out.txt", "C:out.txt", "a\\out.txt", ".hidden"]
)
def test_names_that_lead_elsewhere_are_refused(name: str, valley: Path, tmp_path: Path) -> None:
    # As another program would write it: told in the manifest like any other part, with the right digest.
    file = packed(valley)
    told = manifest(file)
    part = {
        "name": name,
        "size": 0,
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }
    told["parts"] = [*told["parts"], part]  # type: ignore[misc]
    file = changed(file, {"manifest.json": json.dumps(told).encode()}, {name: b""})
    with pytest.raises(InputError, match="could lead out of the folder"):
        read_region_file(file, tmp_path / "new", from_json)
    assert not (tmp_path / "new").exists()


def test_what_is_not_told_or_not_there_is_refused(valley: Path, tmp_path: Path) -> None:
    for file in (
        changed(packed(valley), {}, {"more.csv": b"x"}),
        changed(packed(valley), {"places.csv": None}),
    ):
        with pytest.raises(InputError, match="is not what its manifest"):
            read_region_file(file, tmp_path / "new", from_json)


def test_what_would_fill_the_disk_is_refused(valley: Path, tmp_path: Path) -> None:
    # 100 MB of nothing pack to 0.1 MB: a thousand times, which no map or table does.
    file = packed(valley)
    out = tmp_path / "bomb.dorpshub"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest(file)))
        archive.writestr("places.csv", bytes(100 * 2**20))
    with pytest.raises(InputError, match="times its size"):
        read_region_file(out, tmp_path / "new", from_json)


def test_a_part_longer_than_it_is_told_is_not_written_out(valley: Path, tmp_path: Path) -> None:
    file = changed(packed(valley), {"places.csv": (valley / "places.csv").read_bytes() + b"more"})
    with pytest.raises(InputError, match=r"damaged on the way: places\.csv"):
        read_region_file(file, tmp_path / "new", from_json)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("manifest.json", b"{}", "its manifest.json cannot be read"),
        ("manifest.json", None, "there is no manifest.json in it"),
    ],
)
def test_other_files_are_refused(
    name: str, content: bytes | None, told: str, valley: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=told):
        read_region_file(changed(packed(valley), {name: content}), tmp_path / "new", from_json)
    (tmp_path / "text.dorpshub").write_text("no zip")
    with pytest.raises(InputError, match="no region as one file"):
        read_region_file(tmp_path / "text.dorpshub", tmp_path / "new", from_json)


def test_a_region_that_cannot_be_opened_is_not_left_there(valley: Path, tmp_path: Path) -> None:
    # Made by hand, with right digests, of a region.toml with a mistake in it, and of a scenario that is none.
    for scenarios, kind in (((), DorpshubError), ((("Hub", '{"edits": 3}'),), ScenarioError)):
        if not scenarios:
            region = load_region(valley)
            text = (valley / "region.toml").read_text()
            (valley / "region.toml").write_text(text.replace('crs = "EPSG:28992"', 'crs = "nowhere"'))
            write_region_file(tmp_path / "valley.dorpshub", region, scenarios, "1")
            (valley / "region.toml").write_text(text)
        else:
            packed(valley, *scenarios)
        with pytest.raises(kind):
            read_region_file(tmp_path / "valley.dorpshub", tmp_path / "new", from_json)
        assert not (tmp_path / "new").exists()


def test_a_folder_that_is_there_stays(valley: Path) -> None:
    before = (valley / "places.csv").read_bytes()
    with pytest.raises(InputError, match="is there already"):
        read_region_file(packed(valley), valley, from_json)
    assert (valley / "places.csv").read_bytes() == before


def test_files_outside_the_folder_are_not_taken_along(valley: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_bytes((valley / "places.csv").read_bytes())
    text = (valley / "region.toml").read_text().replace('"places.csv"', '"../elsewhere.csv"')
    (valley / "region.toml").write_text(text)
    with pytest.raises(InputError, match="outside its folder"):
        packed(valley)


def test_the_embedded_region_takes_its_facts_along() -> None:
    files = region_files(load_region("zuid-oost-drenthe"))
    assert {"region.toml", "population.toml", "facts/SOURCES.md", "facts/places.csv"} <= set(files)
