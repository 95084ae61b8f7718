"""The report of a municipality, on the toy valley (drawn in toys/region.py) of which the east is another municipality.

Weststad: West 400 people, 2 km from the GP of Mid (200 people). Oostdorp: East 100, 2 km on the other side, Lone 4 without a street.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import dorpshub
from accessibility.world import World, open_world
from data.errors import DorpshubError, InputError
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.comparison.compare import compare_worlds
from scenarios.costs.costs import Costs
from scenarios.edits.apply import apply
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.json_text import to_json
from scenarios.edits.people import ChangeTraveller, ChangeYear
from scenarios.edits.scenario import Scenario
from support.command import dorpshub as run
from support.pdf_reader import Pdf
from support.toys.region import write_toy_region
from ui.paper.area import area_report
from ui.paper.pdf import Chapter, Heading, Report, Sentences, Table, pdf
from ui.views.area import AreaQuestion, AreaView, Ground, area_named, area_view, ground_of, municipalities
from ui.views.compare import compare_view
from ui.words.i18n import texts_in

NL = texts_in("nl")
ON_FOOT = AreaQuestion("gp", "walk", 10, n_hubs=1)
HUB = Scenario("Hub in East", "", (PlaceHub(place_id="east", kinds=("gp",)),))
TWICE = """base_year = 2026
[[total]]
year = 2040
inhabitants = 1408
origin = "modelled"
source = "made by hand: twice as many"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write_toy_region(tmp_path_factory.mktemp("toy") / "valley")
    table = (made / "places.csv").read_text()
    for name, municipality in (
        ("West", "Weststad"),
        ("Mid", "Weststad"),
        ("East", "Oostdorp"),
        ("Lone", "Oostdorp"),
    ):
        table = table.replace(f"{name},Valley", f"{name},{municipality}")
    (made / "places.csv").write_text(table)
    (made / "population.toml").write_text(TWICE)
    return made


@pytest.fixture(scope="module")
def world(folder: Path) -> World:
    return open_world(folder, lambda _step, _share: None)


@pytest.fixture(scope="module")
def ground(world: World) -> Ground:
    return ground_of(world, ON_FOOT)


def said(report: Report) -> str:
    return " ".join(text for part in report.parts if isinstance(part, Sentences) for text in part.texts)


def on_paper(world: World, *views: AreaView) -> Report:
    return area_report(world, views, "", date(2026, 11, 30), NL)


def test_each_municipality_gets_the_hub_that_helps_most_of_its_own(ground: Ground) -> None:
    # On foot nobody of West or East has the GP of Mid within ten minutes; a hub among the 400 of West brings most of the region.
    proposed = {
        name: [edit.name for edit in area_view(ground, name, None).compare.design.edits]
        for name in ("", *municipalities(ground.world))
    }
    assert proposed == {"": ["West"], "Weststad": ["West"], "Oostdorp": ["East"]}


def test_figures_are_those_of_the_page(world: World, ground: Ground) -> None:
    after = apply(world, HUB, load_facility_kinds())
    ((comparison,),) = compare_worlds(world, [after], ["gp"], ["walk"])
    page = {area.name: area for area in compare_view(world, after, HUB, comparison, Costs(()), 10).areas}
    for name in municipalities(world):
        told = area_view(ground, name, HUB).compare
        assert told.all_ages == page[name].within
        assert told.equity == page[name].equity
        assert told.design.inhabitants_with("shorter", "won") == page[name].winners


def test_who_lives_there_now_and_later(ground: Ground) -> None:
    east = area_view(ground, "Oostdorp", HUB)
    # 20, 60, 10 and 10 of East with 2 and 2 of Lone; twice as many people in the region are twice as many here.
    assert (east.year, east.ages) == (2026, (20, 62, 10, 12))
    assert (east.later_year, sum(east.ages_later)) == (2040, 208)
    # The hub in East is next door to its 100 people, 200 by then; before it nobody had one near.
    assert east.later is not None
    assert (east.later.before, east.later.after, east.later.people_after) == (0, 200, 208)


