"""What "About the data" says of the quality of the data, from made-up checks and figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from accessibility.data_quality.calibration import Calibration, Deviation, PeopleCheck
from accessibility.data_quality.findings import Check, Quality
from accessibility.world import open_world
from data.study_area.published_figures import Control
from support.toys.region import write_toy_region
from ui.pages.data.data_quality import checks_table, off, published_table
from ui.views.data_quality import PublishedRow, report_html, view_of
from ui.words.i18n import texts_in

NL, EN = texts_in("nl"), texts_in("en")
NAN = float("nan")
CONTROL = Control(
    "c1",
    "mean distance to GP practice",
    "Aa en Hunze",
    "",
    "2019",
    2.4,
    "km",
    "CBS",
    "",
    "observed",
    NAN,
    NAN,
)
REASON = "96 of 98 services of this kind are placed by a rule, not looked up; local streets are modelled"
VIEW = view_of(
    Quality(
        "Toyland",
        "2026-10-06",
        (
            Check("places", "places without a stop within 30 min on foot", 64, 283, examples=("Aa", "Bee")),
            Check("streets", "one-way street", 654, action="assumed"),
        ),
        (),
    ),
    Calibration(
        "Toyland",
        (Deviation(CONTROL, "gp", "municipality", 3.0, 25_000, REASON),),
        (),
        (
            PeopleCheck(
                replace(CONTROL, indicator="inhabitants", unit="persons", value=100.0), "municipality", 90
            ),
        ),
        (replace(CONTROL, indicator="something else"),),
    ),
)


def test_checks_are_told_in_dutch_with_examples() -> None:
    table = checks_table(VIEW, NL).reset_index()
    # What was assumed stands in the build report above, so there is one row.
    assert table.to_numpy().tolist() == [
        ["Plaatsen en inwoners", "plaatsen zonder halte binnen 30 minuten lopen", "64", "283", "Aa; Bee"]
    ]


def test_published_figures_stand_beside_ours_with_the_reason() -> None:
    table = published_table(VIEW, NL).reset_index()
    first, second = table.to_numpy().tolist()
    assert first == [
        "gemiddelde afstand tot een huisartsenpraktijk (km)",
        "Aa en Hunze",
        "2019",
        "2,4",
        "3",
        "+25%",
        "96 van de 98 voorzieningen van deze soort staan er volgens een rekenregel, niet nagezocht; de straten in de dorpen zijn gemodelleerd",
    ]
    assert second[3:6] == ["100", "90", "\u221210%"]
    assert published_table(VIEW, EN).reset_index().iloc[0, 6] == REASON


@pytest.mark.parametrize(
    ("share", "said"), [(0.004, "0%"), (0.05, "+5%"), (-0.2, "\u221220%"), (float("inf"), "")]
)
def test_a_difference_has_its_sign(share: float, said: str) -> None:
    assert off(share, NL) == said


def test_what_is_not_reached_has_no_difference() -> None:
    row = PublishedRow("x", "Aa", "2019", "km", 2.0, float("inf"), ())
    assert row.off_share == float("inf")
    assert published_table(replace(VIEW, published=(row,)), NL).iloc[0, 3] == "niet bereikbaar"


def test_the_report_is_in_the_language_of_the_reader(tmp_path: Path) -> None:
    world = open_world(write_toy_region(tmp_path / "valley"), lambda _step, _share: None)
    dutch, english = (report_html(world, VIEW, texts) for texts in (NL, EN))
    assert '<html lang="nl">' in dutch
    assert "<h1>Kwaliteit van de gegevens: Toyland</h1>" in dutch
    assert "plaatsen zonder halte binnen 30 minuten lopen" in dutch
    # 3.0 km here, 2.4 published: 0.60 km, a quarter, more; decimals as the reader writes them.
    assert "+0,60 km (+25%)" in dutch
    assert "+0.60 km (+25%)" in english
    assert "places without a stop within 30 min on foot" in english


def page() -> None:
    """Draw the part of the page, as a script of its own."""
    from support.toys.ui import toy_world  # noqa: PLC0415
    from ui.pages.data.data_quality import draw  # noqa: PLC0415
    from ui.state import session  # noqa: PLC0415

    draw(toy_world(), session.texts())


def test_the_check_runs_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.pages.data.data_quality import Checking  # noqa: PLC0415
    from ui.state import session  # noqa: PLC0415
    from ui.state.cached import forget_all  # noqa: PLC0415

    monkeypatch.setattr("ui.state.searches.quality_view", lambda _world: VIEW)
    forget_all()
    app = AppTest.from_function(page, default_timeout=60).run()
    assert len(app.table) == 0
    app.button(key="check-data").click().run()
    app.session_state[session.STATE].of(Checking).job.join(10.0)
    app.run()
    assert not app.exception
    assert len(app.table) == 2
    # AppTest knows no download buttons of its own.
    (button,) = app.get("download_button")
    assert button.proto.label == "Het hele rapport downloaden, met kaarten"
    forget_all()
