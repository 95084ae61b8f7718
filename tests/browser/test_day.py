"""The day is chosen in a calendar, with the mouse and by keyboard, and stands in the link and in the words."""

from __future__ import annotations

from typing import Any

import pytest
from browser.visit import Visit

SUNDAY = "zondag 11 oktober 2026"


@pytest.fixture(scope="module")
def visit(browser: Any, address: str) -> Visit:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/ontwerp?mode=transit")
    return visit


STOPS = "document.querySelector('.dorpshub-map')?.dorpshub?.base?.stops.features.length"
"""How many stops the app gave the browser; undefined while the map of another day is made."""


def test_a_day_of_the_calendar_changes_the_figures_the_words_and_the_link(visit: Visit) -> None:
    page = visit.page
    usual = page.evaluate(STOPS)
    page.locator(".st-key-choose-date button").click()
    visit.press("October 11, 2026")
    visit.wait_for_words(f"Op {SUNDAY} vertrekken")
    visit.wait_for_words(f"{SUNDAY}, vertrek tussen 9.00 en 11.00 uur")
    page.wait_for_url("**date=2026-10-11**")
    # The map shows the stops that are served on that day: fewer than on a weekday, when the minibuses run as well.
    page.wait_for_function(f"() => ({STOPS} ?? {usual}) !== {usual}")
    sunday = page.evaluate(STOPS)
    assert 0 < sunday < usual
    drawn = "document.querySelector('.dorpshub-map').dorpshub.map.getSource('stops').serialize().data.features.length"
    page.wait_for_function(f"() => {drawn} === {sunday}")
    # Back in the browser is back to the usual day.
    page.go_back()
    visit.wait_for_words("dinsdag 6 oktober 2026, vertrek tussen 9.00 en 11.00 uur")
    assert visit.outside == visit.errors == []


def test_the_day_is_typed_as_well(visit: Visit) -> None:
    page = visit.page
    page.locator(".st-key-choose-date [data-type=day]").click()
    page.keyboard.type("11")
    # Taken as soon as the field is left.
    page.mouse.click(900, 30)
    visit.wait_for_words(f"Op {SUNDAY} vertrekken")
    assert visit.barriers() == []
