"""Which scenario is best at what: no loser, tie, doubt or unknown cost is hidden."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.costs.euros import exactly
from scenarios.costs.value import Hours, Value, limit_of
from ui.sentences.side_by_side import best_details, best_headline, lines
from ui.views.compare import Sureness
from ui.views.side_by_side import LETTERS, Side
from ui.words.i18n import texts_in

NL = texts_in("nl")
NO_VALUE = Value("gp", "bike", limit_of(10), 0, 0, None, None)


def side(letter: str, **more: Any) -> Side:
    """A scenario of which nothing comes, nothing is known, and nothing is unsure, except what is told."""
    given: dict[str, Any] = {
        "gain": 0,
        "lose": 0,
        "old_gain": 0,
        "old_lose": 0,
        "gain_without_car": 0,
        "within": 0,
        "cost_per_year": None,
        "cost_is_whole": more.get("cost_per_year") is not None,
        "value": NO_VALUE,
        "sure": Sureness(0, 0, 0, 0.0, 0.0),
    }
    return Side(letter=letter, name=f"Plan {letter}", **given | more)


def sides(**numbers: list[Any]) -> list[Side]:
    """Scenarios from A on, each with its number of every list."""
    rows = zip(*numbers.values(), strict=True)
    return [
        side(letter, **dict(zip(numbers, row, strict=True)))
        for letter, row in zip(LETTERS, rows, strict=False)
    ]


@pytest.mark.parametrize(
    ("gain", "lose", "said"),
    [
        ([4_235, 1_283], [0, 0], "A helpt de meeste mensen: 4.235 gaan erop vooruit. Bij geen ervan gaat iemand erop achteruit."),
        ([900, 900, 5], [3, 0, 0], ("A en B helpen de meeste mensen: bij elk gaan er 900 op vooruit. "
         "Bij A gaan de meeste mensen erop achteruit (3), bij B en C de minste (0).")),
        ([7, 7], [2, 2], ("Alle scenario's helpen evenveel mensen: bij elk gaan er 7 op vooruit. "
         "Bij elk scenario gaan evenveel mensen erop achteruit: 2.")),
        ([0, 0], [0, 1], ("Geen van deze scenario's brengt iemand een minuut of meer dichter bij de huisarts. "
         "Bij B gaan de meeste mensen erop achteruit (1), bij A de minste (0).")),
    ],
)  # fmt: skip
def test_the_headline_names_who_gains_and_who_loses(gain: list[int], lose: list[int], said: str) -> None:
    assert best_headline(sides(gain=gain, lose=lose), "gp", NL) == said


@pytest.mark.parametrize(("unsure", "is_told"), [(30, True), (29, False)])
def test_a_lead_within_what_is_unsure_is_no_lead(unsure: int, is_told: bool) -> None:  # noqa: FBT001
    # A gains 50 more than B; of 20 people of A and of `unsure` of B it is too uncertain what happens to them.
    sure = [Sureness(80, 0, 20, 0.0, 0.0), Sureness(20, 0, unsure, 0.0, 0.0)]
    said = best_headline(sides(gain=[100, 50], sure=sure), "gp", NL)
    assert ("Het verschil met B is te klein om zeker van te zijn." in said) == is_told


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        ([None, None], "Van geen ervan is bekend wat het kost."),
        # Nothing is a cost: the least there is, and not the same as one that nobody filled in.
        ([0.0, 15_000.0, None], ("A kost het minst: 0 euro per jaar. "
         "Van C is niet of niet helemaal bekend wat het kost.")),
        ([None, 0.0], "Alleen van B is bekend wat het kost: 0 euro per jaar."),
        ([9.0, 9.0], "Alle scenario's kosten evenveel: 9 euro per jaar."),
        ([9.0, 9.0, 10.0], "A en B kosten het minst: 9 euro per jaar."),
        # A line that is dropped pays for more than a hub.
        ([-9_000.0, 5_000.0], "A bespaart het meest: 9.000 euro per jaar."),
        ([-9_000.0, None], "Alleen van A is bekend wat het kost: het bespaart 9.000 euro per jaar."),
    ],
)  # fmt: skip
def test_unknown_cost_is_not_nothing(cost: list[float | None], said: str) -> None:
    assert said in " ".join(best_details(sides(cost_per_year=cost), NL))


def test_a_cost_that_is_known_in_part_is_never_the_least() -> None:
    found = [
        side("A", cost_per_year=1.0, cost_is_whole=False),
        side("B", cost_per_year=9.0),
        side("C", cost_per_year=10.0),
    ]
    assert "B kost het minst: 9 euro per jaar." in " ".join(best_details(found, NL))
    euros = next(line for line in lines(found, 10, NL) if line.title == "Euro per jaar")
    assert (euros.cells, euros.best) == (("1 voor zover bekend", "9", "10"), (1,))


def test_the_cheapest_person_and_hour_are_marked_and_why_there_is_none_is_said() -> None:
    limit, some = limit_of(10), exactly(1_000.0)
    found = [
        side("A", value=Value("gp", "bike", limit, 0, 100, Hours(50.0, 0.0, 0.0), some)),
        side("B", value=Value("gp", "bike", limit, 0, 20, Hours(500.0, 0.0, 0.0), some)),
        side("C", value=Value("gp", "bike", limit, 5, 5, None, some)),
        side("D", value=Value("gp", "bike", limit, 0, 20, Hours(500.0, 0.0, 0.0), None)),
    ]
    person, hour = (
        line
        for line in lines(found, 10, NL)
        if line.title.startswith("Euro voor elk") or "extra" in line.title
    )
    # A: 1,000 euros for 100 people and for 50 hours; B: for 20 people and 500 hours.
    assert (person.cells, person.best) == (
        ("10", "50", "niemand gaat erop vooruit", "kosten niet bekend"),
        (0,),
    )
    assert (hour.cells, hour.best) == (
        ("20", "2", "niet bekend hoe vaak men gaat", "kosten niet bekend"),
        (1,),
    )


def test_the_surest_is_told_with_its_people_and_only_when_all_are_known() -> None:
    known = [Sureness(8, 1, 1, 0.0, 0.0), Sureness(3, 0, 0, 0.0, 0.0)]
    assert best_details(sides(sure=known), NL)[-1] == (
        "Het zekerst zijn de cijfers van B: of de reis korter of langer wordt, staat vast voor 3 van de 3 mensen van wie de "
        "reis verandert (100%)."
    )
    assert (
        best_details(sides(sure=[known[0], None]), NL)[-1]
        == "Hoe zeker deze cijfers zijn, wordt nog uitgerekend."
    )
    cells = next(line for line in lines(sides(sure=[known[0], None]), 10, NL) if line.title == "Zeker").cells
    assert cells == ("8 van 10", "nog bezig")


def test_old_people_are_told_apart() -> None:
    assert best_details(sides(old_gain=[3, 12]), NL)[0] == (
        "De meeste mensen van 75 jaar en ouder gaan erop vooruit met B: 12."
    )
    assert best_details(sides(old_gain=[0, 0]), NL)[0] == (
        "Van de mensen van 75 jaar en ouder gaat niemand erop vooruit."
    )


def test_the_best_is_marked_where_there_is_one() -> None:
    found = lines(sides(gain=[5, 9, 9], lose=[0, 4, 0], within=[1, 1, 1]), 10, NL)
    best = {line.title: line.best for line in found}
    assert best["Gaan vooruit"] == (1, 2)
    assert best["Gaan achteruit"] == (0, 2)
    # All alike: then none is best.
    assert best["Binnen 10 minuten"] == ()
