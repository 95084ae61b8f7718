"""What the page for councillors says: who gains, who loses, what it costs, how sure it is; and the same on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from accessibility.origins import place_origins
from scenarios.comparison.uncertainty import Band
from scenarios.costs.costs import CostLine, Costs, region_costs
from scenarios.costs.euros import Euros, exactly
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from support.toys.ui import toy_comparison, toy_world
from ui.map import layers
from ui.map.svg import svg_map
from ui.pages.compare.bars import bars_html
from ui.pages.compare.curves import crossing, curve_table
from ui.paper.pdf import Drawing, Drawings, Heading, Part, Sentences, Table
from ui.sentences.compare import equity_sentences, gains, losses, sure_sentence
from ui.sentences.costs import cost_details, cost_table, costs, sources
from ui.state.link import Choices, pack, to_query, unpack_all
from ui.views.compare import CompareView, Sureness, compare_view, sureness
from ui.views.side_by_side import sides
from ui.widgets import comparison_report
from ui.words.i18n import texts_in

NL, EN = texts_in("nl"), texts_in("en")
HUB = Scenario("Hub in Bee", "", (PlaceHub(place_id="bee", kinds=("gp",), cost_per_year=12_600.0),))


@pytest.fixture(autouse=True)
def without_streets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the made-up region, which has no streets, be drawn."""
    monkeypatch.setattr("ui.map.svg.roads", lambda _world, _frame: ([], []))


def view() -> CompareView:
    """Bee goes from 20 to 3 minutes, Cee from not reached to 9, Aa stays at 2; all are of 20 to 64 years."""
    world = toy_world()
    return compare_view(world, world, HUB, toy_comparison(), region_costs(world, HUB), 10)


def with_costs(*lines: CostLine) -> CompareView:
    """The same with other costs, each of its one change."""
    found, costs = view(), Costs(lines, "interest")
    return replace(found, costs=costs, value=found.value._replace(cost=costs.whole_per_year))


def cost_line(per_year: Euros | None, **more: Any) -> CostLine:
    given: dict[str, Any] = {"item": "hub", "after": 1.0, "unit": "hubs", "rate": per_year}
    given |= {"basis": "typed", "per_year": per_year}
    return CostLine(edit=1, what="PlaceHub", **given | more)


def test_people_are_counted_by_limit_age_and_municipality() -> None:
    found = view()
    (area,) = found.areas
    # Within 10 minutes: only Aa (1) before; Aa, Bee (20) and Cee (1,240) after.
    assert (found.all_ages.before, found.all_ages.after, found.all_ages.people_after) == (1, 1_261, 1_261)
    assert (found.old.before, found.old.after) == (0, 0)
    assert (area.name, area.within, area.winners, area.losers) == ("M", found.all_ages, 1_260, 0)
    # Over those with both times: (1 * 0 - 20 * 17) / 21 minutes.
    assert area.mean_change_min == pytest.approx(-340 / 21)


def test_the_curve_counts_who_is_within_each_minute() -> None:
    curve = view().curve
    # 2 minutes is Aa's time: it counts at 2, not at 1. After: Bee from 3, Cee from 9.
    assert [curve[minute] for minute in (0, 1, 2, 3, 8, 9, 19, 20)] == [
        (0, 0), (0, 0), (1, 1), (1, 21), (1, 21), (1, 1_261), (1, 1_261), (21, 1_261),
    ]  # fmt: skip
    table = curve_table((("Hub in Bee", view()),), NL)
    assert table["Nu"].tolist()[20] == 21
    # Bee was within 20 minutes already: what the hub adds is Cee.
    assert table["Hub in Bee"].tolist()[20] == 1_240


def test_a_minute_of_the_curve_names_the_places_that_come_within_it() -> None:
    # Bee comes from 20 to 3 minutes, Cee from nowhere to 9: at 2 there is nobody new, at 20 Bee is there anyway.
    names = [[view().design.rows[row].name for row in crossing(view(), minute)] for minute in (2, 3, 9, 20)]
    assert names == [[], ["Bee"], ["Bee", "Cee"], ["Cee"]]


def test_the_three_sentences() -> None:
    # 20 people gain 17 minutes and 1,240 reach one for the first time.
    assert gains(view(), NL) == (
        "1.260 inwoners gaan erop vooruit: de reis naar de huisarts wordt gemiddeld 17 minuten korter; "
        "niemand van hen is 75 jaar of ouder."
    )
    assert losses(view(), NL).startswith("Niemand gaat erop achteruit")
    # 12,600 euros for 1,260 people.
    assert costs(view(), NL) == (
        "Het kost 12.600 euro per jaar. Dat is 10 euro voor elke inwoner die binnen 10 minuten komt."
    )


