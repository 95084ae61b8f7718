"""The panel "This region as one file", over the toy valley, as Streamlit runs it but without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.own.region_file import read_region_file, scenario_files, write_region_file
from data.own.store import NAME
from data.study_area.region_toml import load_region
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.json_text import from_json, to_json
from scenarios.edits.scenario import EMPTY, Scenario
from support.toys.app import app_over, state
from support.toys.region import write_toy_region
from ui.pages.data import share, upload_actions
from ui.state import cache, regions
from ui.words.i18n import texts_in

NL = texts_in("nl")
HUB = Scenario("Hub in West", "", (PlaceHub(place_id="west", kinds=("gp",)),))


@pytest.fixture
def valley(tmp_path: Path) -> Path:
    return write_toy_region(tmp_path / "valley")


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, valley: Path) -> Iterator[AppTest]:
    """Return the app over the toy valley, at the page about the data."""
    monkeypatch.setattr(regions, "UPLOADED", tmp_path / "own")
    with app_over(monkeypatch, tmp_path, valley, "gegevens") as app:
        yield app


def bring(app: AppTest, content: bytes) -> None:
    """Bring a file in the field of the panel."""
    (field,) = [one for one in app.file_uploader if one.label == NL.say("A region as one file")]
    field.upload("valley.dorpshub", content, "application/octet-stream").run()


def packed(valley: Path, *scenarios: Scenario) -> bytes:
    out = valley.parent / "packed.dorpshub"
    told = [(scenario.name, to_json(scenario)) for scenario in scenarios]
    write_region_file(out, load_region(valley), told, "1.2")
    return out.read_bytes()


def test_what_is_taken_along_is_the_region_with_the_scenario_that_is_open(
    app: AppTest, valley: Path, tmp_path: Path
) -> None:
    app.run()
    assert not app.exception
    world = cache.opened(state(app).choices, NL)
    file = tmp_path / "taken.dorpshub"
    for scenario, texts in ((HUB, [to_json(HUB)]), (EMPTY, [])):
        file.write_bytes(share.content(world, scenario, NL))
        made, told = read_region_file(file, tmp_path / f"copy{len(texts)}", from_json)
        # Called by its title: the name of a visitor's region is the secret of its link.
        assert (told.title, told.name) == ("Toy valley", "toy-valley")
        assert (made / "places.csv").read_bytes() == (valley / "places.csv").read_bytes()
        assert [path.read_text(encoding="utf-8") for path in scenario_files(made)] == texts


def test_a_file_that_is_brought_is_a_region_with_its_scenarios(
    app: AppTest, valley: Path, tmp_path: Path
) -> None:
    app.run()
    bring(app, packed(valley, HUB))
    assert not app.exception
    assert [told.value for told in app.success] == [NL.say(upload_actions.USED)]
    # Only its link leads there; the scenario is open, and in the library of that region.
    name = state(app).choices.region
    assert NAME.fullmatch(name)
    assert state(app).scenario == HUB
    assert [row.scenario.name for row in cache.library().rows(name)] == ["Hub in West"]
    assert cache.opened(state(app).choices, NL).facilities.name == ("Gp mid", "Supermarket east")
    # Nothing but the region is left.
    assert [path.name for path in (tmp_path / "own").iterdir()] == [name]


def test_a_damaged_file_changes_nothing_and_is_told(app: AppTest, valley: Path, tmp_path: Path) -> None:
    app.run()
    before = state(app).choices
    content = bytearray(packed(valley))
    content[len(content) // 2] ^= 1
    bring(app, bytes(content))
    assert not app.exception
    assert NL.say(upload_actions.NO_REGION) in " ".join(str(one.value) for one in app.error)
    assert state(app).choices == before
    assert list((tmp_path / "own").iterdir()) == []
