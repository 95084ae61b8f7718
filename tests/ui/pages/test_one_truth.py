"""Whatever is changed, every page says the same: sentence, table, map, paper and export, with the numbers and names of the scenarios layer.

The toy valley is drawn in `toy_region`; each kind of edit is made there once.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape, unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from accessibility.world import World, open_world
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.comparison.compare import Comparison, compare_worlds, effect
from scenarios.costs.costs import region_costs
from scenarios.edits.amend import tidied
from scenarios.edits.apply import apply
from scenarios.edits.facilities import (
    ChangeCapacity,
    ChangeOpening,
    CloseFacility,
    MoveFacility,
    OpenFacility,
    PlaceHub,
)
from scenarios.edits.line_courses import AddStop, ChangeLineSpeed, Reroute, SkipStop
from scenarios.edits.lines import AddLine, ChangeHeadway, ChangeSpan, DropLine
from scenarios.edits.on_demand import AddOnDemand, DropOnDemand
from scenarios.edits.people import ChangeTraveller, ChangeYear, DigitalContacts
from scenarios.edits.scenario import Edit, Scenario
from scenarios.edits.streets import ChangeSpeedLimit, CloseStreets, DrawPath, course
from support.files import APP
from support.toys.region import lonlat, write_toy_region
from support.toys.ui import begin_at
from ui.map.legend import difference_colour
from ui.pages.design import export
from ui.paper.pdf import Drawing, Points, Report, Sentences, Table
from ui.sentences.edits import edit_line
from ui.state import cache, session
from ui.state.cached import forget_all
from ui.state.link import pack
from ui.views.compare import Sureness
from ui.views.design import design_view
from ui.views.edits import edit_views
from ui.words.i18n import texts_in
from ui.words.words import ORIGINS

NL = texts_in("nl")
LIMIT_MIN = 10
ADDRESS = "http://localhost:8501/?lang=nl"
IN_WEST = PlaceHub(place_id="west", kinds=("gp",))
BETWEEN = (
    round((lonlat("west")[0] + lonlat("mid")[0]) / 2, 6),
    round((lonlat("west")[1] + lonlat("mid")[1]) / 2, 6),
)
NORTH = (lonlat("mid")[0], lonlat("mid")[1] + 0.002)
BOX = (
    (lonlat("west")[0] - 0.01, lonlat("west")[1] - 0.01),
    (lonlat("lone")[0] + 0.01, lonlat("lone")[1] + 0.01),
)
TAXI = AddOnDemand(name="Taxi", zone=BOX, hours="Mo-Fr 06:00-22:00", lead_min=30, margin_min=5, detour=1.2)
ELSE = Scenario("Anders", "", (TAXI, CloseFacility("gp-0")))
"""Beside which a case is put; its taxi lets one travel on demand."""
POPULATION = """base_year = 2026
[[total]]
year = 2040
inhabitants = 600
origin = "modelled"
source = "made up"
"""
CASES: tuple[tuple[str, tuple[Edit, ...]], ...] = (
    ("bike", (IN_WEST,)),
    ("bike", (IN_WEST, MoveFacility(facility_id="hub-west", place_id="east"))),
    ("bike", (OpenFacility(place_id="east", kind="gp", name="Praktijk *Oost* <b>"),)),
    ("bike", (MoveFacility(facility_id="gp-0", place_id="west"),)),
    ("bike", (CloseFacility("gp-0"),)),
    ("bike", (CloseFacility("gp-0"), IN_WEST)),
    ("bike", (ChangeOpening("gp-0", "Mo-Fr 09:00-12:00"),)),
    ("bike", (ChangeCapacity("gp-0", 2.0),)),
    ("transit", (ChangeHeadway(line="1", headway_min=10),)),
    ("transit", (ChangeSpan(line="1", first="09:00", last="09:30"),)),
    ("transit", (DropLine(line="1"),)),
    ("transit", (ChangeLineSpeed(line="1", speed_share=2.0),)),
    ("transit", (SkipStop(line="1", stop="mid"),)),
    ("transit", (SkipStop(line="1", stop="mid"), AddStop(line="1", stop="mid", after="west"))),
    ("transit", (Reroute(line="1", from_stop="west", to_stop="east"),)),
    (
        "transit",
        (
            AddLine(
                name="2", stops=("east", "mid"), headway_min=10, first="08:00", last="11:00", speed_kmh=40
            ),
        ),
    ),
    ("bike", (CloseStreets(at=BETWEEN),)),
    ("car", (ChangeSpeedLimit(at=BETWEEN, limit_kmh=15),)),
    ("bike", (DrawPath(line=(lonlat("west"), NORTH, lonlat("east")), kind="cycle_path"),)),
    ("on_demand", (TAXI,)),
    ("transit", (TAXI, DropOnDemand("Taxi"))),
    ("bike", (ChangeYear(2040), IN_WEST)),
    ("bike", (DigitalContacts("gp", 0.3), IN_WEST)),
    ("transit", (ChangeTraveller("75plus"),)),
)


def test_every_kind_of_edit_has_a_case() -> None:
    made = {type(edit) for _, edits in CASES for edit in edits}
    assert made == set(get_args(Edit))


@dataclass(frozen=True)
class Drawn:
    """What the pages gave to the map, and what their buttons print."""

    maps: list[dict[str, Any]]
    reports: list[Report]

    @property
    def paper(self) -> Report:
        """What the page that was opened last prints."""
        return self.reports[-1]


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_toy_region(tmp_path_factory.mktemp("regions") / "valley")
    (folder / "population.toml").write_text(POPULATION)
    return folder


@pytest.fixture(scope="module")
def before(valley: Path) -> World:
    return open_world(valley)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, valley: Path) -> Drawn:
    """Let the app open the valley, and note what it draws."""
    found = Drawn([], [])
    monkeypatch.setattr("sys.argv", ["streamlit_app.py", str(valley)])
    monkeypatch.setattr(cache, "LIBRARY", tmp_path / "library.sqlite")
    monkeypatch.setattr(cache, "sure", SimpleNamespace(known=lambda *_asked: Sureness(1, 0, 0, -1.0, -1.0)))
    # The page of the village works every kind out; one is enough to compare.
    monkeypatch.setattr("ui.pages.village.view.VILLAGE_KINDS", ("gp",))
    monkeypatch.setattr(
        "ui.widgets.paper.buttons",
        lambda _title, make, _texts: found.reports.append(make(ADDRESS, date(2026, 11, 29))),
    )
    for module in ("design.page", "village.page", "compare.panel", "placement.page"):
        monkeypatch.setattr(
            f"ui.pages.{module}.draw_map", lambda _base, data, *_rest: found.maps.append(data)
        )
    return found


@pytest.fixture(scope="module", autouse=True)
def caches() -> Iterator[None]:
    forget_all()
    yield
    forget_all()


def page(name: str, mode: str, scenario: Scenario, monkeypatch: pytest.MonkeyPatch, **more: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=300)
    given = {"mode": mode, "limit": str(LIMIT_MIN), "s": pack(scenario), "show": "difference"} | more
    for key, value in given.items():
        app.query_params[key] = value
    with monkeypatch.context() as inside:
        begin_at(inside, name)
        app.run()
    assert not app.exception
    assert [told.value for told in app.error] == []
    return app


def html(app: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in app.get("html"))


def minutes(seconds: float) -> float | None:
    return round(seconds / 60, 1) if np.isfinite(seconds) else None


def finite(minutes: float) -> float | None:
    return float(minutes) if np.isfinite(minutes) else None


def named(world: World, row: int) -> str:
    return world.facilities.name[row] if row >= 0 else ""


Row = tuple[float | None, float | None, str, str]


@dataclass(frozen=True)
class Truth:
    """What the scenarios layer makes of a case, without any code of the app.

    Attributes
    ----------
    rows
        For each place of the region the minutes before and after, and the names of where its people go.

    """

    scenario: Scenario
    mode: str
    before: World
    after: World
    comparison: Comparison
    rows: dict[str, Row]

    @property
    def gone(self) -> set[str]:
        """Ids of what is closed."""
        return {*self.before.facilities.id} - {*self.after.facilities.id}

    @property
    def inside(self) -> list[int]:
        """Rows of the places of the region."""
        rows: list[int] = np.flatnonzero(self.before.places.in_region).tolist()
        return rows

    def seconds_in_minutes(self) -> dict[str, tuple[float | None, float | None]]:
        """Minutes of the places of the region before and after, not rounded; None where none is reached."""
        sides = self.comparison.before.times.seconds, self.comparison.after.times.seconds
        return {
            self.before.places.name[row]: (finite(sides[0][row] / 60), finite(sides[1][row] / 60))
            for row in self.inside
        }

    def within(self) -> tuple[int, int]:
        """Inhabitants within the limit, before and after."""
        limit_s = LIMIT_MIN * 60.0
        return (
            self.comparison.before.totals(limit_s).people_within,
            self.comparison.after.totals(limit_s).people_within,
        )


def truth(before: World, scenario: Scenario, mode: str) -> Truth:
    return truth_of(before, apply(before, scenario, load_facility_kinds()), scenario, mode)


def truth_of(before: World, after: World, scenario: Scenario, mode: str, kind: str = "gp") -> Truth:
    ((comparison,),) = compare_worlds(before, [after], [kind], [mode])
    old, new = comparison.before.times, comparison.after.times
    rows = {
        before.places.name[row]: (
            minutes(float(old.seconds[row])),
            minutes(float(new.seconds[row])),
            named(before, int(old.facility[row])),
            named(after, int(new.facility[row])),
        )
        for row in np.flatnonzero(before.places.in_region).tolist()
    }
    return Truth(scenario, mode, before, after, comparison, rows)


@pytest.mark.parametrize(
    ("mode", "edits"),
    CASES,
    ids=[f"{'-'.join(type(edit).__name__ for edit in edits)}-{mode}" for mode, edits in CASES],
)
def test_all_say_the_same(
    mode: str, edits: tuple[Edit, ...], before: World, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    meant = truth(before, Scenario("Proef <b>*x*</b>", "", edits), mode)
    design = page("ontwerp", mode, meant.scenario, monkeypatch)
    on_the_page(design, meant)
    of_a_comparison(drawn.paper, design, meant)
    data = drawn.maps[-1]
    on_the_map(data, meant)
    compared = page("vergelijk", mode, meant.scenario, monkeypatch)
    beside_each_other(compared, meant)
    of_a_comparison(drawn.paper, compared, meant)
    assert headline(compared) == headline(design)
    several = page("vergelijk", mode, ELSE, monkeypatch, others=pack(meant.scenario), letter="B")
    beside_each_other(several, meant)
    assert headline(several, "h2") == headline(design)
    assert drawn.maps.pop(-2)["hubs"]["features"] == []  # of the other scenario
    in_the_table(several, meant)
    village = page("", mode, meant.scenario, monkeypatch, place="west")
    of_the_village(village, meant)
    of_the_village_on_paper(drawn.paper, village, meant)
    shown = drawn.maps[:]
    about = page("gegevens", mode, meant.scenario, monkeypatch)
    of_the_data(about, meant.before)
    placement = page("waar-een-hub", mode, meant.scenario, monkeypatch, hubs="1")
    of_a_proposal(placement, drawn, meant)
    for other in shown[1:]:
        assert other["places"] == data["places"]
        assert other["hubs"] == data["hubs"]
        assert other["facilities"] == data["facilities"]
    in_files(design, meant)


def on_the_page(design: AppTest, meant: Truth) -> None:
    """The sentence, the three numbers and the table of "Design"."""
    old, new = meant.within()
    numbers = html(design).split("dh-numbers")[1]
    assert f"<dd>{NL.number(old)}</dd>" in numbers
    assert f"<dd>{NL.number(new)}</dd>" in numbers
    if old != new:
        assert f" {NL.number(abs(new - old))} inwoner" in headline(design)
    assert told(design.dataframe[0].value) == meant.rows


def on_the_map(data: dict[str, Any], meant: Truth) -> None:
    """The colours of the differences; services and hubs where they stand in the end, what is closed crossed out."""
    colours = {feature["id"]: feature["properties"]["colour"] for feature in data["places"]["features"]}
    for row in meant.inside:
        sides = (meant.comparison.before, meant.comparison.after)
        old, new = (float(side.times.seconds[row]) / 60 for side in sides)
        colour = difference_colour(*(of if np.isfinite(of) else None for of in (old, new)))
        assert colours[row] == (colour or "")
    assert spots(data["hubs"]["features"]) == standing(meant.after, "hub")
    services = data["facilities"]["features"]
    crossed = [of for of in services if "closed" in of["properties"]["icon"]]
    still = [of for of in services if of not in crossed]
    assert spots(still) == standing(meant.after, "gp")
    assert {of["properties"]["facility"] for of in crossed} == meant.gone
    assert {of["properties"]["tip"] for of in still} <= {*meant.after.facilities.name}


def beside_each_other(compared: AppTest, meant: Truth) -> None:
    """Who gains and who loses, and the table, of "Compare"."""
    groups = effect(meant.comparison, meant.comparison.after.residents.people, 60.0)
    said = html(compared)
    assert counted(said, groups["shorter"].people + groups["won"].people, "vooruit")
    assert counted(said, groups["longer"].people + groups["lost"].people, "achteruit")
    assert told(compared.dataframe[-1].value) == meant.rows


def in_the_table(several: AppTest, meant: Truth) -> None:
    """The column of the second scenario, beside that of another one."""
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>', html(several))
    cells = {
        unescape(title): unescape(re.sub(r" <small.*?</small>|</?b>", "", cell)) for title, _, cell in rows
    }
    for title, ages in (("Gaan", slice(None)), ("75+", slice(-1, None))):
        people = meant.comparison.after.residents.people_by_age[:, ages].sum(axis=1).astype(np.int32)
        groups = effect(meant.comparison, people, 60.0)
        assert cells[f"{title} vooruit"] == NL.number(groups["shorter"].people + groups["won"].people)
        assert cells[f"{title} achteruit"] == NL.number(groups["longer"].people + groups["lost"].people)
    assert cells["Binnen 10 minuten"] == NL.number(meant.within()[1])
    found = region_costs(meant.before, meant.scenario).per_year.rounded()
    said = re.search(r"[\d.,]+", cells["Euro per jaar"])
    # Nothing is known of what closes; all else is in the sum of the costs, by the same rates.
    assert (said[0] if said else "niet bekend") in {NL.number(round(abs(found.used))), "niet bekend"}


def of_the_village(village: AppTest, meant: Truth) -> None:
    """The table of all places, and that of the services, in which nothing is that is closed."""
    assert told(village.dataframe[-1].value) == meant.rows
    services = html(village).split('class="dh-services"')[1].split("</table>")[0]
    for id_ in meant.gone:
        assert meant.before.facilities.name[meant.before.facilities.id.index(id_)] not in services
    assert escape(meant.rows["West"][3]) in services


def sentences(paper: Report) -> list[str]:
    return [text for part in paper.parts if isinstance(part, Sentences) for text in part.texts]


def changes(paper: Report) -> tuple[str, ...]:
    return next(part.texts for part in paper.parts if isinstance(part, Points))


def table_on(paper: Report, title: str) -> Table:
    return next(part for part in paper.parts if isinstance(part, Table) and part.title == title)


def of_a_comparison(paper: Report, app: AppTest, meant: Truth) -> None:
    """The sentences of the page, the numbers within the limit, and the minutes of the places that change."""
    world = meant.before
    edits = edit_views(world, app.session_state[session.STATE].scenario)
    assert changes(paper) == tuple(edit_line(edit, NL) for edit in edits)
    said = sentences(paper)
    assert said[0] == headline(app)
    groups = effect(meant.comparison, meant.comparison.after.residents.people, 60.0)
    assert counted(" ".join(said), groups["shorter"].people + groups["won"].people, "vooruit")
    assert counted(" ".join(said), groups["longer"].people + groups["lost"].people, "achteruit")
    within = table_on(paper, f"Inwoners binnen {LIMIT_MIN} minuten").rows[0]
    assert tuple(cell.split(": ")[1].split(" van")[0] for cell in within[1:]) == tuple(
        map(NL.number, meant.within())
    )
    moved = {
        name: (NL.duration(before), NL.duration(after))
        for name, (before, after) in meant.seconds_in_minutes().items()
        if before != after and not (before and after and abs(before - after) < 1)
    }
    listed = [
        part for part in paper.parts if isinstance(part, Table) and part.title == "Grootste veranderingen"
    ]
    assert {row[0]: row[2:] for part in listed for row in part.rows} == moved


def of_a_proposal(placement: AppTest, drawn: Drawn, meant: Truth) -> None:
    """The proposed hub, added to the scenario: table, map, sentence and paper of "Where a hub?" tell what it adds to that."""
    paper, data, said, rows = (
        drawn.paper,
        drawn.maps[-1],
        html(placement),
        told(placement.dataframe[-1].value),
    )
    # Where a scenario leaves no GP the page asks about what there is.
    title, choices = headline(placement), placement.session_state[session.STATE].choices
    opens = [button for button in placement.button if button.key == "placement-open"]
    if opens:
        opens[0].click().run()
    proposal = placement.session_state[session.STATE].scenario
    kept = tidied(meant.scenario).edits
    assert proposal.edits[: len(kept)] == kept
    after = apply(meant.before, proposal, load_facility_kinds())
    whole = truth_of(meant.after, after, proposal, choices.mode, choices.kind)
    assert rows == whole.rows
    old, new = whole.within()
    assert f"Dan zijn er {NL.number(new)} van" in said
    assert f"nu zijn dat er {NL.number(old)}" in said
    assert sentences(paper)[0] == title
    assert f"Dan zijn er {NL.number(new)} van" in " ".join(sentences(paper))
    assert spots(data["hubs"]["features"]) == standing(after, "hub")
    sites = [
        row[0]
        for part in paper.parts
        if isinstance(part, Table)
        for row in part.rows
        if part.title == "Voorgestelde plekken"
    ]
    assert len(sites) == len(proposal.edits) - len(kept)


def of_the_data(about: AppTest, before: World) -> None:
    """What is said of the data is said of the region as it is, whatever the scenario: no plan is an observed service."""
    region, services = before.region, (table.value for table in about.table)
    (sources,) = (table for table in services if table.index.name == "Laag")
    assert sources["Herkomst"].tolist() == [NL.say(ORIGINS[layer.origin]) for layer in region.layers]
    (counts,) = (table.value for table in about.table if table.value.index.name == "Voorziening")
    kinds = {kind: before.facilities.kind.count(kind) for kind in ("gp", "hub")}
    by_origin = [int(str(counts.loc["Huisarts", column])) for column in ("Waargenomen", "Gemodelleerd")]
    assert (sum(by_origin), kinds["hub"]) == (kinds["gp"], 0)
    assert "Dorpshub" not in counts.index


def of_the_village_on_paper(paper: Report, village: AppTest, meant: Truth) -> None:
    """The sentence of the page, and the time and the name of where people go, as in the table of services."""
    assert sentences(paper)[0] == headline(village)
    row = table_on(paper, "Minuten vanuit West, van deur tot deur").rows[0]
    on_screen = html(village).split('class="dh-services"')[1].split("</table>")[0]
    for line in (line for cell in row for line in cell.split("\n")):
        assert escape(line.removeprefix("(nu ").removesuffix(")")) in on_screen
    for id_ in meant.gone:
        assert meant.before.facilities.name[meant.before.facilities.id.index(id_)] not in " ".join(row)
    assert any(meant.rows["West"][3] in cell for cell in row)


def in_files(design: AppTest, meant: Truth) -> None:
    """The minutes of the tables to take away."""
    state = design.session_state[session.STATE]
    world = cache.opened(state.choices, NL)
    made = cache.worked_out(world, state.scenario, "gp", meant.mode)
    view = design_view(world, made.after, state.scenario, made.comparison, LIMIT_MIN)
    content = export.tables(world, export.spec_of(world, state.scenario, view), "csv-commas", NL)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = (
            each
            for each in archive.namelist()
            if re.fullmatch(r".*\d-\d\d-\d\d\.csv", each) and "vooruit" not in each
        )
        exported = pd.read_csv(io.BytesIO(archive.read(name))).set_index("Code van de plaats")
    for name, row in meant.rows.items():
        place_id = meant.before.places.id[meant.before.places.name.index(name)]
        assert (
            tuple(exported_min(exported.loc[place_id, side]) for side in ("Eerst (s)", "Daarna (s)"))
            == row[:2]
        )


def exported_min(seconds: Any) -> float | None:
    return None if pd.isna(seconds) else round(float(seconds) / 60, 1)


def headline(app: AppTest, level: str = "h1") -> str:
    return unescape(
        html(app).split(f'<{level} class="dh-headline"')[1].split(">", 1)[1].split(f"</{level}>")[0]
    )


def counted(said: str, count: int, which: str) -> bool:
    """Whether the sentence of those who gain or lose tells so many."""
    if not count:
        return (
            "Voor niemand wordt de reis naar" in said
            if which == "vooruit"
            else "Niemand gaat erop achteruit" in said
        )
    verb = "gaat" if count == 1 else "gaan"
    noun = "inwoner" if count == 1 else "inwoners"
    return f"{NL.number(count)} {noun} {verb} erop {which}" in said


def spots(features: list[dict[str, Any]]) -> list[tuple[float, float]]:
    found = [feature["geometry"]["coordinates"] for feature in features]
    return sorted((round(lon, 4), round(lat, 4)) for lon, lat in found)


def standing(world: World, kind: str) -> list[tuple[float, float]]:
    rows = [row for row, of in enumerate(world.facilities.kind) if of == kind]
    lon, lat = world.projection.to_lonlat(world.facilities.x_m[rows], world.facilities.y_m[rows])
    return sorted((round(float(one), 4), round(float(other), 4)) for one, other in zip(lon, lat, strict=True))


def told(table: pd.DataFrame) -> dict[str, Row]:
    """Minutes and names of a table of places."""
    columns = [
        NL.say(name)
        for name in (
            "Place",
            "Now (min)",
            "With the changes (min)",
            "Goes to, now",
            "Goes to, with the changes",
        )
    ]
    return {
        name: (*(None if pd.isna(of) else float(of) for of in (old, new)), here, there)
        for name, old, new, here, there in table[columns].itertuples(index=False)
    }


def test_how_far_one_gets_stands_in_the_link_and_on_paper(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = {"reach": "from", "reach_of": "west", "reach_when": "09:00"}
    design = page("ontwerp", "transit", Scenario("Proef", "", (IN_WEST,)), monkeypatch, **link)
    # With the bus of 9:00 one is in Mid after 4 minutes and in East after 8: all 700 who live along the line.
    (said,) = (text for text in sentences(drawn.paper) if "komt u vanaf West" in text)
    assert "700 inwoners" in said
    assert escape(said) in html(design)
    rows = table_on(drawn.paper, "").rows
    assert rows[0][:2] == ("tot 10 min", "700")
    # What the page puts into its own link is what it was opened with.
    assert design.session_state[session.STATE].link.items() >= link.items()


@pytest.mark.parametrize(
    ("edit", "mark", "colour", "legend"),
    [
        (CloseStreets(at=BETWEEN), "closed", "#c81e1e", "Afgesloten straat"),
        (ChangeSpeedLimit(at=BETWEEN, limit_kmh=30), "limit", "#8a6100", "Andere maximumsnelheid"),
    ],
)
def test_a_street_that_is_changed_is_drawn_along_its_course(
    before: World,
    drawn: Drawn,
    monkeypatch: pytest.MonkeyPatch,
    edit: CloseStreets | ChangeSpeedLimit,
    mark: str,
    colour: str,
    legend: str,
) -> None:
    # There is one street, straight from West by Mid to East, and no junction along it.
    ((one, other),) = course(before, edit)
    for (lon, lat), place in zip(sorted((one, other)), ("west", "east"), strict=True):
        assert (lon, lat) == pytest.approx(lonlat(place), abs=1e-5)
    page("ontwerp", "bike", Scenario("", "", (edit,)), monkeypatch)
    (line,) = drawn.maps[-1]["lines"]["features"]
    assert line["properties"]["mark"] == mark
    assert line["geometry"]["coordinates"] == [[*one], [*other]]
    (drawing,) = (part for part in drawn.paper.parts if isinstance(part, Drawing) and "Kaart van" in part.alt)
    assert drawing.svg.count(f'stroke="{colour}" stroke-width="2.6"') == 1
    assert f">{legend}</text>" in drawing.svg
