"""A service says of when it is and how exact its position is; the table of kinds counts what is observed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from support.toys.ui import toy_world
from ui.sentences.services import dates_of, known_from, position_of
from ui.views.services import KindOrigin, Known, kinds_by_origin
from ui.words.i18n import texts_in

NL, EN = texts_in("nl"), texts_in("en")


def test_a_service_says_where_it_is_known_from() -> None:
    # The GP of Aa is modelled; the shop of Bee was seen on 28 July 2026, at an address found to about 39 m.
    facilities = toy_world().facilities
    assert known_from(Known.of(facilities, 0), NL) == "gemodelleerd"
    assert known_from(Known.of(facilities, 1), NL) == "gegevens van 28 juli 2026, op ongeveer 39 m"
    assert known_from(Known.of(facilities, 1), EN) == "data of 28 July 2026, to about 39 m"
    counted = replace(facilities, position_modelled=np.array([True, True]))
    assert known_from(Known.of(counted, 1), EN) == (
        "data of 28 July 2026, in the middle of the village, as its address is not known"
    )


def test_nothing_is_said_of_what_has_no_date_and_no_known_accuracy() -> None:
    facilities = replace(toy_world().facilities, date=("", ""), position_m=np.full(2, np.nan))
    assert known_from(Known.of(facilities, 1), EN) == ""


def test_kinds_count_observed_and_modelled_ones() -> None:
    rows = kinds_by_origin(toy_world().facilities, ("gp", "pharmacy", "supermarket"))
    assert rows == (
        KindOrigin("gp", 0, 1, 0, ("", ""), None),
        KindOrigin("supermarket", 1, 0, 0, ("2026-07-28", "2026-07-28"), 39.0),
    )
    assert dates_of(rows[1], EN) == "28 July 2026"
    assert position_of(rows[1], NL) == "de helft binnen 39 m"
    several = rows[1]._replace(in_the_middle=4, dates=("2022", "2026-01-02"))
    assert dates_of(several, EN) == "2022 to 2 January 2026"
    assert position_of(several, EN) == "half within 39 m; 4 in the middle of the village"
