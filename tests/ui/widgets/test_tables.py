"""The table says what the map says, and so does its file."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.files.csv_text import COMMAS, SEMICOLONS, spreadsheet_bytes
from support.toys.ui import row, toy_view
from ui.views.design import PlaceRow, order
from ui.views.filters import WHICH_WORDS, Which, filtered
from ui.widgets.downloads import forms
from ui.widgets.tables import place_table
from ui.words.i18n import texts_in

NL, EN = texts_in("nl"), texts_in("en")


def test_winners_and_losers_come_first() -> None:
    # Cee is reached for the first time, Bee is 17 minutes quicker, Aa stays as it is.
    table = place_table(toy_view(), NL)
    assert table["Plaats"].tolist() == ["Cee", "Bee", "Aa"]
    assert table["Verandering"].tolist() == ["nu pas bereikbaar", "korter", "minder dan een minuut"]
    assert table["Verschil (min)"].tolist()[1:] == [-17.0, 0.0]
    assert pd.isna(table["Verschil (min)"][0])
    assert pd.isna(table["Nu (min)"][0])


def test_a_row_says_what_of_it_is_modelled() -> None:
    # All three go to the modelled GP of Aa; the inhabitants of Aa, Bee and Cee were counted.
    assert place_table(toy_view(), NL)["Gemodelleerd"].tolist() == ["voorziening"] * 3
    both = replace(row(3.0, 3.0), modelled_inhabitants=True, modelled_service=True)
    assert place_table(replace(toy_view(), rows=(both,)), EN)["Modelled"].tolist() == [
        "number of inhabitants and service"
    ]


def test_without_changes_the_longest_time_comes_first_and_not_reached_on_top() -> None:
    rows = [row(3.0, 3.0), row(None, None), row(30.0, 30.0)]
    assert [place.before_min for place in sorted(rows, key=order)] == [None, 30.0, 3.0]


def test_the_file_holds_the_same_table_in_the_language_of_the_reader() -> None:
    view = toy_view()
    dutch = pd.read_csv(
        BytesIO(spreadsheet_bytes(place_table(view, NL), forms(NL)[0])),
        sep=";",
        decimal=",",
        encoding="utf-8-sig",
    )
    english = pd.read_csv(
        BytesIO(spreadsheet_bytes(place_table(view, EN), forms(EN)[0])), encoding="utf-8-sig"
    )
    assert dutch["Straks (min)"].tolist() == english["With the changes (min)"].tolist() == [9.0, 3.0, 2.0]
    assert dutch["Inwoners"].sum() == 1_261


def test_decimals_are_written_with_a_comma_in_dutch() -> None:
    view = replace(toy_view(), rows=(row(6.54, 6.54),))
    assert b";6,5;" in spreadsheet_bytes(place_table(view, NL), SEMICOLONS)
    # With commas between the cells a number keeps its point, whatever the language.
    assert b",6.5," in spreadsheet_bytes(place_table(view, NL), COMMAS)


def named(
    name: str, municipality: str = "M", before: float | None = 5.0, after: float | None = 5.0
) -> PlaceRow:
    """One place by its name."""
    return replace(row(before, after), name=name, municipality=municipality)


PLACES = (
    named("2e Exlo\u00ebrmond", "Borger-Odoorn"),
    named("Emmen \u2013 Bargeres", "Emmen", 20.0, 9.0),
    named("Klazienaveen", "Emmen", 9.0, 20.0),
    named("'t Haantje", "Coevorden", None, 12.0),
    named("Geesbrug", "Coevorden", 12.0, None),
    named("Nergens", "Coevorden", None, None),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("   ", [0, 1, 2, 3, 4, 5]),
        ("!?", [0, 1, 2, 3, 4, 5]),
        ("exloermond", [0]),
        ("EXLO\u00cbRMOND", [0]),
        # The same letters, with the two dots as a mark of their own.
        ("exloe\u0308rmond", [0]),
        # Name and municipality both count: Bargeres lies in Emmen, and so does Klazienaveen.
        ("emmen", [1, 2]),
        ("emmen bargeres", [1]),
        ("bargeres emmen", [1]),
        ("'t haan", [3]),
        ("T HAAN", [3]),
        ("borger odoorn", [0]),
        ("Borger-Odoorn", [0]),
        # No pattern, but the words "emm", "ae" and "n".
        ("emm[ae]n", []),
        ("amsterdam", []),
    ],
)
def test_a_text_finds_places_by_their_name_and_municipality(text: str, found: list[int]) -> None:
    assert filtered(PLACES, text, "all") == tuple(PLACES[number] for number in found)


def test_who_gains_or_loses_can_be_seen_apart() -> None:
    # Reached for the first time is a gain, no longer reached a loss; never reached and unchanged are neither.
    assert filtered(PLACES, "", "better") == (PLACES[1], PLACES[3])
    assert filtered(PLACES, "", "worse") == (PLACES[2], PLACES[4])
    assert filtered(PLACES, "coevorden", "worse") == (PLACES[4],)


@given(text=st.text(max_size=20), which=st.sampled_from(tuple(WHICH_WORDS)))
@settings(deadline=None)
def test_whatever_is_asked_gives_rows_of_the_table_in_their_order(text: str, which: Which) -> None:
    found = filtered(PLACES, text, which)
    assert [place for place in PLACES if place in found] == list(found)
    # Asking among what was found finds it again.
    assert filtered(found, text, which) == found


@given(place=st.sampled_from(PLACES))
@settings(deadline=None)
def test_every_place_is_found_by_its_own_name(place: PlaceRow) -> None:
    assert place in filtered(PLACES, place.name, "all")
    assert place in filtered(PLACES, place.name.upper(), "all")
