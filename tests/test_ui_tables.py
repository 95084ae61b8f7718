"""The table says what the map says, and so does its file."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pandas as pd
from ui_toys import row, toy_view

from ui.i18n import texts_in
from ui.tables import as_csv, order, place_table

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
        BytesIO(as_csv(place_table(view, NL), NL)), sep=";", decimal=",", encoding="utf-8-sig"
    )
    english = pd.read_csv(BytesIO(as_csv(place_table(view, EN), EN)), encoding="utf-8-sig")
    assert dutch["Straks (min)"].tolist() == english["With the changes (min)"].tolist() == [9.0, 3.0, 2.0]
    assert dutch["Inwoners"].sum() == 1_261


def test_decimals_are_written_with_a_comma_in_dutch() -> None:
    view = replace(toy_view(), rows=(row(6.54, 6.54),))
    assert b";6,5;" in as_csv(place_table(view, NL), NL)
