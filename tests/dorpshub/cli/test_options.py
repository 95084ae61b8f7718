"""Options mean the same in every verb of `dorpshub`; the valley is drawn in toy_region.py."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import click
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from toy_region import write_toy_region

from dorpshub.cli.main import commands
from dorpshub.cli.options import SHARED
from scenarios.edits.json_text import to_json
from scenarios.edits.people import ChangeTraveller
from scenarios.edits.scenario import Scenario

NAMES = sorted(key.split()[0] for key in SHARED)
NO_TABLE_SAYS = {
    # Where no region is opened there are no modes of a traveller, and what rides needs a timetable first.
    ("--modes", "matrix"): "walk,bike,ebike,car",
    # The quickest of several counts there, which would be the car for everybody.
    ("--modes", "place"): "bike",
    # Kept for scripts: what these verbs took before there was a table.
    ("--kind", "rounds"): "supermarket",
    ("--kind", "stress"): click.Option(["--required"]).default,
    ("--mode", "stress"): "bike",
    ("--limit-min", "place"): 15.0,
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
    own = {"--out", "--later-year"}
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
    # A rerun has the date in its file, a matrix has no region but needs one; reports of quality are of the usual day; init
    # proposes one.
    assert set(commands.commands) - set(with_option("--date")) == {"rerun", "check", "calibrate", "init"}


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
    # With a walking frame one goes on foot or by bus; no ride can be ordered in the valley.
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
