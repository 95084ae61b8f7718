"""What the app says about a view, word for word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.toys.ui import CLOSED_GP, HUB_IN_BEE, HUB_NEAR_CEE, row, toy_world, view_of
from ui.sentences.design import basis_sentence, details, headline, modelled_sentence, tooltip
from ui.sentences.edits import online_sentence, opening
from ui.views.design import basis_of
from ui.views.edits import EditView
from ui.words.i18n import texts_in

NL, EN = texts_in("nl"), texts_in("en")
IN_2040 = EditView("year", "", near=False, kinds=(), value="2040")
ONLINE = EditView("digital", "", near=False, kinds=("gp",), value="0.3")


def test_without_changes_the_headline_says_how_it_is() -> None:
    view = view_of(4_000, 4_000, ())
    assert (
        headline(view, NL)
        == "4.000 van de 5.000 inwoners (80%) kunnen binnen 10 minuten naar een huisarts fietsen."
    )
    assert headline(view, EN) == "4,000 of 5,000 inhabitants (80%) get to a GP within 10 minutes by bike."
    assert "Klik op de kaart" in details(view, NL)[0]


@pytest.mark.parametrize(
    ("after", "dutch", "english"),
    [
        (1_240, "kunnen 1.240 inwoners meer dan nu", "1,240 more inhabitants can"),
        (2, "kunnen 2 inwoners meer dan nu", "2 more inhabitants can"),
        (1, "kan 1 inwoner meer dan nu", "1 more inhabitant can"),
    ],
)
def test_a_gain_is_counted(after: int, dutch: str, english: str) -> None:
    view = view_of(0, after, (HUB_IN_BEE,))
    assert headline(view, NL) == f"Met een hub in Bee {dutch} binnen 10 minuten naar een huisarts fietsen."
    assert headline(view, EN) == f"With a hub in Bee, {english} get to a GP within 10 minutes by bike."


def test_a_loss_is_a_positive_number_of_fewer_people() -> None:
    view = view_of(310, 0, (CLOSED_GP,))
    assert (
        headline(view, NL)
        == "Zonder GP Aa kunnen 310 inwoners niet meer binnen 10 minuten naar een huisarts fietsen."
    )
    assert (
        headline(view, EN)
        == "Without GP Aa, 310 inhabitants can no longer get to a GP within 10 minutes by bike."
    )


def test_without_a_difference_within_the_limit_the_headline_says_what_does_change() -> None:
    # 300 people gain 3 minutes and 100 gain 7: (300 * 3 + 100 * 7) / 400 = 4 minutes on average; 20 lose 2 minutes.
    rows = (row(9.0, 6.0, 300), row(9.0, 2.0, 100), row(5.0, 7.0, 20), row(5.0, 5.9, 5_000))
    view = view_of(310, 310, (HUB_IN_BEE,), rows)
    assert (
        headline(view, NL)
        == "Met een hub in Bee is de huisarts voor 400 inwoners dichterbij, gemiddeld 4 minuten."
    )
    assert (
        headline(view, EN)
        == "With a hub in Bee, the GP is closer for 400 inhabitants, by 4 minutes on average."
    )
    assert details(view, NL) == (
        "Binnen 10 minuten zijn het er 310 van de 5.000 (6%), evenveel als nu.",
        "Voor 20 inwoners wordt de reis minstens een minuut langer, gemiddeld 2 minuten.",
    )


@pytest.mark.parametrize(
    ("before", "after", "dutch"),
    [
        (5.0, 6.2, "is de huisarts voor 1 inwoner verder weg, gemiddeld 1 minuut."),
        (None, 30.0, "is de huisarts voor 1 inwoner nu pas bereikbaar."),
        (30.0, None, "is de huisarts voor 1 inwoner niet meer bereikbaar."),
        (5.0, 5.9, "verandert de reis naar de huisarts voor niemand met een minuut of meer."),
        (None, None, "verandert de reis naar de huisarts voor niemand met een minuut of meer."),
    ],
)
def test_what_changes_for_most_people_comes_first(
    before: float | None, after: float | None, dutch: str
) -> None:
    view = view_of(310, 310, (HUB_IN_BEE,), (row(before, after, 1),))
    assert headline(view, NL) == f"Met een hub in Bee {dutch}"
    # The headline has said it all: only the totals are left.
    assert details(view, NL) == ("Binnen 10 minuten zijn het er 310 van de 5.000 (6%), evenveel als nu.",)


def test_details_count_winners_and_losers_newly_and_no_longer_reached_included() -> None:
    rows = (row(9.0, 2.0, 10), row(None, 4.0, 20), row(2.0, 8.0, 1), row(3.0, None, 4), row(5.0, 5.4, 100))
    view = view_of(100, 130, (HUB_IN_BEE, CLOSED_GP), rows)
    assert details(view, NL) == (
        "Dat zijn er dan 130 van de 5.000 (3%); nu zijn het er 100.",
        "Voor 10 inwoners wordt de reis minstens een minuut korter, gemiddeld 7 minuten.",
        "Voor 1 inwoner wordt de reis minstens een minuut langer, gemiddeld 6 minuten.",
        "Voor 20 inwoners was er geen verbinding; straks wel.",
        "Voor 4 inwoners is er geen verbinding meer.",
    )


def test_a_hub_that_does_not_offer_the_kind_is_mentioned() -> None:
    pharmacy_only = EditView("hub", "Bee", near=False, kinds=("pharmacy",), lon_deg=6.7, lat_deg=52.8)
    assert (
        details(view_of(1, 1, (pharmacy_only,)), NL)[-1]
        == "Let op: niet elke hub in dit scenario biedt een huisarts."
    )


@pytest.mark.parametrize(
    ("edits", "dutch", "english"),
    [
        ((HUB_IN_BEE,), "Met een hub in Bee", "With a hub in Bee"),
        ((HUB_IN_BEE, HUB_NEAR_CEE), "Met hubs in Bee en bij Cee", "With hubs in Bee and near Cee"),
        ((HUB_IN_BEE, HUB_NEAR_CEE) * 2, "Met 4 hubs", "With 4 hubs"),
        (
            (HUB_IN_BEE, CLOSED_GP),
            "Met een hub in Bee en zonder GP Aa",
            "With a hub in Bee and without GP Aa",
        ),
        ((CLOSED_GP,) * 4, "Zonder 4 voorzieningen", "Without 4 services"),
        (
            (HUB_IN_BEE, CLOSED_GP, IN_2040),
            "Met een hub in Bee, zonder GP Aa en met de bevolking van 2040",
            "With a hub in Bee, without GP Aa and with the population of 2040",
        ),
        ((IN_2040,) * 4, "Met 4 andere wijzigingen", "With 4 other changes"),
        (
            (ONLINE,),
            "Met 30% van de bezoeken aan de huisarts online",
            "With 30% of the visits to the GP online",
        ),
    ],
)
def test_the_opening_names_what_changes(edits: tuple[EditView, ...], dutch: str, english: str) -> None:
    assert (opening(edits, NL), opening(edits, EN)) == (dutch, english)


def test_the_basis_names_day_and_hours_only_where_a_timetable_counts() -> None:
    by_bus = basis_sentence(basis_of(toy_world(), "transit"), "transit", NL)
    assert "dinsdag 6 oktober 2026" in by_bus
    assert "tussen 9.00 en 11.00 uur" in by_bus
    assert "9:00 to 11:00" in basis_sentence(basis_of(toy_world(), "transit"), "transit", EN)
    assert "2026" not in basis_sentence(basis_of(toy_world(), "bike"), "bike", NL)


def test_the_modelled_mark_names_the_layers_the_mode_uses() -> None:
    assert "dienstregeling" in modelled_sentence(basis_of(toy_world(), "transit"), NL)
    assert "dienstregeling" not in modelled_sentence(basis_of(toy_world(), "bike"), NL)
    assert "plaatsen en inwoners" in modelled_sentence(basis_of(toy_world(), "bike"), NL)


def test_the_tooltip_shows_then_only_when_something_changes() -> None:
    assert tooltip(row(14.0, 4.0), changed=True, texts=NL).split("\n") == [
        "Aa",
        "10 inwoners",
        "nu: GP Aa, 14 min",
        "straks: Hub Aa, 4 min",
    ]
    assert "straks" not in tooltip(row(14.0, 14.0), changed=False, texts=NL)
    assert "nu: niet bereikbaar" in tooltip(row(None, None), changed=False, texts=NL)


def test_the_tooltip_gives_the_reason_in_dutch() -> None:
    far = replace(
        row(12.0, None), facility_before="Huisartsenpraktijk Borger", reason="no way over the streets"
    )
    assert tooltip(far, changed=True, texts=NL).split("\n")[2:] == [
        "nu: Huisartsenpraktijk Borger, 12 min",
        "straks: niet bereikbaar",
        "er is geen route over de weg",
    ]


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (None, "Het is niet bekend waar snel internet is: dit telt voor iedereen."),
        (0.4, "0 inwoners hebben geen snel internet, of dat is niet bekend, en reizen zoals nu."),
        (1.0, "1 inwoner heeft geen snel internet, of dat is niet bekend, en reist zoals nu."),
        (3_420.0, "3.420 inwoners hebben geen snel internet, of dat is niet bekend, en reizen zoals nu."),
    ],
)
def test_whom_visits_online_leave_out_is_said(left_out: float | None, said: str) -> None:
    assert online_sentence(left_out, NL) == said
