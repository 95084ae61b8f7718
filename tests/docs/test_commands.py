"""Commands in the documentation: all can be typed, and those of the tutorial and the reference do what is written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dorpshub.cli.commands import commands
from support.command import dorpshub
from support.docs_text import pages, text_of, typed
from support.files import DOCS
from support.toys.region import lonlat, write_toy_region

COMMANDS = [
    pytest.param(command.words, id=f"{page.stem}: {' '.join(command.words[1:3])}")
    for page in pages()
    for command in typed(text_of(page))
    if command.words[0] == "dorpshub"
]
NOT_RUN = {
    "fetch": "asks servers",
    "app": "serves until it is stopped",
    "calibrate": "takes minutes",
    "report": "takes half a minute, and has tests of its own",
}
SITES = """id,name,lon,lat,cost_per_year
school-odoornerveen,Old school Odoornerveen,6.80,52.84,30000
hall-weiteveen,Village hall Weiteveen,6.98,52.67,25000
shop-tweede-exloermond,Former shop Tweede Exloërmond,6.95,52.91,35000
"""
FIGURES = """year,area,indicator,value,unit,source
2024,Borger-Odoorn,mean distance to large supermarket,2.4,km,made up
2026,Borger-Odoorn,mean distance to large supermarket,2.4,km,made up
2025,Borger-Odoorn,visits to the hub,310,visits a year,made up
"""


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_is_one_that_can_be_typed(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in words[2:]:  # files to read must be there, and the folder of one to write
        if "." in name and not Path(name).is_absolute():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).touch()
    verb = commands.commands[words[1]]
    # Refuses an unknown option, a value that is none of its choices, and one word too many or too few.
    assert verb.make_context(words[1], words[2:])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the pages speak of: a toy region, points in it, sites and a scenario."""
    toy = write_toy_region(tmp_path / "toy")
    for here, there in (("streets.osm",) * 2, ("timetable.zip",) * 2, ("places.csv",) * 2):
        shutil.copy(toy / here, tmp_path / there)
    shutil.copy(toy / "facilities.csv", tmp_path / "services.csv")
    for name, spot in (("homes", "west"), ("gps", "mid")):
        lon, lat = lonlat(spot)
        (tmp_path / f"{name}.csv").write_text(f"id,lon,lat\n{spot},{lon},{lat}\n")
    (tmp_path / "sites.csv").write_text(SITES, encoding="utf-8")
    (tmp_path / "figures.csv").write_text(FIGURES)
    (tmp_path / "hub.json").write_text(
        '{"name": "Hub", "edits": [{"edit": "PlaceHub", "place_id": "odoornerveen", "kinds": ["supermarket"]}]}'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", ["reference/commands.md", "tutorial/council-paper.md"])
@pytest.mark.usefixtures("folder")
def test_the_page_can_be_followed_and_says_what_is_said(
    page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = text_of(DOCS / page)
    if "Former shop" in text:
        assert SITES in text
    for command in typed(text):
        if command.words[0] != "dorpshub" or command.words[1] in NOT_RUN:
            continue
        assert dorpshub(monkeypatch, *command.words[1:]) == 0, (command.words, capsys.readouterr().err)
        said = capsys.readouterr().out
        for line in command.says:
            assert line in said, (command.words, said)
