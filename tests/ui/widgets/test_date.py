"""The day that a planner chooses: in the link, on the page, in every figure and file, and never half."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.study_area.dates import ServiceDates
from scenarios.costs.costs import Costs
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.lines import DropLine
from scenarios.edits.scenario import EMPTY, Scenario
from support.toys.app import app_over
from support.toys.region import write_toy_region, write_week
from ui.pages.design import export
from ui.paper import parts as paper_parts
from ui.sentences.design import no_service_sentence, other_day_sentence
from ui.state import cache, date_actions, session
from ui.state.link import Choices, pack
from ui.views.compare import compare_view
from ui.views.design import design_view
from ui.widgets.downloads import today
from ui.words.i18n import texts_in

NL, EN = texts_in("nl"), texts_in("en")
TUESDAY, SATURDAY, SUNDAY = dt.date(2026, 10, 6), dt.date(2026, 10, 10), dt.date(2026, 10, 11)
OTHER_DAY = "Op zaterdag 10 oktober 2026 vertrekt 1 bus of trein"


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_week(tmp_path_factory.mktemp("regions") / "valley")


@pytest.fixture
def design(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, valley: Path) -> Iterator[AppTest]:
    """Return the app at the page of the planner, about the bus, with the week of the valley."""
    with app_over(monkeypatch, tmp_path, valley, "ontwerp") as app:
        app.query_params["mode"] = "transit"
        yield app


def shown(app: AppTest) -> str:
    """Return all html of the page as one text."""
    assert not app.exception
    return " ".join(str(element.proto.body) for element in app.get("html"))


def errors(app: AppTest) -> list[str]:
    return [str(error.value) for error in app.error]


def test_the_first_screen_is_the_usual_day_and_the_link_is_bare(design: AppTest) -> None:
    design.run()
    assert design.date_input(key="choose-date").value == TUESDAY
    assert "dinsdag 6 oktober 2026, vertrek tussen 9.00 en 10.00 uur" in shown(design)
    assert "gewone dag van deze regio" not in shown(design)
    assert "date" not in design.query_params


def test_a_chosen_day_is_in_the_link_and_in_words(design: AppTest) -> None:
    design.run()
    design.date_input(key="choose-date").set_value(SATURDAY).run()
    assert errors(design) == []
    assert design.query_params["date"] == "2026-10-10"
    assert "zaterdag 10 oktober 2026, vertrek tussen 9.00 en 10.00 uur" in shown(design)
    # One bus on Saturday, at 9:00; ten on Tuesday.
    assert f"{OTHER_DAY}; op de gewone dag van deze regio, dinsdag 6 oktober 2026, zijn dat er 10." in shown(
        design
    )
    assert "za 10 okt, 9.00-10.00 uur" in design.selectbox(key="choose-hours").options[0]
    design.date_input(key="choose-date").set_value(TUESDAY).run()
    assert "date" not in design.query_params
    assert OTHER_DAY not in shown(design)


def test_the_figures_are_those_of_the_day(design: AppTest) -> None:
    design.run()
    name = NL.say("Now (min)")
    tuesday = design.dataframe[0].value.set_index(NL.say("Place"))[name]
    design.date_input(key="choose-date").set_value(SATURDAY).run()
    saturday = design.dataframe[0].value.set_index(NL.say("Place"))[name]
    # With one bus, at the first minute of the hours, who lives in West has to walk the two kilometres to the GP in Mid.
    assert saturday["West"] > tuesday["West"]
    assert saturday["Mid"] == tuesday["Mid"]


def test_a_day_without_service_is_told_with_the_nearest_and_the_day_stays(design: AppTest) -> None:
    design.run()
    design.date_input(key="choose-date").set_value(SATURDAY).run()
    design.date_input(key="choose-date").set_value(SUNDAY).run()
    (told,) = errors(design)
    assert told == (
        "Voor zondag 11 oktober 2026 is er geen dienstregeling. De dichtstbijzijnde dagen die er wel een hebben, zijn "
        "zaterdag 10 oktober 2026 en maandag 12 oktober 2026."
    )
    assert design.query_params["date"] == "2026-10-10"
    assert design.date_input(key="choose-date").value == SATURDAY
    design.run()
    assert errors(design) == []


def test_a_link_with_a_day_opens_that_day(design: AppTest) -> None:
    design.query_params["date"] = "2026-10-10"
    design.run()
    assert errors(design) == []
    assert OTHER_DAY in shown(design)
    assert design.query_params["date"] == "2026-10-10"


@pytest.mark.parametrize("date", ["2026-10-11", "2031-01-01"])
def test_a_link_with_a_day_outside_the_timetable_is_the_usual_day_and_says_so(
    design: AppTest, date: str
) -> None:
    design.query_params["date"] = date
    design.run()
    (told,) = errors(design)
    assert told.startswith(f"Voor {NL.day(dt.date.fromisoformat(date))} is er geen dienstregeling.")
    assert design.date_input(key="choose-date").value == TUESDAY
    assert "date" not in design.query_params


def test_a_link_with_the_usual_day_is_the_bare_link(design: AppTest) -> None:
    design.query_params["date"] = "2026-10-06"
    design.run()
    assert errors(design) == []
    assert "date" not in design.query_params


def test_a_day_on_which_a_change_is_impossible_is_not_taken_and_nothing_is_lost(design: AppTest) -> None:
    without_bus = Scenario("", "", (PlaceHub(place_id="west", kinds=("gp",)), DropLine(line="1")))
    design.query_params["s"] = pack(without_bus)
    design.run()
    design.date_input(key="choose-date").set_value(SATURDAY).run()
    # Line 1 does not run on Saturday, so there is none to take out of service.
    assert errors(design) == [NL.say(date_actions.NOT_THAT_DAY)]
    assert design.session_state[session.STATE].scenario.edits == without_bus.edits
    assert "date" not in design.query_params
    assert "dinsdag 6 oktober 2026" in shown(design)


def test_a_region_of_one_day_shows_no_choice_of_the_day(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with app_over(monkeypatch, tmp_path, write_toy_region(tmp_path / "valley"), "ontwerp") as app:
        app.run()
        # The feed of this valley runs on one day only: there is nothing to choose.
        assert not app.exception
        assert len(app.get("date_input")) == 0


def test_files_say_and_hold_the_day(design: AppTest) -> None:
    design.query_params["date"] = "2026-10-10"
    design.run()
    world = cache.opened(design.session_state[session.STATE].choices, NL)
    made = cache.worked_out(world, EMPTY, "gp", "transit")
    view = design_view(world, made.after, EMPTY, made.comparison, 10)
    content = export.maker(world, view, EMPTY, "csv-semicolons", NL)()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = {name.removeprefix(f"zoals-het-nu-is-{today()}"): name for name in archive.namelist()}
        assert '"service_date": "2026-10-10"' in archive.read(names[".run.json"]).decode()
        places = pd.read_csv(io.BytesIO(archive.read(names[".csv"])), sep=";")
    assert set(places["Dag van de dienstregeling"]) == {"2026-10-10"}
    whole = compare_view(world, made.after, EMPTY, made.comparison, Costs(()), 10)
    on_paper = paper_parts.report(
        world, "Zaterdag", (), (whole.design.basis, whole.design.mode), "", SATURDAY, NL
    )
    assert "zaterdag 10 oktober 2026, vertrek tussen 9.00 en 10.00 uur" in on_paper.notes[0]


def test_travellers_share_the_timetable_of_a_day_and_few_days_stay_open(design: AppTest) -> None:
    design.run()
    usual = cache.opened(Choices(), NL)
    for day in range(12, 24):
        if dt.date(2026, 10, day).weekday() == 6:
            continue
        for traveller in ("adult", "frame"):
            cache.opened(Choices(traveller=traveller, date=f"2026-10-{day}"), NL)
    dates = [f"2026-10-{day}" for day in range(12, 24) if cache._dated.known(usual, f"2026-10-{day}")]
    assert dates == ["2026-10-17", *(f"2026-10-{day}" for day in range(19, 24))]
    adult, slow = (
        cache.opened(Choices(traveller=traveller, date="2026-10-19"), NL) for traveller in ("adult", "frame")
    )
    assert adult.network.service.timetable is slow.network.service.timetable
    assert adult.network.search is slow.network.search is usual.network.search


def test_a_crafted_link_opens_no_day(design: AppTest) -> None:
    design.run()
    for year in range(2100, 2110):
        world = cache.opened(Choices(date=f"{year}-01-01"), NL)
        assert world.region.service_date == TUESDAY
        assert cache._dated.known(world, f"{year}-01-01") is None


KNOWN = ServiceDates((TUESDAY, SATURDAY), TUESDAY, 1380)


def test_sentences_in_english() -> None:
    assert no_service_sentence(SUNDAY, KNOWN, EN) == (
        "There is no timetable for Sunday 11 October 2026. The nearest day that has one is Saturday 10 October 2026."
    )
    assert other_day_sentence(1044, SATURDAY, KNOWN, EN) == (
        "On Saturday 10 October 2026 1,044 trips of buses and trains begin; on the usual day of this region, "
        "Tuesday 6 October 2026, there are 1,380."
    )
