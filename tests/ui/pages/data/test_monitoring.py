"""What really happened, on the page about the data; the valley is drawn in toys/region.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.errors import InputError
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from scenarios.monitoring.series import NO_LIKE, Modelled, Series
from support.toys.app import app_over
from support.toys.region import write_toy_region
from ui.pages.data.monitoring import EXAMPLE, Monitoring, followed_table, read_bytes
from ui.sentences.monitoring import followed_sentences, signed
from ui.state.link import pack
from ui.state.session import STATE
from ui.views.monitoring import followed_view
from ui.words.i18n import texts_in

NL = texts_in("nl")
GP = "mean distance to GP practice"
FIGURES = f"year,area,code,indicator,value,unit,source\n2024,West,west,{GP},2.0,km,eigen\n2026,West,west,{GP},0.0,km,eigen\n"
HUB = Scenario("", "", (PlaceHub(place_id="west", kinds=("gp",)),))


def test_the_table_says_what_was_published_and_promised() -> None:
    km = Modelled(2.0, "municipality", "")
    better = Series("Emmen", "", GP, "km", "", (2021, 2025), (2.4, 2.1), (0.1, 0.1), ("CBS",), (), 0, km, Modelled(1.5, "municipality", ""), "2026")  # fmt: skip
    none = Modelled(float("nan"), "", NO_LIKE)
    own = Series("Valthe", "valthe", "visits", "a year", "", (2025,), (310.0,), (1.0,), ("own",), (2024,), 0, none, none, "")  # fmt: skip
    view = followed_view((own, better))
    assert followed_sentences(view, NL) == (
        "Uw bestand heeft 2 reeksen cijfers.",
        "Naast wat uw scenario belooft: 1 minder dan beloofd.",
        "Wat er in die jaren verder is gebeurd, zit ook in de gepubliceerde verandering.",
    )
    first, second = followed_table(view, NL).reset_index().to_numpy().tolist()
    assert first == [
        "Emmen",
        "gemiddelde afstand tot een huisartsenpraktijk (km)",
        "2,4 (2021)",
        "2,1 (2025)",
        "\u22120,3 (op 0,1 na)",
        "\u22120,5",
        "minder dan beloofd",
    ]
    assert second[2:5] == ["310 (2025)", "310 (2025)", "onbekend"]
    assert (
        second[6]
        == "niet te vergelijken: er is maar één jaar bekend, of geen; het model kent dit cijfer niet"
    )
    nothing = followed_sentences(followed_view((own,)), NL)
    assert "niet naast" not in nothing[1]
    assert nothing[1].startswith("Geen daarvan")


@pytest.mark.parametrize(
    ("value", "written"),
    [(1595.4, "+1.595"), (-0.31, "\u22120,3"), (0.0, "0,0"), (-0.01, "0,0"), (None, "onbekend")],
)
def test_a_difference_has_its_sign(value: float | None, written: str) -> None:
    assert signed(value, NL) == written


def test_the_example_on_the_page_can_be_read() -> None:
    assert read_bytes("voorbeeld.csv", EXAMPLE.encode()).year.tolist() == [2023, 2025, 2025]
    with pytest.raises(InputError, match=r"^mijn\.CSV: line 2: year 'x'"):
        read_bytes("mijn.CSV", EXAMPLE.replace("2023", "x").encode())


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[AppTest]:
    with app_over(monkeypatch, tmp_path, write_toy_region(tmp_path / "valley"), "gegevens") as app:
        app.query_params["s"] = pack(HUB)
        yield app.run()


def bring(app: AppTest, name: str, content: str) -> None:
    (field,) = [one for one in app.file_uploader if one.key == "monitor-file"]
    field.upload(name, content.encode(), "text/csv").run()
    assert not app.exception


def test_a_file_is_put_beside_what_the_scenario_promises(app: AppTest) -> None:
    bring(app, "cijfers.csv", FIGURES)
    job = app.session_state[STATE].parts[Monitoring].job
    job.join(60)
    page = " ".join(str(element.proto.body) for element in app.run().get("html"))
    assert "Uw bestand heeft 1 reeks cijfers. Naast wat uw scenario belooft: 1 zoals beloofd." in page


def test_a_file_with_faults_is_told_row_by_row(app: AppTest) -> None:
    bring(app, "cijfers.csv", FIGURES.replace("2.0", "twee").replace("2026", "26"))
    assert [error.value for error in app.error] == [
        "Dit bestand is niet te gebruiken. De details zeggen welke regels fout zijn."
    ]
    (told,) = [text.value for text in app.text if "cijfers.csv" in text.value]
    assert told.splitlines() == [
        "cijfers.csv: regel 2: waarde 'twee' is geen getal: schrijf 2.4, of laat het leeg als het onbekend is",
        "regel 3: jaar '26' is geen jaar van 1900 tot en met 2100. Verbeter deze regels en probeer het opnieuw.",
    ]
    assert app.session_state[STATE].parts[Monitoring].figures is None