RIDES = cost_line(
    None, item="rides", rate=Euros(25.0, 15.0, 40.0), unknown="rides", basis="unknown", after=np.nan
)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((), "Deze veranderingen kosten niemand iets."),
        ((cost_line(exactly(0.0)),), "Volgens wat is ingevuld, kost het niets extra."),
        # Three digits where it is unsure, and no other: 126,000 for 1,260 people.
        ((cost_line(Euros(126_049.0, 94_500.0, 189_000.0), basis="assumed"),),
         "Het kost 126.000 (94.500 tot 189.000) euro per jaar. Dat is 100 (75 tot 150) euro voor elke inwoner"),
        ((cost_line(Euros(-5_000.0, -8_000.0, -2_000.0), basis="assumed"),), "Het bespaart 5.000 (2.000 tot 8.000) euro per jaar."),
        ((cost_line(Euros(1_000.0, -3_000.0, 4_000.0), basis="assumed"),),
         "Het kost 1.000 euro per jaar. Het is niet zeker of het geld kost of bespaart: van 3.000 euro minder tot 4.000 euro meer."),
        ((RIDES,), "Wat het kost, is niet bekend: niemand heeft het ingevuld, en er is geen tarief voor \u2018Hub in Bee\u2019."),
        ((cost_line(exactly(9.0)), RIDES),
         "Wat ervan bekend is, kost 9 euro per jaar. Niet bekend en niet meegeteld is wat dit kost: \u2018Hub in Bee\u2019."),
    ],
)  # fmt: skip
def test_what_it_costs_is_said_with_what_is_unknown(lines: tuple[CostLine, ...], said: str) -> None:
    told = costs(with_costs(*lines), NL)
    assert told.startswith(said)
    if any(line.unknown for line in lines) or not lines:
        assert "voor elke inwoner" not in told


def test_hours_of_travel_and_what_each_of_them_costs() -> None:
    # Of the 20 people of Bee each goes 4.6 x 0.67 times a year, 17 minutes shorter there and back: 34.9 hours for 12,600 euros.
    # The 1,240 of Cee reach a GP for the first time: 1,240 x 4.6 x 0.67 visits.
    (said, fares) = cost_details(view(), NL)
    assert said == (
        "Als iedereen zo naar de huisarts reisde (fiets), zouden alle bezoeken in een jaar samen 35 uur minder reizen kosten. "
        "Dat is 361 euro voor elk uur. Bezoeken die voor het eerst mogelijk worden, tellen hierin niet mee: 3.822 per jaar."
    )
    assert fares == "Wat reizigers betalen, is er niet van afgetrokken."


def test_the_table_of_costs_tells_what_each_rests_on() -> None:
    table = cost_table(with_costs(cost_line(exactly(9.0)), RIDES), NL)
    assert table["Euro per jaar"].tolist() == ["9", "niet bekend"]
    assert table["Berust op"].tolist() == [
        "ingevuld",
        "een rit kost 25 (15 tot 40) euro; hoeveel het er worden, is niet bekend",
    ]
    assert sources(view(), NL) == ()


def test_bars_name_the_people_behind_each_share() -> None:
    html = bars_html(view(), NL)
    assert "0%: 1 van de 1.261" in html
    assert "100%: 1.261 van de 1.261" in html


def test_a_band_is_summed_over_those_who_gain_and_lose() -> None:
    # Aa stays as it is with the assumptions as used, and Elders lies outside; Bee and Cee are those who gain.
    spread = np.array([[0, -30, 0], [-1020, -1200, -900], [-540, -600, 60], [-600, -600, -600]], float)
    sure = np.array(["certain", "certain", "too uncertain", "certain"])
    band = Band("gp", "bike", spread, spread, spread, sign=np.array(["shorter"] * 4), sure=sure)
    found = sureness(place_origins(toy_world().places), band)
    assert (found.certain, found.likely, found.unsure) == (20, 0, 1_240)
    assert found.least_min == pytest.approx((20 * -20 + 1_240 * -10) / 1_260)
    assert found.most_min == pytest.approx((20 * -15 + 1_240 * 1) / 1_260)


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (-22.8, -15.0, "Gemiddeld wordt hun reis 15,0 tot 22,8 minuten korter."),
        (3.0, 4.0, "Gemiddeld wordt hun reis 3,0 tot 4,0 minuten langer."),
        (-3.0, 4.0, "Gemiddeld wordt hun reis tussen 3,0 minuten korter en 4,0 minuten langer."),
    ],
)
def test_the_band_is_said_in_words(least: float, most: float, words: str) -> None:
    assert sure_sentence(Sureness(10, 2, 1, least, most), NL).endswith(words)


