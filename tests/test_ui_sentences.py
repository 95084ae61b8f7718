"""What the app says about a view, word for word."""

from __future__ import annotations

import pytest
from ui_toys import CLOSED_GP, HUB_IN_BEE, HUB_NEAR_CEE, REGION, row, view_of

from ui.i18n import texts_in
from ui.sentences import basis_sentence, details, headline, modelled_sentence, opening, tooltip
from ui.views import EditView, basis_of

NL, EN = texts_in("nl"), texts_in("en")


def test_without_changes_the_headline_says_how_it_is() -> None:
    view = view_of(4_000, 4_000, ())
    assert (
        headline(view, NL)
        == "4.000 van de 5.000 inwoners (80%) hebben een huisarts binnen 10 minuten fietsen."
    )
    assert headline(view, EN) == "For 4,000 of 5,000 inhabitants (80%), a GP is within 10 minutes by bike."
    assert "Klik op de kaart" in details(view, NL)[0]


@pytest.mark.parametrize(
    ("after", "dutch", "english"),
    [
        (1_240, "bereiken 1.240 inwoners meer dan nu", "1,240 more inhabitants reach"),
        (2, "bereiken 2 inwoners meer dan nu", "2 more inhabitants reach"),
        (1, "bereikt 1 inwoner meer dan nu", "1 more inhabitant reaches"),
    ],
)
def test_a_gain_is_counted(after: int, dutch: str, english: str) -> None:
    view = view_of(0, after, (HUB_IN_BEE,))
    assert headline(view, NL) == f"Met een hub in Bee {dutch} een huisarts binnen 10 minuten fietsen."
    assert headline(view, EN) == f"With a hub in Bee, {english} a GP within 10 minutes by bike."


def test_a_loss_is_a_positive_number_of_fewer_people() -> None:
    view = view_of(310, 0, (CLOSED_GP,))
    assert (
        headline(view, NL)
        == "Zonder GP Aa bereiken 310 inwoners minder dan nu een huisarts binnen 10 minuten fietsen."
    )
    assert headline(view, EN) == "Without GP Aa, 310 fewer inhabitants reach a GP within 10 minutes by bike."


def test_no_difference_is_said_as_such() -> None:
    view = view_of(310, 310, (HUB_IN_BEE,), (row(5.0, 4.5),))
    assert (
        headline(view, EN)
        == "With a hub in Bee, as many inhabitants as now reach a GP within 10 minutes by bike."
    )
    assert details(view, EN) == (
        "They are 310 of 5,000 inhabitants (6%).",
        "Nobody's trip changes by a minute or more.",
    )


def test_details_count_winners_and_losers_newly_and_no_longer_reached_included() -> None:
    # 10 + 20 gain (one of them reached for the first time), 1 + 4 lose (one of them no longer reached), 100 stay.
    rows = (row(9.0, 2.0, 10), row(None, 4.0, 20), row(2.0, 8.0, 1), row(3.0, None, 4), row(5.0, 5.4, 100))
    view = view_of(100, 130, (HUB_IN_BEE, CLOSED_GP), rows)
    assert details(view, NL) == (
        "Dat zijn er dan 130 van de 5.000 (3%); nu zijn het er 100.",
        "Voor 30 inwoners wordt de reis minstens een minuut korter.",
        "Voor 5 inwoners wordt de reis minstens een minuut langer.",
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
    ],
)
def test_the_opening_names_what_changes(edits: tuple[EditView, ...], dutch: str, english: str) -> None:
    assert (opening(edits, NL), opening(edits, EN)) == (dutch, english)


def test_the_basis_names_day_and_hours_only_where_a_timetable_counts() -> None:
    by_bus = basis_sentence(basis_of(REGION, "transit"), "transit", NL)
    assert "dinsdag 6 oktober 2026" in by_bus
    assert "9:00" in by_bus
    assert "11:00" in by_bus
    assert "2026" not in basis_sentence(basis_of(REGION, "bike"), "bike", NL)


def test_the_modelled_mark_names_the_layers_the_mode_uses() -> None:
    assert "dienstregeling" in modelled_sentence(basis_of(REGION, "transit"), NL)
    assert "dienstregeling" not in modelled_sentence(basis_of(REGION, "bike"), NL)
    assert "plaatsen en inwoners" in modelled_sentence(basis_of(REGION, "bike"), NL)


def test_the_tooltip_shows_then_only_when_something_changes() -> None:
    assert tooltip(row(14.0, 4.0), changed=True, texts=NL).split("\n") == [
        "Aa",
        "10 inwoners",
        "nu: 14 min (GP Aa)",
        "straks: 4 min (Hub Aa)",
    ]
    assert "straks" not in tooltip(row(14.0, 14.0), changed=False, texts=NL)
    assert "nu: niet bereikbaar" in tooltip(row(None, None), changed=False, texts=NL)
