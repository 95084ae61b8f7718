"""region.toml: all that is wrong with it at once, by layer and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import RegionError
from data.study_area.region_toml import load_region
from support.toys.region import write_toy_region


def edited(folder: Path, *changes: tuple[str, str]) -> Path:
    """Toy valley with some texts of its region.toml replaced."""
    path = write_toy_region(folder) / "region.toml"
    text = path.read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text)
    return folder


def said(folder: Path) -> str:
    with pytest.raises(RegionError) as error:
        load_region(folder)
    return str(error.value)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    folder = edited(
        tmp_path / "valley",
        ('title = "Toy valley"\n', ""),
        ("EPSG:28992", "EPSG:4326"),
        ("2026-10-06", '"2026-10-06"'),
        ('["09:00", "10:00"]', '["nine", "25"]'),
        ('file = "streets.osm"\norigin = "observed"', 'file = "streets.osm"\norigin = "seen"'),
        ('file = "timetable.zip"', 'file = "absent.zip"'),
        ('file = "places.csv"', 'files = "places.csv"'),
    )
    text = said(folder)
    for fault in (
        "has 9 mistakes to mend",
        "the field 'title' is missing",
        "the field 'crs': 'EPSG:4326' does not measure in metres",
        "the field 'service_date' has the value '2026-10-06', which is of the wrong type; write a date without quotes",
        "window: 'nine' is no clock time",
        "window: '25' is no clock time",
        "layer 1 ('streets'): the origin is 'seen'",
        "layer 'timetable' names absent.zip",
        "layer 3 ('places'): unknown fields files",
        "layer 3 ('places'): the field 'file' is missing",
    ):
        assert fault in text


def test_one_mistake_is_one_sentence_behind_the_name_of_the_file(tmp_path: Path) -> None:
    folder = edited(tmp_path / "valley", ('title = "Toy valley"\n', ""))
    assert said(folder) == f"{folder / 'region.toml'}: the field 'title' is missing."


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        # A date with a time is a date to Python as well.
        (
            "= 2026-10-06",
            "= 2026-10-06T09:00:00",
            "'service_date' is 2026-10-06 09:00:00, a date with a time; write 2026-10-06",
        ),
        (
            'date = "2026"',
            "date = 2026-01-01T00:00:00Z",
            "layer 1 ('streets'): the field 'date' is 2026-01-01",
        ),
        ('file = "places.csv"', 'file = ""', "layer 3 ('places'): the field 'file' is blank"),
        ('title = "Toy valley"', 'title = ""', "the field 'title' is blank"),
        ('title = "Toy valley"', "title = true", "'title' has the value True"),
        ('file = "places.csv"', 'file = "places.csv"\ngenerated = "p.csv"', "it has a file and is generated"),
        ('name = "places"', "name = 3", "layer 3: the field 'name' has the value 3"),
        ("[[layer]]", 'generator = "facts"\n[[layer]]', "'generator' has the value 'facts'"),
        (
            "[[layer]]",
            '[generator]\nseed = "one"\n\n[[layer]]',
            "generator: the field 'seed' has the value 'one'",
        ),
        (
            "= 2026-10-06",
            "= 0001-01-01",
            "the service_date is 0001-01-01; write a day of the years 1970 to 2200",
        ),
        ("= 2026-10-06", "= 9999-12-31", "the service_date is 9999-12-31; write a day"),
        ("= 2026-10-06", "= inf", "'service_date' has the value inf"),
        ('["09:00", "10:00"]', '"09:00-10:00"', "'window' has the value '09:00-10:00'"),
    ],
)
def test_a_mistake_is_named_by_layer_and_field(tmp_path: Path, before: str, after: str, says: str) -> None:
    assert says in said(edited(tmp_path / "valley", (before, after)))


def test_layers_that_are_no_tables_and_services_on_demand_are_told_with_the_rest(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    (folder / "region.toml").write_text(
        'title = "T"\ncrs = "EPSG:28992"\nservice_date = 2026-10-06\nwindow = ["09:00"]\nlayer = ["streets.osm"]\non_demand = 5\n'
    )
    text = said(folder)
    for fault in (
        "window must be a start and an end",
        "layer 1 must be a [[layer]] table",
        "[[on_demand]] tables",
    ):
        assert fault in text


def test_who_keeps_the_data_may_be_given_and_must_be_an_address(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    assert load_region(folder).keeper == ""
    toml = folder / "region.toml"
    given = toml.read_text()
    toml.write_text(f'keeper = "data@example.org"\n{given}')
    assert load_region(folder).keeper == "data@example.org"
    # An address that would add fields to a message is none.
    toml.write_text(f'keeper = "data@example.org?cc=all@example.org"\n{given}')
    assert "the field 'keeper' is 'data@example.org?cc=all@example.org', which is no e-mail address" in said(
        folder
    )