def test_nobody_is_told_of_none_who_are_unsure() -> None:
    said = sure_sentence(Sureness(1_699, 0, 0, -13.3, -13.2), NL)
    assert said.startswith(
        "Van alle 1.699 mensen van wie de reis verandert, weten we zeker of die korter of langer wordt. Gemiddeld wordt"
    )


SURE = Sureness(700, 500, 60, -20.0, -9.0)


def parts_of(names: tuple[str, ...], sure: tuple[Sureness | None, ...]) -> tuple[Part, ...]:
    views = [view()] * len(names)
    return comparison_report.parts(toy_world(), sides(names, views, sure), views, NL)


def tables_of(parts: tuple[Part, ...]) -> list[Table]:
    return [part for part in parts if isinstance(part, Table)]


def test_one_scenario_on_paper() -> None:
    parts = parts_of(("Hub in Bee",), (SURE,))
    within, changes, money, _, without_car = tables_of(parts)
    # As the bars of the page have it: of 1,261 people one before, and everybody after; nobody is older than 64.
    assert within.rows[0][1:] == ("0%: 1 van de 1.261", "100%: 1.261 van de 1.261")
    assert changes.rows[0] == ("Cee", "1.240", "niet bereikbaar", "9 min")
    assert money.rows[0] == ("Hub in Bee", "", "12.600", "ingevuld")
    (said, _, details) = (part.texts for part in parts if isinstance(part, Sentences))
    no_car = " ".join(equity_sentences(view(), NL))
    assert said[1:] == (
        gains(view(), NL),
        losses(view(), NL),
        costs(view(), NL),
        no_car,
        sure_sentence(SURE, NL),
    )
    assert details == cost_details(view(), NL)
    # All are of 20 to 64, of whom 16 % have no car: of 1, 20 and 1,240 people 0, 3 and 199, as they run on; of those who gain all
    # but the one in Aa, who has the GP at hand.
    assert no_car.startswith("202 van de 1.261 inwoners hebben geen auto om zelf in te rijden")
    assert "Van de 1.260 inwoners die erop vooruitgaan hebben 202 geen auto: 16%." in no_car
    assert "Dat is ongeveer hun deel van alle inwoners (16%)." in no_car
    assert without_car.rows[0][2] == "202 (158 tot 255)"
    assert sum(isinstance(part, Drawing) for part in parts) == 2  # the map and the curves


def test_up_to_four_scenarios_on_paper_with_how_sure_each_is() -> None:
    names = ("Eerste", "Tweede", "Derde", "Vierde")
    parts = parts_of(names, (SURE, None, SURE, None))
    titles = [f"{letter} \u00b7 {name}" for letter, name in zip("ABCD", names, strict=True)]
    beside = tables_of(parts)[0]
    assert beside.head == ("", *titles)
    # Of 1,260 people whose trip changes it is certain for 700; two are not known yet, so none is best.
    assert beside.rows[-1] == ("Zeker", *("700 van 1.260", "nog bezig") * 2)
    (maps,) = (part for part in parts if isinstance(part, Drawings))
    assert [drawn.caption for drawn in maps.of] == titles
    assert [part.text for part in parts if isinstance(part, Heading)] == titles


def test_the_drawing_looks_at_the_hub_and_whom_it_reaches() -> None:
    design = view().design
    drawn = svg_map(toy_world(), design, "difference", NL)
    legend = len(layers.legend(design, "difference", NL))
    assert drawn.count("<circle") == 3 + legend
    # From the hub in Bee to Cee, 7 km to the east, and 2 km around: the GP of Aa, 7 km to the west, is out of sight, and its
    # letter stands in the legend only; with all of the region in sight it stands where it is too.
    assert drawn.count(">H</text>") == 1
    far = replace(design, edits=(), services_after=design.services_after)
    assert (
        svg_map(toy_world(), far, "difference", NL).count('r="1.6"')
        + svg_map(toy_world(), far, "difference", NL).count(">H</text>")
        == 2
    )
    hubs = len([edit for edit in design.edits if edit.action == "hub"])
    assert drawn.count('fill="#c2410c"') == hubs + 1  # and once in the legend
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_scenarios_beside_each_other_travel_in_the_link() -> None:
    others = (Scenario("A", "", HUB.edits), Scenario("B", "", HUB.edits))
    assert unpack_all(to_query(Choices(), HUB, others)["others"]) == others
    assert len(unpack_all(".".join([pack(HUB)] * 9))) == 3
