"""What the map is given: classes, colours, marks, and a library that lies in the package."""

from __future__ import annotations

import hashlib
import json
import tomllib

import pytest

from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.scenario import Scenario
from scenarios.edits.streets import DrawPath
from support.files import ROOT
from support.toys.ui import toy_view, toy_world
from ui.map.layers import legend_box, map_data
from ui.map.legend import (
    BETTER_COLOURS,
    MINUTE_COLOURS,
    SAME_COLOUR,
    WORSE_COLOURS,
    difference_colour,
    difference_legend,
    minute_colour,
    minutes_legend,
)
from ui.words.i18n import texts_in
from ui.words.words import MODES

NL = texts_in("nl")
SCENARIO = Scenario("", "", (PlaceHub(place_id="bee", kinds=("gp",)), CloseFacility("gp-aa")))


@pytest.mark.parametrize(
    ("minutes", "mode", "number"),
    [
        (0.0, "bike", 0),
        (5.0, "bike", 0),
        (5.1, "bike", 1),
        (45.0, "walk", 4),
        (45.1, "walk", 5),
        (15.0, "transit", 0),
        (91.0, "transit", 5),
    ],
)
def test_a_break_belongs_to_the_class_below(minutes: float, mode: str, number: int) -> None:
    assert minute_colour(minutes, mode) == MINUTE_COLOURS[number]


@pytest.mark.parametrize(
    ("before", "after", "colour"),
    [
        (9.0, 8.1, SAME_COLOUR),
        (9.0, 8.0, BETTER_COLOURS[0]),
        (9.0, 4.0, BETTER_COLOURS[1]),
        (14.0, 4.0, BETTER_COLOURS[2]),
        (None, 80.0, BETTER_COLOURS[2]),
        (8.0, 9.0, WORSE_COLOURS[0]),
        (4.0, 14.0, WORSE_COLOURS[2]),
        (4.0, None, WORSE_COLOURS[2]),
        (None, None, None),
    ],
)
def test_the_colour_of_a_difference(before: float | None, after: float | None, colour: str | None) -> None:
    assert difference_colour(before, after) == colour


def test_the_legend_names_every_colour_once() -> None:
    assert [entry.colour for entry in minutes_legend("bike", NL)] == [*MINUTE_COLOURS, None]
    colours = [entry.colour for entry in difference_legend(NL)]
    assert colours == [*reversed(BETTER_COLOURS), SAME_COLOUR, *WORSE_COLOURS, None]
    for mode in MODES:
        words = [entry.text for entry in minutes_legend(mode, NL)]
        assert len(set(words)) == len(words)


def test_before_after_and_difference_colour_the_same_places() -> None:
    # Bee goes from 20 to 3 minutes, Cee from not reached to 9.
    world, view = toy_world(), toy_view(SCENARIO)
    drawn = {show: map_data(world, view, show, NL, "Map") for show in ("before", "after", "difference")}
    bee, cee = (
        [drawn[show]["places"]["features"][row]["properties"]["colour"] for show in drawn] for row in (1, 2)
    )
    assert bee == [MINUTE_COLOURS[3], MINUTE_COLOURS[0], BETTER_COLOURS[2]]
    assert cee == ["", MINUTE_COLOURS[1], BETTER_COLOURS[2]]
    assert json.loads(json.dumps(drawn)) == drawn


def test_hubs_stand_on_the_map_except_on_the_map_of_now() -> None:
    world, view = toy_world(), toy_view(SCENARIO)
    assert map_data(world, view, "before", NL, "Map")["hubs"]["features"] == []
    (hub,) = map_data(world, view, "after", NL, "Map")["hubs"]["features"]
    assert hub["geometry"]["coordinates"] == pytest.approx([6.7, 52.8], abs=1e-4)
    assert hub["properties"]["tip"] == "Hub in Bee\nHuisarts"


def test_services_of_the_kind_are_marked_with_a_letter_closed_ones_crossed_out() -> None:
    (gp,) = map_data(toy_world(), toy_view(), "after", NL, "Map")["facilities"]["features"]
    assert gp["properties"] == {"icon": "service|H|open", "tip": "GP Aa (gemodelleerd)", "facility": "gp-aa"}
    (closed,) = map_data(toy_world(), toy_view(SCENARIO), "after", NL, "Map")["facilities"]["features"]
    assert closed["properties"]["icon"] == "service|H|closed"
    assert closed["properties"]["tip"] == "GP Aa (gemodelleerd, gesloten)"
    # On the map of now it is open still.
    (now,) = map_data(toy_world(), toy_view(SCENARIO), "before", NL, "Map")["facilities"]["features"]
    assert now["properties"]["icon"] == "service|H|open"


def test_the_library_is_the_one_that_was_published_with_its_licence() -> None:
    library = ROOT / "ui" / "map" / "library"
    source = tomllib.loads((library / "SOURCE.toml").read_text(encoding="utf-8"))
    files = {file.name for file in library.iterdir()} - {"SOURCE.toml"}
    assert files == set(source["sha256"])
    for name, digest in source["sha256"].items():
        assert hashlib.sha256((library / name).read_bytes()).hexdigest() == digest
    for name in ("maplibre-gl.mjs", "maplibre-gl-worker.mjs"):
        assert f"v{source['version']}/LICENSE.txt" in (library / name).read_text(encoding="utf-8")[:400]
    assert "MapLibre contributors" in (library / "LICENSE.txt").read_text(encoding="utf-8")


def test_the_map_component_names_no_outside_host() -> None:
    found = (file for ending in ("*.js", "*.css") for file in (ROOT / "ui").rglob(ending))
    files = [file for file in found if file.parent.name != "library"]
    assert (
        len(files) >= 10
    )  # six scripts and a style of the map, the style of the app, its keyboard and its printer
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert "http" not in text
        assert "setHTML" not in text


def test_places_with_a_change_stand_out_and_the_others_step_back() -> None:
    view = toy_view(SCENARIO)
    drawn = map_data(toy_world(), view, "difference", NL, "Map")["places"]["features"]
    plain = map_data(toy_world(), view, "after", NL, "Map")["places"]["features"]
    for row, changed, usual in zip(view.rows, drawn, plain, strict=True):
        share = changed["properties"]["radius"] / usual["properties"]["radius"]
        is_changed = row.change not in {"same", "never"}
        assert share == pytest.approx(1.5 if is_changed else 0.6, rel=0.01)
        assert ("ring" in changed["properties"]) == is_changed
        assert "ring" not in usual["properties"]
    assert {row.change for row in view.rows} >= {"won"}


def test_what_is_drawn_has_the_colour_of_its_kind_and_its_word_in_the_legend() -> None:
    path = DrawPath(line=((6.70, 52.80), (6.72, 52.80)), kind="cycle_path")
    view = toy_view(Scenario("", "", (path,)))
    (line,) = map_data(toy_world(), view, "after", NL, "Map")["lines"]["features"]
    assert line["properties"]["mark"] == "path"
    assert "Nieuw pad of nieuwe weg" in legend_box(view, "after", NL)
    # Of before nothing is drawn, and nothing is explained.
    assert map_data(toy_world(), view, "before", NL, "Map")["lines"]["features"] == []
    assert "Nieuw pad" not in legend_box(view, "before", NL)


def test_places_that_are_picked_have_a_ring() -> None:
    picked = map_data(toy_world(), toy_view(), "after", NL, "Map", picked=(1, 2))["picked"]["features"]
    assert [feature["id"] for feature in picked] == [1, 2]
