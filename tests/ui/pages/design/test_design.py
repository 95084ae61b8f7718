"""The page "Design" over a region that is really built: every tool, and the files that can be taken away."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import time
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.files.long_table import framed
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.comparison.run import compared, tables_of
from scenarios.edits.facilities import (
    ChangeCapacity,
    ChangeOpening,
    CloseFacility,
    OpenFacility,
    PlaceHub,
)
from scenarios.edits.line_courses import ChangeLineSpeed, Reroute, SkipStop
from scenarios.edits.lines import AddLine, ChangeHeadway, ChangeSpan, DropLine
from scenarios.edits.on_demand import AddOnDemand
from scenarios.edits.people import ChangeTraveller, ChangeYear, DigitalContacts
from scenarios.edits.scenario import Edit, Scenario
from scenarios.edits.streets import ChangeSpeedLimit, CloseStreets, DrawPath
from support.toys.app import app_over
from support.toys.region import lonlat, write_toy_region
from ui.pages.design import actions, export, library_actions, lines, people, streets
from ui.sentences import columns
from ui.sentences.columns import in_language
from ui.state import cache, session
from ui.state.link import pack
from ui.views.design import DesignView, design_view
from ui.widgets import owner_keys
from ui.widgets.downloads import today
from ui.widgets.owner_keys import OwnerKeys
from ui.words.i18n import texts_in

NL, EN = texts_in("nl"), texts_in("en")
IN_WEST = PlaceHub(place_id="west", kinds=("gp",))
HUB = Scenario("Hub", "", (IN_WEST,))
CLOSED = Scenario("Dicht", "", (CloseFacility("gp-0"),))
MONDAY, ANNAS = "2026-10-05T09:00:00+00:00", "anna" * 10 + "key"


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_region(tmp_path_factory.mktemp("regions") / "valley")


@pytest.fixture
def design(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, valley: Path) -> Iterator[AppTest]:
    """Return the app at the page of the planner, with the valley as its region and a library of its own."""
    with app_over(monkeypatch, tmp_path, valley, "ontwerp") as app:
        yield app


def shown(app: AppTest) -> str:
    """Return all html of the page as one text."""
    return " ".join(str(element.proto.body) for element in app.get("html"))


def edits(app: AppTest) -> tuple[Edit, ...]:
    """Return the changes of the visitor; nothing went wrong, and nothing is warned of."""
    assert not app.exception
    assert [told.value for told in (*app.error, *app.warning)] == []
    return tuple(app.session_state[session.STATE].scenario.edits)


def rounded(spot: str) -> tuple[float, float]:
    """Where a click on a spot of the valley is taken to be."""
    lon_deg, lat_deg = lonlat(spot)
    return round(lon_deg, 5), round(lat_deg, 5)


def tool(app: AppTest, name: str) -> None:
    """Choose what is changed."""
    app.selectbox(key="tool").select(name).run()


def click(
    app: AppTest,
    monkeypatch: pytest.MonkeyPatch,
    *,
    spot: str = "",
    row: int | None = None,
    facility: str | None = None,
) -> AppTest:
    """Click on open ground at a spot of the valley, or on a place: what the map in the browser tells the app."""
    lng, lat = lonlat(spot) if spot else (0.0, 0.0)
    on_place = {"layer": "places", "id": row} if row is not None else {"layer": "", "id": -1}
    told = SimpleNamespace(click={"lng": lng, "lat": lat, "facility": facility, **on_place})
    state = app.session_state[session.STATE]
    with monkeypatch.context() as inside:
        # A callback without the map: its state is that of this visitor.
        inside.setattr(st, "session_state", {actions.MAP_KEY: told, session.STATE: state})
        actions.click_on_map()
    return app.run()


def test_a_region_without_outlines_is_drawn_around_its_places(design: AppTest) -> None:
    design.run()
    assert edits(design) == ()
    assert "Gp mid" not in shown(design)
    assert len(design.dataframe[0].value) == 4


def test_a_hub_is_placed_and_moved_by_clicking(design: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    design.query_params["s"] = pack(HUB)
    design.run()
    tool(design, "move")
    hub_id = IN_WEST.hub_id
    design.selectbox(key="moving").select(hub_id).run()
    click(design, monkeypatch, row=2)
    # It is the same hub, elsewhere: no second change beside it.
    assert edits(design) == (PlaceHub(place_id="east", kinds=("gp",)),)
    assert "Hub in East" in shown(design)
    # A click without a choice asks which one moves, and places none.
    click(design, monkeypatch, spot="mid")
    assert [told.value for told in design.error] == [NL.say(actions.CHOOSE_FIRST)]
    assert len(design.session_state[session.STATE].scenario.edits) == 1
    # Its mark on the map is a choice as well.
    click(design, monkeypatch, spot="east", facility="hub-east")
    click(design, monkeypatch, row=0)
    assert edits(design) == HUB.edits
    tool(design, "hub")
    click(design, monkeypatch, spot="mid")
    lon_deg, lat_deg = (round(degrees, 5) for degrees in lonlat("mid"))
    assert edits(design)[-1] == PlaceHub(lon_deg=lon_deg, lat_deg=lat_deg, kinds=("gp", "supermarket"))


def test_a_path_is_drawn_by_its_points(design: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    design.run()
    tool(design, "path")
    design.button(key="path-cycle").click().run()
    assert [told.value for told in design.error] == [NL.say(streets.TOO_SHORT)]
    for spot in ("west", "lone", "lone", "east"):
        click(design, monkeypatch, spot=spot)
    design.button(key="path-back").click().run()
    click(design, monkeypatch, spot="east")
    design.button(key="path-cycle").click().run()
    (path,) = edits(design)
    assert isinstance(path, DrawPath)
    assert [list(point) for point in path.line[::2]] == [
        [round(degrees, 5) for degrees in lonlat(spot)] for spot in ("west", "lone")
    ]
    assert design.session_state[session.STATE].of(actions.Drawing).drawn == ()
    assert "Fietspad" in shown(design)


def test_a_line_is_drawn_by_its_stops(design: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    design.run()
    tool(design, "line")
    for spot in ("west", "west", "east"):
        # The same stop twice in a row is one stop.
        click(design, monkeypatch, spot=spot)
    design.button(key="line-done").click().run()
    assert [told.value for told in design.error] == [NL.say(lines.LINE_INCOMPLETE)]
    design.text_input(key="line-name").input("Nieuw").run()
    design.number_input(key="line-headway").set_value(20).run()
    design.button(key="line-done").click().run()
    assert edits(design) == (
        AddLine(
            name="Nieuw",
            stops=("west", "east"),
            headway_min=20.0,
            first="07:00",
            last="21:00",
            speed_kmh=35.0,
        ),
    )
    assert "Nieuw" in shown(design)


def test_services_close_and_open_by_the_lists(design: AppTest) -> None:
    design.run()
    tool(design, "close")
    design.selectbox(key="close").select("gp-0").run()
    assert edits(design) == (CloseFacility("gp-0"),)
    assert "gp-0" not in design.selectbox(key="close").options
    tool(design, "open")
    design.selectbox(key="open-kind").select("gp").run()
    design.selectbox(key="open-place").select("west").run()
    assert edits(design)[1:] == (OpenFacility(kind="gp", name="Huisarts West", place_id="west"),)
    design.button(key="undo").click().run()
    assert edits(design) == (CloseFacility("gp-0"),)
    design.button(key="redo").click().run()
    assert [type(edit) for edit in edits(design)] == [CloseFacility, OpenFacility]


def test_a_line_runs_at_another_interval(design: AppTest) -> None:
    design.run()
    tool(design, "headway")
    design.number_input(key="headway-minutes").set_value(15).run()
    design.button(key="line-change").click().run()
    assert [told.value for told in design.error] == [NL.say(lines.NO_LINE)]
    design.selectbox(key="line").select("1").run()
    design.button(key="line-change").click().run()
    assert edits(design) == (ChangeHeadway(line="1", headway_min=15.0),)


def change(app: AppTest, name: str, press: str, **typed: object) -> Edit:
    """Fill a form in, press its button, and give the change that came of it."""
    tool(app, name)
    for key, value in typed.items():
        app.session_state[key.replace("_", "-")] = value
    app.button(key=press).click().run()
    return edits(app)[-1]


def test_every_form_of_a_line_makes_its_change(design: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    design.run()
    assert change(
        design, "span", "line-change", line="1", span_first=time(9), span_last=time(11)
    ) == ChangeSpan(line="1", first="09:00", last="11:00")
    assert change(design, "line_speed", "line-change", line="1", line_percent=150) == ChangeLineSpeed(
        line="1", speed_share=1.5
    )
    tool(design, "stop")
    design.selectbox(key="line").select("1").run()
    click(design, monkeypatch, spot="mid")
    design.button(key="line-change").click().run()
    assert edits(design)[-1] == SkipStop(line="1", stop="mid")
    design.button(key="undo").click().run()
    tool(design, "reroute")
    design.selectbox(key="line").select("1").run()
    for spot in ("west", "east"):
        click(design, monkeypatch, spot=spot)
    design.button(key="line-change").click().run()
    assert edits(design)[-1] == Reroute(line="1", from_stop="west", to_stop="east")
    assert change(design, "no_line", "line-change", line="1") == DropLine(line="1")


def test_roads_are_closed_and_slowed_where_one_clicks(
    design: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    design.run()
    tool(design, "street")
    design.button(key="street-done").click().run()
    assert [told.value for told in design.error] == [NL.say(streets.NO_ROAD)]
    click(design, monkeypatch, spot="mid")
    design.button(key="street-done").click().run()
    (closed,) = edits(design)
    at = rounded("mid")
    assert closed == CloseStreets(at=at)
    tool(design, "limit")
    click(design, monkeypatch, spot="mid")
    design.number_input(key="limit-kmh").set_value(30).run()
    design.button(key="limit-done").click().run()
    assert edits(design)[-1] == ChangeSpeedLimit(at=at, limit_kmh=30)
    tool(design, "area")
    # A box around West and Mid: the middle of the one street of the valley lies in it.
    lon_deg, lat_deg = rounded("west")
    box = ((lon_deg - 0.02, lat_deg - 0.01), (lon_deg + 0.04, lat_deg + 0.01))
    design.session_state[session.STATE].of(actions.Drawing).drawn = box
    design.button(key="area-done").click().run()
    assert edits(design)[-1] == CloseStreets(area=box)


def test_forms_of_services_and_people_make_their_changes(
    design: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    design.run()
    tool(design, "hours")
    click(design, monkeypatch, spot="mid", facility="gp-0")
    design.button(key="hours-done").click().run()
    assert edits(design) == (ChangeOpening("gp-0", "Mo-Fr 09:00-17:00"),)
    tool(design, "size")
    click(design, monkeypatch, spot="mid", facility="gp-0")
    design.button(key="size-done").click().run()
    assert edits(design)[1:] == (ChangeCapacity("gp-0", 1.0),)
    assert change(design, "digital", "digital-done") == DigitalContacts("gp", 0.2)
    tool(design, "traveller")
    design.selectbox(key="as-traveller").select("75plus").run()
    assert edits(design)[-1] == ChangeTraveller("75plus")
    design.selectbox(key="as-traveller").select("").run()
    assert ChangeTraveller("75plus") not in edits(design)


def test_rides_on_demand_come_and_go(design: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    design.run()
    tool(design, "on_demand")
    design.text_input(key="ride-name").input("Taxi").run()
    design.button(key="ride-done").click().run()
    assert [told.value for told in design.error] == [NL.say(people.NO_ZONE)]
    for spot in ("west", "lone"):
        click(design, monkeypatch, spot=spot)
    design.button(key="ride-done").click().run()
    (rides,) = edits(design)
    assert isinstance(rides, AddOnDemand)
    assert (rides.name, rides.hours, rides.lead_min, len(rides.zone)) == ("Taxi", "Mo-Fr 09:00-17:00", 60, 2)


def test_a_click_where_it_means_nothing_says_so(design: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    design.run()
    tool(design, "headway")
    click(design, monkeypatch, spot="mid")
    assert [told.value for told in design.error] == [NL.say(actions.NO_PLACE)]
    tool(design, "close")
    click(design, monkeypatch, spot="lone")
    assert [told.value for told in design.error] == [NL.say(actions.NO_SERVICE)]
    click(design, monkeypatch, spot="mid", facility="gp-0")
    assert edits(design) == (CloseFacility("gp-0"),)


def test_the_year_begins_with_that_of_the_data_and_goes_back_to_it(
    design: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    totals = SimpleNamespace(base_year=2018, last_year=2020)
    monkeypatch.setattr("ui.pages.design.people.read_population_totals", lambda _folder: totals)
    without = cache.worked_out
    monkeypatch.setattr(cache, "with_scenario", lambda world, _scenario: world)
    monkeypatch.setattr(
        cache, "worked_out", lambda world, _scenario, kind, mode: without(world, Scenario(), kind, mode)
    )
    design.run()
    tool(design, "year")
    assert design.selectbox(key="year").options == ["2018", "2019", "2020"]
    assert design.selectbox(key="year").value == 0
    design.selectbox(key="year").select(2020).run()
    assert edits(design) == (ChangeYear(year=2020),)
    design.selectbox(key="year").select(0).run()
    assert edits(design) == ()


def test_without_a_forecast_there_is_no_year_to_choose(design: AppTest) -> None:
    design.run()
    tool(design, "year")
    assert NL.say("Of this region no forecast of its population is at hand.") in [
        told.value for told in design.caption
    ]


@pytest.mark.parametrize("chosen", tuple(export.FORMATS))
def test_every_export_is_a_whole_file(design: AppTest, chosen: str) -> None:
    design.query_params["s"] = pack(HUB)
    design.run()
    design.selectbox(key="export").select(chosen).run()
    assert edits(design) == HUB.edits
    state = design.session_state[session.STATE]
    world = cache.opened(state.choices, NL)
    made = cache.worked_out(world, HUB, "gp", "bike")
    view: DesignView = design_view(world, made.after, HUB, made.comparison, 10)
    content = export.maker(world, view, HUB, chosen, NL)()
    starts = {"gpkg": b"SQLite format 3", "png": b"\x89PNG"}
    assert content.startswith(starts.get(chosen, b"PK"))
    if chosen in starts:
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        stem = f"hub-{today()}"
        run = json.loads(archive.read(f"{stem}.run.json"))
        assert [one.get("name", "") for one in run["spec"]["scenarios"]] == ["", "Hub"]
        if chosen in export.CSV_FORMS:
            form = export.CSV_FORMS[chosen]
            assert f"hub-vooruit-en-achteruit-{today()}.csv" in archive.namelist()
            sources = json.loads(archive.read(f"hub-bronnen-{today()}.json"))
            assert sources["dct:rights"] == ["MIT"]
            table = pd.read_csv(
                io.BytesIO(archive.read(f"{stem}.csv")), sep=form.separator, decimal=form.decimal
            )
            # With a hub in West its people need not go to Mid any more.
            west = table[table["Plaats"] == "West"]
            assert west["Daarna (s)"].lt(west["Eerst (s)"]).tolist() == [True]
            assert west[["Voorziening", "Manier van reizen", "Verandering"]].to_numpy().tolist() == [
                ["Huisarts", "Fiets", "korter"]
            ]
            assert west["Lengtegraad"].tolist() == [pytest.approx(lonlat("west")[0], abs=1e-5)]


def test_every_table_of_a_comparison_has_words_for_all_it_says(design: AppTest) -> None:
    design.query_params["s"] = pack(HUB)
    design.run()
    world = cache.opened(design.session_state[session.STATE].choices, NL)
    made = cache.worked_out(world, HUB, "gp", "transit")
    spec = export.spec_of(world, HUB, design_view(world, made.after, HUB, made.comparison, 10))
    kinds = load_facility_kinds()
    found = compared(world, spec, kinds)
    tables = tables_of(world, spec, found, kinds, lambda _step, _share: None)
    for table in map(framed, (tables.places, *tables.more.values())):
        assert set(table["change"]) <= set(columns.CHANGES)
        assert not set(in_language(table, NL).columns) & set(columns.COLUMNS)
        assert in_language(table, EN)["Way of travelling"].unique().tolist() == ["Bus and train"]
    assert set(tables.more) <= set(columns.PARTS)
    assert in_language(tables.places.to_pandas(), NL)["In het gebied"].unique().tolist() == ["ja"]


def test_the_stress_test_closes_each_in_turn(design: AppTest) -> None:
    design.run()
    design.toggle(key="stress").set_value(True).run()
    assert edits(design) == ()
    # The only GP of the valley: without it, all who reach it on the street (400 + 200 + 100) are left without.
    (table,) = (one.value for one in design.table)
    assert table.index.tolist() == ["Gp mid"]
    assert table[NL.say("Left without")].tolist() == ["700"]


def test_a_scenario_is_kept_copied_deleted_and_brought_back(design: AppTest) -> None:
    design.query_params["s"] = pack(HUB)
    design.run()
    design.text_input(key="library-author").input("Anna")
    _press(design, "Keep as new")
    assert edits(design) == HUB.edits
    (row,) = cache.library().rows("valley")
    assert (row.scenario.name, row.author, row.scenario.edits) == ("Hub", "Anna", HUB.edits)
    design.button(key="library-copy").click().run()
    assert sorted(each.scenario.name for each in cache.library().rows("valley")) == ["Hub", "Hub (kopie)"]
    assert design.text_input(key="library-name").value == "Hub (kopie)"
    design.text_input(key="library-name").input("Tweede")
    _press(design, "Save changes")
    assert sorted(each.scenario.name for each in cache.library().rows("valley")) == ["Hub", "Tweede"]
    design.multiselect(key="library-others").select(row.id).run()
    assert [other.name for other in design.session_state[session.STATE].others] == ["Hub"]
    design.selectbox(key="library-chosen").select(row.id).run()
    design.button(key="library-delete").click().run()
    assert [each.scenario.name for each in cache.library().rows("valley")] == ["Tweede"]
    design.button(key="library-restore").click().run()
    assert sorted(each.scenario.name for each in cache.library().rows("valley")) == ["Hub", "Tweede"]
    assert edits(design) == HUB.edits


def test_without_a_name_or_a_change_nothing_is_kept_and_that_is_said(design: AppTest) -> None:
    design.run()
    _press(design, "Keep as new")
    assert [told.value for told in design.error] == [NL.say(library_actions.NO_NAME)]
    design.text_input(key="library-name").input("Leeg")
    _press(design, "Keep as new")
    assert [told.value for told in design.error] == [NL.say(library_actions.NOTHING)]
    assert cache.library().rows("valley") == ()


def test_a_damaged_scenario_of_the_library_is_told_by_name_beside_the_others(design: AppTest) -> None:
    library = cache.library()
    bad = library.add("valley", Scenario("*Dicht*", "", CLOSED.edits), "Anna", MONDAY, ANNAS)
    good = library.add("valley", HUB, "Anna", MONDAY, ANNAS)
    with closing(sqlite3.connect(library.path)) as database, database:
        database.execute("update scenario set content = '{' where id = ?", (bad.id,))
    design.run()
    assert not design.exception
    assert design.selectbox(key="library-chosen").options == ["Hub · Anna · 5 oktober 2026"]
    assert design.selectbox(key="library-chosen").value == good.id
    # The name is text, not markup: its stars are shown.
    (told,) = [one.value for one in design.warning]
    assert told.startswith(r"Het scenario \*Dicht\* is beschadigd en kan niet worden geopend.")


def test_opening_from_the_library_can_be_undone(design: AppTest) -> None:
    design.query_params["s"] = pack(CLOSED)
    design.run()
    kept = cache.library().add("valley", HUB, "Anna", MONDAY, ANNAS)
    design.run()
    design.button(key="library-open").click().run()
    assert edits(design) == HUB.edits
    assert design.text_input(key="library-name").value == "Hub"
    assert design.session_state[session.STATE].saved == kept
    design.button(key="undo").click().run()
    assert edits(design) == CLOSED.edits
    # The fields follow, and what stands here now cannot be saved over the one that was opened.
    assert design.text_input(key="library-name").value == "Dicht"
    assert NL.say("Save changes") not in [button.label for button in design.button]


def test_what_is_somebody_elses_can_be_opened_and_copied_only(design: AppTest) -> None:
    kept = cache.library().add("valley", HUB, "Anna", MONDAY, ANNAS)
    design.run()
    assert NL.say("This scenario is somebody else's: you can open and copy it.") in captions(design)
    assert "library-delete" not in keys(design)
    design.button(key="library-open").click().run()
    # It is Anna's, and what one makes of it is not: her name is not filled in, and it cannot be saved over.
    assert edits(design) == HUB.edits
    assert design.text_input(key="library-author").value == ""
    assert NL.say("Save changes") not in [button.label for button in design.button]
    # Who calls up the acts all the same is refused, and nothing has changed.
    for act in (lambda: library_actions.delete(kept.id), library_actions.save):
        as_visitor(design, act, {"library-name": "Van mij", "library-note": "", "library-author": "Ben"})
        assert [told.value for told in design.run().error] == [NL.say(library_actions.NOT_YOURS)]
    assert cache.library().rows("valley") == (kept,)
    design.run()
    design.button(key="library-copy").click().run()
    copied = design.session_state[session.STATE].saved
    assert (copied.scenario.name, copied.author) == ("Hub (kopie)", "")
    assert design.session_state[session.STATE].of(OwnerKeys).owns(copied)


def test_an_owner_brings_back_what_was_deleted_or_saved_over_in_another_visit(design: AppTest) -> None:
    library = cache.library()
    first = library.add("valley", HUB, "Anna", MONDAY, ANNAS)
    second = library.save(first, Scenario("Dicht", "", CLOSED.edits), "Anna", MONDAY, ANNAS)
    design.run()
    as_visitor(
        design, library_actions.take_keys, told({first.id: ANNAS, "no id": "x", first.id[:-1] + "?": ANNAS})
    )
    assert design.session_state[session.STATE].of(OwnerKeys).by_id == {first.id: ANNAS}
    design.run()
    assert design.selectbox(key="library-earlier").options == ["Hub · 5 oktober 2026, 9.00"]
    design.button(key="library-bring-back").click().run()
    assert edits(design) == HUB.edits
    (row,) = library.rows("valley")
    assert (row.scenario, [one.scenario for one in library.earlier(row)]) == (HUB, [second.scenario, HUB])
    library.delete(row.id, ANNAS)
    design.run()
    design.button(key="library-restore").click().run()
    assert [told.value for told in design.success] == [NL.say(library_actions.RESTORED)]
    assert library.rows("valley") == (row,)


def test_an_owners_link_gives_the_scenario_to_this_browser_too(design: AppTest) -> None:
    library = cache.library()
    kept = library.add("valley", HUB, "Anna", MONDAY, ANNAS)
    design.run()
    as_visitor(design, library_actions.take_keys, told({}, {"id": kept.id, "key": "x" * 43}))
    assert [each.value for each in design.run().error] == [NL.say(library_actions.BAD_LINK)]
    assert not design.session_state[session.STATE].of(OwnerKeys).owns(kept)
    as_visitor(design, library_actions.take_keys, told({}, {"id": kept.id, "key": ANNAS}))
    design.run()
    assert [each.value for each in design.success] == [NL.say(library_actions.YOURS)]
    assert edits(design) == HUB.edits
    assert NL.say("Save changes") in [button.label for button in design.button]
    # The link of what was deleted is not lost: its owner can bring it back.
    design.button(key="library-delete").click().run()
    as_visitor(design, library_actions.take_keys, told({}, {"id": kept.id, "key": ANNAS}))
    assert [each.value for each in design.run().success] == [NL.say(library_actions.YOURS_DELETED)]


def told(kept: dict[str, str], link: dict[str, str] | None = None) -> dict[str, object]:
    """What the browser tells of the keys that it keeps."""
    return {owner_keys.KEY: SimpleNamespace(told={"keys": kept, "link": link})}


def as_visitor(app: AppTest, act: Callable[[], None], widgets: dict[str, object]) -> None:
    """Do what a callback of this visitor does."""
    with pytest.MonkeyPatch.context() as inside:
        inside.setattr(st, "session_state", {**widgets, session.STATE: app.session_state[session.STATE]})
        act()


def captions(app: AppTest) -> list[str]:
    return [each.value for each in app.caption]


def keys(app: AppTest) -> list[str | None]:
    return [each.key for each in app.button]


def _press(app: AppTest, label: str) -> None:
    """Press a button of a form by its words."""
    (button,) = (each for each in app.button if each.label == NL.say(label))
    button.click().run()