def test_the_report_in_words(world: World, ground: Ground) -> None:
    report = on_paper(world, area_view(ground, "Oostdorp", HUB))
    text = said(report)
    assert report.title == "Hoe dichtbij zijn voorzieningen in Oostdorp?"
    assert "In Oostdorp wonen 104 mensen; 12 van hen zijn 75 of ouder. In 2040 zijn het er 208" in text
    assert "Van de 208 inwoners van 2040 hebben er zonder de veranderingen 0 de voorziening dichtbij" in text
    assert "Voor 2040 is gerekend met de voorzieningen, wegen en bussen van nu" in text
    services = next(
        part for part in report.parts if isinstance(part, Table) and part.head[0] == "Voorziening"
    )
    # By bus nobody is within half an hour of what is not there; of the GP 100 of 104 are, on foot if need be.
    assert [row[0] for row in services.rows] == ["Huisarts", "Supermarkt"]
    assert services.rows[0][2:] == ("0%", "0%", "96%", "96%")
    assert services.rows[1][2] == "96%"


def test_a_report_can_be_read_aloud(world: World, ground: Ground) -> None:
    made = Pdf(pdf(on_paper(world, area_view(ground, "Oostdorp", HUB))))
    assert (made.language, made.title) == ("nl", "Hoe dichtbij zijn voorzieningen in Oostdorp?")
    assert "<pdfuaid:part>1</pdfuaid:part>" in made.claims
    names = [tag.name for tag in made.tags()]
    assert names.count("H1") == 1
    assert [tag.alt[:18] for tag in made.tags() if tag.name == "Figure"] == ["Kaart van Oostdorp"]
    assert names.count("Table") == 4


def test_a_booklet_has_a_chapter_for_each(world: World, ground: Ground) -> None:
    names = ("", *municipalities(world))
    booklet = on_paper(world, *(area_view(ground, name, HUB) for name in names))
    assert [part.text for part in booklet.parts if isinstance(part, Chapter)] == [
        "Toy valley",
        "Oostdorp",
        "Weststad",
    ]
    assert sum(isinstance(part, Heading) and part.text == "Wat is onzeker?" for part in booklet.parts) == 3


def test_a_scenario_that_does_not_fit_the_question_is_told(ground: Ground, world: World) -> None:
    in_2030 = Scenario("2030", "", (ChangeYear(year=2030),))
    assert area_view(ground, "", in_2030).later is None
    with pytest.raises(InputError, match="The scenario says of which year the people are"):
        area_view(ground_of(world, AreaQuestion("gp", "walk", 10, year=2040)), "", in_2030)
    by_car = ground_of(world, AreaQuestion("gp", "car", 10))
    with pytest.raises(DorpshubError, match="one who cannot go by car"):
        area_view(by_car, "", Scenario("75", "", (ChangeTraveller(traveller="75plus"),)))


def test_names_are_found_in_any_case_and_others_are_told_of(world: World) -> None:
    assert area_named(world, "oostdorp") == "Oostdorp"
    with pytest.raises(InputError, match=r"Did you mean Weststad\? There are Oostdorp, Weststad"):
        area_named(world, "Westad")


def test_the_command_writes_what_the_library_makes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("hub.json").write_text(to_json(HUB))
    asked = ("report", folder, "--mode", "walk", "--scenario", "hub.json", "--no-band", "--lang", "nl")
    assert run(monkeypatch, *asked, "--municipality", "oostdorp") == 0
    found = dorpshub.report(dorpshub.open_region(str(folder)), "Oostdorp", HUB, mode="walk", quick=True)
    assert Pdf(Path("report.pdf").read_bytes()).text() == Pdf(found).text()
    assert run(monkeypatch, *asked, "--booklet", "--out", "all.pdf") == 0
    tags = [tag.name for tag in Pdf(Path("all.pdf").read_bytes()).tags()]
    # A map of the region and of both municipalities, under one title.
    assert (tags.count("H1"), tags.count("Figure")) == (1, 3)
    assert run(monkeypatch, *asked, "--out", "report.docx") == 2
    assert "let its name end in .pdf" in capsys.readouterr().err
    assert run(monkeypatch, *asked, "--booklet", "--municipality", "Oostdorp") == 2
    assert "a booklet is of all municipalities" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.docx"))
