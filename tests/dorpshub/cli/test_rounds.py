"""`dorpshub rounds` on the toy valley (drawn in toys/region.py), where the bus only goes east."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from data.errors import InputError
from dorpshub.cli.commands import commands
from support.toys.region import write_toy_region


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_region(tmp_path_factory.mktemp("toy") / "valley")


def rounds(folder: Path, *options: str) -> pd.DataFrame:
    out = folder / "rounds.csv"
    command = ["rounds", str(folder), "--quiet", "--out", str(out), "--kind", "supermarket", *options]
    CliRunner().invoke(commands, command, catch_exceptions=False, standalone_mode=False)
    return pd.read_csv(out).set_index("place_id")


def test_every_place_keeps_its_row_and_says_what_it_rests_on(valley: Path) -> None:
    table = rounds(valley, "--mode", "walk", "--stay-min", "30", "--depart", "09:00", "--until", "10:00")
    # 4 km either way at 1.33 m/s and half an hour in the shop; no street leads to Lone.
    assert table.loc["west", "away_ordinary_s"] == pytest.approx(2 * 3008 + 1800, abs=2)
    assert table["away_ordinary_s"].isna().to_dict() == {
        "west": False,
        "mid": False,
        "east": False,
        "lone": True,
    }
    assert table["undone_share"].to_dict() == {"west": 0, "mid": 0, "east": 0, "lone": 1}
    assert set(table["departures"]) == {"09:00-10:00"}
    assert set(table["visit_source"]) == {"chosen"}


def with_hours(folder: Path, hours: str) -> Path:
    """Toy valley whose one supermarket has these hours, in CSV quotes."""
    write_toy_region(folder)
    table = folder / "facilities.csv"
    head, gp, shop = table.read_text().splitlines()
    table.write_text(f"{head},opening_hours\n{gp},\n{shop},{hours}\n")
    return folder


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (
            "when the flag is out",
            "Supermarket east: 'when the flag is out' cannot be read; usual hours count, Mo-Sa",
        ),
        ("08.00-20.00", "Supermarket east: read as 08:00-20:00."),
    ],
)
def test_hours_in_other_words_stop_nothing_and_are_named(tmp_path: Path, hours: str, told: str) -> None:
    folder, out = with_hours(tmp_path / "valley", hours), tmp_path / "rounds.csv"
    options = ["--kind", "supermarket", "--mode", "walk", "--depart", "09:00", "--until", "10:00"]
    result = CliRunner().invoke(commands, ["rounds", str(folder), "--out", str(out), *options])
    assert result.exit_code == 0
    assert told in result.output
    # Open from 8 to 20 either way: 4 km there and back and half an hour in the shop.
    table = pd.read_csv(out).set_index("place_id")
    assert table.loc["west", "away_ordinary_s"] == pytest.approx(2 * 3008 + 1800, abs=2)


def test_an_appointment_tells_when_to_leave_and_when_one_is_back(valley: Path) -> None:
    table = rounds(valley, "--kind", "gp", "--stay-min", "20", "--appointment", "09:35")
    # The 9:30 is in Mid at 9:34. Out at 9:55, and 2 km on foot back (25 minutes and 4 seconds).
    assert str(table.loc["west", "leave"]).startswith("09:30")
    assert table.loc["west", "away_s"] == pytest.approx(25 * 60 + 1504, abs=2)


def test_a_carer_has_a_row_for_every_village_around_the_base(valley: Path) -> None:
    table = rounds(valley, "--from-base", "Mid", "--mode", "walk", "--stay-min", "10", "--until", "08:00")
    assert table.loc["east", "away_best_s"] == pytest.approx(2 * 1504 + 600, abs=2)
    assert table.loc["mid", "away_best_s"] == 600


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--depart", "22:00"), "No departure lies between"),
        (("--kind", "gp,supermarket"), "name one kind"),
        (("--from-base", "Mid", "--appointment", "09:00"), "either for --appointment or for visits"),
        (("--mode", "on_demand"), "choose a mode that is not on demand"),
        (("--kind", "library"), "Where a library is, is unknown"),
    ],
)
def test_what_cannot_be_asked_is_told(valley: Path, options: tuple[str, ...], says: str) -> None:
    with pytest.raises(InputError, match=says):
        rounds(valley, *options)
