"""Options mean the same in every verb of `dorpshub`; the valley is drawn in toys/region.py."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import click
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from data.errors import InputError
from dorpshub.cli.commands import commands
from dorpshub.cli.options import SHARED
from scenarios.edits.json_text import to_json
from scenarios.edits.people import ChangeTraveller
from scenarios.edits.scenario import Scenario
from support.toys.region import lonlat, write_toy_region, write_week

NAMES = sorted(key.split()[0] for key in SHARED)
NO_TABLE_SAYS = {
    # Where no region is opened there are no modes of a traveller, and what rides needs a timetable first.
    ("--modes", "matrix"): "walk,bike,ebike,car",
    # The quickest of several counts there, which would be the car for everybody.
    ("--modes", "place"): "bike",
    # Kept for scripts: what these verbs took before there was a table.
    ("--kind", "rounds"): "supermarket",
    ("--kind", "stress"): click.Option(["--required"]).default,
    ("--modes", "plan"): "bike",
    ("--mode", "report"): "bike",
    # Each service has a limit of its own in the table of services; a budget is what that verb is about.
    ("--limit-min", "place-services"): None,
    ("--budget", "place-services"): click.Option(["--required"]).default,
    ("--demand", "place-services"): "cells",
    # Those who bring care at home go by e-bike mostly.
    ("--mode", "care-rounds"): "ebike",
    ("--mode", "stress"): "bike",
    # How far one gets is asked of villages and hubs: by bike first.
    ("--mode", "reach"): "bike",
    # One of two that say when, so that neither is there by itself.
    ("--arrive-by", "explain"): None,
    ("--limit-min", "place"): 15.0,
    # Of all kinds only schools have bells; a quarter of an hour is what is asked of them.
    ("--kind", "school"): "primary_school",
    ("--limit-min", "school"): 15.0,
    # The limits of the norms are there already; these come besides.
    ("--limit-min", "measures"): (),
    # A trip there and back takes a day with opening hours, one way is asked about an hour.
    ("--depart", "rounds"): "07:00",
    ("--window-min", "rounds"): None,
}
"""Defaults that differ from those of the other verbs, each for its reason."""


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_region(tmp_path_factory.mktemp("toy") / "valley")


def run(folder: Path, verb: str, *more: str) -> Result:
    result = CliRunner().invoke(commands, [verb, str(folder), *more], standalone_mode=False)
    assert result.exception is None, result.exception
    return result


def with_option(name: str) -> dict[str, click.Option]:
    """The option of that name in each verb that has it."""
    return {
        verb: param
        for verb, command in commands.commands.items()
        for param in command.params
        if isinstance(param, click.Option) and name in param.opts
    }


@pytest.mark.parametrize("name", NAMES)
def test_an_option_has_one_type_help_and_default(name: str) -> None:
    found = with_option(name)
    assert len(found) > 1, "shared by nobody"
    key = next(key for key in SHARED if key.split()[0] == name)
    usual = {
        getattr(param, "default", None) for verb, param in found.items() if (name, verb) not in NO_TABLE_SAYS
    }
    # Click has a value of its own for a default that is not given: there must be one default, whichever it is.
    assert len(usual) == 1
    for verb, param in found.items():
        assert (param.help or "").startswith(SHARED[key]["help"]), verb
        assert param.type.to_info_dict() == next(iter(found.values())).type.to_info_dict(), verb
        assert param.name == next(iter(found.values())).name, verb
        if (name, verb) in NO_TABLE_SAYS:
            assert param.default == NO_TABLE_SAYS[name, verb]


def test_no_two_options_of_a_name_are_made_apart() -> None:
    # An option that two verbs have and the table lacks would be free to drift; these mean something of each verb alone.
    own = {"--from", "--to", "--out", "--later-year", "--at", "--address", "--hubs", "--quick", "--years-out"}
    verbs = defaultdict(list)
    for verb, command in commands.commands.items():
        for param in command.params:
            if isinstance(param, click.Option):
                verbs[param.opts[0]].append(verb)
    assert {name for name, of in verbs.items() if len(of) > 1} - set(NAMES) == own


@pytest.mark.parametrize("verb", sorted(commands.commands))
def test_one_mode_or_kind_is_singular_and_several_are_plural(verb: str) -> None:
    names = {name for param in commands.commands[verb].params for name in param.opts}
    for one, several in (("--mode", "--modes"), ("--kind", "--kinds")):
        assert not {one, several} <= names


def test_every_verb_that_works_out_times_of_a_region_takes_a_date() -> None:
    # A rerun has the date in its file; a matrix has no region but needs one; init proposes one; in the app it is chosen; a
    # region as one file works out none, nor does a description.
    assert set(commands.commands) - set(with_option("--date")) == {
        "rerun",
        "init",
        "app",
        "export",
        "import",
        "describe",
    }


def test_old_spellings_are_read_and_told_once(valley: Path, tmp_path: Path) -> None:
    told = "--mode is now called --modes; the old name still works.\n"
    out = ("--quiet", "--kinds", "gp", "--out", str(tmp_path / "m.csv"))
    # Written twice, the last one counts, as ever; and one line is enough to learn the new name.
    result = run(valley, "measures", "--mode", "walk", "--mode=bike", *out)
    assert result.stderr == told
    assert set(pd.read_csv(tmp_path / "m.csv")["mode"]) == {"bike"}
    # Told apart from what the verb writes, so that a script that reads the output reads what it always did.
    assert not result.stdout
    # Where there is one mode, that is the name.
    result = run(
        valley, "stress", "--kind", "gp", "--mode", "walk", "--quiet", "--out", str(tmp_path / "s.csv")
    )
    assert not result.stderr


def test_every_old_spelling_gives_what_the_new_one_gives(valley: Path, tmp_path: Path) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    asked = ("--modes", "walk", "--quiet", "--out")
    result = run(valley, "measures", "--kind", "gp", "--language", "nl", *asked, str(old))
    assert result.stderr.splitlines() == [
        "--kind is now called --kinds; the old name still works.",
        "--language is now called --lang; the old name still works.",
    ]
    run(valley, "measures", "--kinds", "gp", "--lang", "nl", *asked, str(new))
    assert old.read_bytes() == new.read_bytes()
    # Until ten is an hour from nine on.
    times = ("--mode", "walk", "--depart", "09:00", "--quiet", "--out")
    result = run(valley, "rounds", "--until", "10:00", *times, str(old))
    assert result.stderr == "--until is now called --window-min; the old name still works.\n"
    run(valley, "rounds", "--window-min", "60", *times, str(new))
    assert old.read_bytes() == new.read_bytes()


def test_another_traveller_has_other_modes_and_another_pace(valley: Path, tmp_path: Path) -> None:
    out = ("--kinds", "gp", "--out", str(tmp_path / "t.csv"))
    run(valley, "times", "--modes", "walk", *out)
    adult = pd.read_csv(tmp_path / "t.csv").set_index("place_id")["travel_time_s"]
    result = run(valley, "times", "--traveller", "75plus", *out)
    assert "traveller: 75plus" in result.stdout
    table = pd.read_csv(tmp_path / "t.csv")
    # Nobody of 75 and over is taken to cycle or drive.
    assert set(table["mode"]) == {"walk", "transit", "on_demand"}
    older = table[table["mode"] == "walk"].set_index("place_id")["travel_time_s"]
    # 2 km from West to Mid at 1.33 and at 0.94 m/s.
    assert adult["west"] == pytest.approx(2000 / 1.33, abs=1)
    assert older["west"] == pytest.approx(2000 / 0.94, abs=1)


@pytest.mark.parametrize(
    ("verb", "more"),
    [
        ("explain", ["--from", "west", "--to", "gp", "--at", "9:00", "--mode"]),
        ("stress", ["--kind", "gp", "--mode"]),
        ("rounds", ["--mode"]),
        ("measures", ["--modes"]),
    ],
)
def test_a_mode_that_the_traveller_does_not_have_is_refused(valley: Path, verb: str, more: list[str]) -> None:
    arguments = [verb, str(valley), "--traveller", "frame", *more, "bike"]
    result = CliRunner().invoke(commands, arguments, standalone_mode=False)
    # With a walking frame one goes on foot or by bus; no ride can be booked in the valley.
    assert "'frame' does not have the mode 'bike', but walk, transit." in str(result.exception)
    if more[-1] == "--mode":
        result = CliRunner().invoke(commands, [verb, str(valley), *more, "walk,bike"], standalone_mode=False)
        assert "name one mode" in str(result.exception)


def test_times_leave_out_what_a_traveller_lacks_and_refuse_when_nothing_is_left(
    valley: Path, tmp_path: Path
) -> None:
    # Kept for scripts: a scenario may change the traveller, and the table has the modes that are left.
    older, out = tmp_path / "older.json", tmp_path / "t.csv"
    older.write_text(to_json(Scenario("Older", "", (ChangeTraveller(traveller="75plus"),))))
    asked = ("--scenario", str(older), "--kinds", "gp", "--quiet", "--out", str(out))
    run(valley, "times", *asked)
    assert set(pd.read_csv(out)["mode"]) == {"walk", "transit", "on_demand"}
    run(valley, "times", "--modes", "walk,bike", *asked)
    assert set(pd.read_csv(out)["mode"]) == {"walk"}
    arguments = ["times", str(valley), "--modes", "bike,car", *asked]
    result = CliRunner().invoke(commands, arguments, standalone_mode=False)
    assert "75plus has the use of none of the modes bike, car" in str(result.exception)


def test_without_modes_measures_has_the_usual_four(valley: Path, tmp_path: Path) -> None:
    run(valley, "measures", "--kinds", "gp", "--quiet", "--out", str(tmp_path / "m.csv"))
    assert set(pd.read_csv(tmp_path / "m.csv")["mode"]) == {"walk", "bike", "car", "transit"}


def test_time_to_spare_before_the_first_bus_is_an_option_and_is_said(valley: Path, tmp_path: Path) -> None:
    # From West to East at 9:00 with the bus of that minute; with a minute to spare at the stop that is missed.
    for slack_s, arrival in ((0, "at East 09:08"), (60, "at East 09:38")):
        result = run(
            valley,
            "explain",
            *("--from", "West", "--to", "East", "--at", "09:00", "--mode", "transit"),
            *("--boarding-slack-s", str(slack_s)),
        )
        assert arrival in result.stdout
        assert ("At the first stop 60 s before the departure." in result.stdout) == bool(slack_s)
    # It goes with a comparison into its run file, and comes back out of it.
    scenario = tmp_path / "none.json"
    scenario.write_text(to_json(Scenario("Nothing")))
    out = ("--kinds", "supermarket", "--modes", "transit", "--out", str(tmp_path / "c.csv"))
    run(valley, "compare", str(scenario), *out, "--boarding-slack-s", "60")
    written = json.loads((tmp_path / "c.run.json").read_text())
    assert written["spec"]["boarding_slack_s"] == written["assumptions"]["first_boarding_slack_s"] == 60
    again = CliRunner().invoke(
        commands,
        ["rerun", str(tmp_path / "c.run.json"), "--out", str(tmp_path / "d.csv")],
        standalone_mode=False,
    )
    assert again.exception is None
    assert "The same to the last byte" in again.stdout


def between_points(folder: Path, *more: str) -> pd.DataFrame:
    """Times by bus from West to Mid in percentiles, from the files of the valley alone."""
    for name, spot in (("o.csv", "west"), ("d.csv", "mid")):
        lon, lat = lonlat(spot)
        (folder / name).write_text(f"id,lon,lat\n{spot},{lon},{lat}\n")
    asked = [
        "matrix", "--streets", str(folder / "streets.osm"), "--timetable", str(folder / "timetable.zip"),
        "--origins", str(folder / "o.csv"), "--destinations", str(folder / "d.csv"), "--modes", "transit",
        "--date", "2026-10-06", "--percentiles", "0,100", "--quiet", "--out", str(folder / "m.csv"), *more,
    ]  # fmt: skip
    result = CliRunner().invoke(commands, asked, standalone_mode=False)
    if result.exception:
        raise result.exception
    assert not result.stderr
    return pd.read_csv(folder / "m.csv")


@pytest.mark.parametrize(
    "said",
    [
        ("--window", "09:00-09:20"),
        ("--window", "9:00 \N{EN DASH} 9:20"),
        ("--depart", "09:00", "--window-min", "20"),
    ],
)
def test_a_window_is_said_from_when_to_when_or_for_how_long(valley: Path, said: tuple[str, ...]) -> None:
    row = between_points(valley, *said).iloc[0]
    # The bus of 9:00 takes 4 minutes; who leaves at 9:01 or later walks the 2 km (1,504 s) rather than wait till 9:30,
    # but at 9:19 the 11 minutes of waiting and the ride (900 s) are less: the longest is by foot.
    assert (row["travel_time_p0_s"], row["travel_time_p100_s"]) == (240, 1504)


def test_the_last_departure_is_before_the_end_of_the_window(valley: Path) -> None:
    # Only that of 9:00 itself: a minute later the best is a walk.
    row = between_points(valley, "--window", "09:00-09:01").iloc[0]
    assert row["travel_time_p100_s"] == 240
    assert between_points(valley, "--window", "09:00-09:02").iloc[0]["travel_time_p100_s"] == 1504


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("--window", "07:00"), "--window '07:00': write two clock times"),
        (("--window", "07:00-08:00-09:00"), "write two clock times"),
        (("--window", "09:00-07:00"), "No departure lies between 09:00 and 07:00"),
        (("--window", "09:00-09:00"), "No departure lies between"),
        (("--window", "nine-ten"), "'nine' is no clock time"),
        (("--window", "00:00-24:01"), "a day at most"),
        (("--window", "07:00-09:00", "--depart", "07:00"), "leave out --depart,"),
        (("--window", "07:00-09:00", "--window-min", "60", "--depart", "07:00"), "leave out --depart and --window-min"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("verb", ["matrix", "rounds"])
def test_a_window_that_says_nothing_or_two_things_is_refused(
    valley: Path, verb: str, said: tuple[str, ...], told: str
) -> None:
    def rounds(folder: Path, *more: str) -> None:
        asked = ["rounds", str(folder), *more]
        CliRunner().invoke(commands, asked, catch_exceptions=False, standalone_mode=False)

    ask = between_points if verb == "matrix" else rounds
    with pytest.raises(InputError, match=told):
        ask(valley, *said)


def test_rounds_take_the_same_window(valley: Path, tmp_path: Path) -> None:
    asked = ("--mode", "walk", "--quiet", "--out")
    run(valley, "rounds", "--window", "09:00-10:00", *asked, str(tmp_path / "new.csv"))
    run(valley, "rounds", "--depart", "09:00", "--window-min", "60", *asked, str(tmp_path / "old.csv"))
    assert (tmp_path / "new.csv").read_bytes() == (tmp_path / "old.csv").read_bytes()


def test_hubs_are_placed_for_a_traveller(valley: Path, tmp_path: Path) -> None:
    out = tmp_path / "hubs.csv"
    asked = ("--hubs", "1", "--modes", "walk", "--unreached-min", "60", "--quiet", "--out", str(out))
    means = []
    for traveller in ("adult", "75plus"):
        run(valley, "place", "--traveller", traveller, *asked)
        table = pd.read_csv(out)
        assert table["site_id"].tolist() == ["west"]
        means.append(table["value"].item())
    # The 100 of East walk 2 km to Mid, at 1.33 and at 0.94 m/s (1,504 and 2,128 s); the 4 of Lone count an hour each.
    assert means == [100 * 1504 + 4 * 3600, 100 * 2128 + 4 * 3600]
    arguments = ["place", str(valley), "--traveller", "frame", "--modes", "bike"]
    result = CliRunner().invoke(commands, arguments, standalone_mode=False)
    assert "'frame' does not have the mode 'bike', but walk, transit." in str(result.exception)


def test_a_check_is_of_the_date_that_is_named(tmp_path: Path) -> None:
    folder = write_week(tmp_path / "valley")
    for verb in ("check", "calibrate"):
        out = tmp_path / f"{verb}.md"
        run(folder, verb, "--date", "2026-10-10", "--out", str(out))
        assert out.is_file()
    assert "Service date 2026-10-10." in (tmp_path / "check.md").read_text()


def test_a_check_is_of_the_traveller_that_is_named(valley: Path, tmp_path: Path) -> None:
    # Lone has no street; from everywhere else the stop is in the village, at any pace.
    run(valley, "check", "--traveller", "frame", "--out", str(tmp_path / "check.md"))
    said = (tmp_path / "check.md").read_text()
    assert "places without a stop within 30 min on foot" in said
    assert "On foot as the traveller frame." in said
    run(valley, "check", "--traveller", "frame", "--lang", "nl", "--out", str(tmp_path / "nl.md"))
    assert "Te voet als de reiziger frame." in (tmp_path / "nl.md").read_text()
