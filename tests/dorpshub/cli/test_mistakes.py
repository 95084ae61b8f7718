"""Every verb answers a mistake with one sentence: what is wrong, the nearest right word, and where to read on."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from dorpshub.cli.commands import commands
from dorpshub.cli.options import in_file, out_file
from dorpshub.cli.progress_bar import progress_bar
from support.command import TYPED, dorpshub
from support.toys.region import write_toy_region

VERBS = sorted(commands.commands)
NO_REGION = {"init", "matrix", "rerun", "fetch", "import", "describe"}
"""Verbs whose first word is no region that must be there."""


@pytest.fixture(autouse=True)
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The toy region as `valley` in the working folder, with a scenario, and tables whose names are nearly those typed."""
    monkeypatch.chdir(tmp_path)
    write_toy_region(tmp_path / "valley")
    for name in ("hubs.json", "maps.osm", "first1.run.json", "regio.dorpshub"):
        (tmp_path / name).write_text("{}")
    return tmp_path


def refusal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said on standard error, which must be all that is said, in one line without Python's own words."""
    assert dorpshub(monkeypatch, *arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    for inside in ("Errno", "Traceback", "%Y", "<"):
        assert inside not in said.err
    return said.err


def required(verb: str) -> list[click.Parameter]:
    return [param for param in commands.commands[verb].params if param.required]


@pytest.mark.parametrize("verb", [verb for verb in VERBS if required(verb)])
def test_a_verb_without_what_it_needs_says_what(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refusal(monkeypatch, capsys, verb)
    # The first of them that is missing by name, and what it is: its help, or where it stands.
    first = next(
        param
        for param in required(verb)
        if param.human_readable_name.upper() in said or param.opts[0] in said
    )
    told = first.help if isinstance(first, click.Option) else f"dorpshub {verb} [OPTIONS]"
    assert str(told) in said
    assert f"'dorpshub {verb} --help'" in said


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in NO_REGION])
def test_a_wrong_region_names_the_nearest(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("hub.json").write_text('{"edits": []}')
    Path("figures.csv").write_text(
        "year,area,indicator,value,unit,source\n2024,valley,inhabitants,100,persons,x\n"
    )
    said = refusal(monkeypatch, capsys, verb, "vally", *TYPED.get(verb, ("",))[1:])
    assert said.startswith("dorpshub: There is no region 'vally'")
    assert "Did you mean valley?" in said
    said = refusal(monkeypatch, capsys, verb, "zuid-oost-drente", *TYPED.get(verb, ("",))[1:])
    assert "Did you mean zuid-oost-drenthe?" in said


def test_where_no_region_is_like_it_the_verbs_that_make_one_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refusal(monkeypatch, capsys, "times", "nowhere")
    assert "'dorpshub init' makes one of your own files, 'dorpshub fetch' of observed data." in said


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in {"compare", "cost", "export"}])
def test_a_word_too_many_ends_in_a_full_stop(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (
        "map.osm",
        "streets.osm",
        "o.csv",
        "d.csv",
        "figures.csv",
        "first.run.json",
        "valley.dorpshub",
    ):
        Path(name).touch()
    said = refusal(monkeypatch, capsys, verb, *TYPED.get(verb, ("valley",)), "much", "too", "much")
    assert said.startswith(f"dorpshub {verb}: Got unexpected extra argument")
    assert f"much). 'dorpshub {verb} --help' tells more." in said


@pytest.mark.parametrize("verb", VERBS)
def test_a_wrong_option_names_the_nearest(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    longest = max(
        (param.opts[0] for param in commands.commands[verb].params if param.opts[0].startswith("--")), key=len
    )
    said = refusal(monkeypatch, capsys, verb, *TYPED.get(verb, ()), f"{longest}x")
    assert said.startswith(f"dorpshub {verb}: No such option '{longest}x'.")
    assert f"'{longest}'" in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("tims",), "Did you mean 'times'?"),
        (("times", "valley", "--kinds", "supermarkt"), "Did you mean supermarket?"),
        (("times", "valley", "--modes", "bikes"), "Did you mean bike"),
        (("times", "valley", "--traveller", "75"), "Did you mean 75plus?"),
        (("times", "valley", "--date", "6 okt"), "write it like 2026-10-06."),
        (("times", "valley", "--out", "times.xlsx"), "choose one of these endings"),
        (("reach", "valley", "--of", "supermarkt"), "Did you mean supermarket?"),
        (("explain", "valley", "--from", "wset", "--to", "gp", "--at", "9:05"), "Ids like it: west"),
    ],
    ids=lambda of: " ".join(of) if isinstance(of, tuple) else "",
)  # fmt: skip
def test_a_wrong_word_names_the_nearest(
    arguments: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told in refusal(monkeypatch, capsys, *arguments)


FILES = [
    ("times", "valley", "--scenario", "hub.json"),
    ("compare", "valley", "hub.json"),
    ("cost", "valley", "hub.json"),
    ("rerun", "first.run.json", "--out", "second.csv"),
    ("export", "valley", "hub.json"),
    ("import", "region.dorpshub"),
    ("init", "folder", "--streets", "map.osm"),
    ("matrix", "--streets", "map.osm", "--origins", "o.csv", "--destinations", "d.csv", "--out", "c.csv"),
]


@pytest.mark.parametrize("arguments", FILES, ids=lambda of: of[0])
def test_a_missing_file_is_named_with_the_nearest(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refusal(monkeypatch, capsys, *arguments)
    assert "there is no such file. Did you mean " in said


@pytest.mark.parametrize(
    "arguments",
    [
        (
            "matrix",
            "--streets",
            "valley/streets.osm",
            "--origins",
            "o.csv",
            "--destinations",
            "d.csv",
            "--out",
            "c.csv",
        ),
        ("fetch", "valley", "--offline", "--municipalities", "Emmen", "--sources", "my.toml"),
    ],
    ids=lambda of: of[0],
)
def test_a_missing_file_with_nothing_like_it_is_named(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refusal(monkeypatch, capsys, *arguments)
    assert "o.csv" in said or "my.toml" in said


@pytest.mark.parametrize(
    ("verb", "option"),
    [
        (verb, param.opts[0])
        for verb in VERBS
        for param in commands.commands[verb].params
        if param.type is in_file and isinstance(param, click.Option)
    ],
)
def test_a_missing_file_is_told_before_any_region_is_opened(
    verb: str, option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Opening the region would say that there is none.
    for name in ("map.osm", "streets.osm", "o.csv", "d.csv", "hub.json", "figures.csv"):
        Path(name).touch()
    said = refusal(monkeypatch, capsys, verb, "vally", *TYPED.get(verb, ("",))[1:], option, "absent.xyz")
    assert said == "dorpshub: absent.xyz: there is no such file. Check its name.\n"


@pytest.mark.parametrize(
    ("verb", "option"),
    [
        (verb, param.opts[0])
        for verb in VERBS
        for param in commands.commands[verb].params
        if param.type is out_file
    ],
)
def test_a_result_in_a_folder_that_is_not_there_is_refused_before_any_region_is_opened(
    verb: str, option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("map.osm", "streets.osm", "o.csv", "d.csv", "hub.json", "figures.csv", "first.run.json"):
        Path(name).touch()
    said = refusal(monkeypatch, capsys, verb, *TYPED.get(verb, ("vally",)), option, "absent/all.csv")
    assert "all.csv: there is no folder absent; make it first, or name another.\n" in said
    assert not Path("absent").exists()


def test_who_is_waited_for_is_told_where_no_bar_is_seen(capsys: pytest.CaptureFixture[str]) -> None:
    # Into a file or a pipe there is no bar; that one waits is said there too, once, and not to who wants quiet.
    for quiet in (False, True):
        show = progress_bar(quiet=quiet)
        for _ in range(2):
            show("waiting for data.example", 0.0)
            show("downloading", 0.5)
    told = "Waiting for data.example, which has not answered yet. Ctrl-C leaves all as it was.\n"
    assert capsys.readouterr().err == told
