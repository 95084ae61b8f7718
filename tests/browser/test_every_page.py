"""Every page: on a phone it fits a finger and a narrow screen; and axe-core finds nothing serious in any look or language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from browser.visit import Visit

from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from ui.state.link import Choices, to_query

HUBS = [
    Scenario(name, "", (PlaceHub(place_id=name, kinds=("gp",), cost_per_year=1.0),))
    for name in ("valthe", "weiteveen")
]
PAGES = {
    "mijn-dorp": "?place=valthe",
    "vergelijk": f"?{urlencode(to_query(Choices(), HUBS[0], (HUBS[1],)))}",
    "ontwerp": f"?{urlencode(to_query(Choices(), HUBS[0]))}",
    "waar-een-hub": "",
    "zorgrondes": "",
    "gegevens": "",
    "toegankelijkheid": "",
    "privacy": "",
}
WITH_MAP = ("mijn-dorp", "vergelijk", "ontwerp", "waar-een-hub")
PHONE, DESK = (390, 844), (1280, 900)
LOOKS = ((PHONE, "light", "NL"), (DESK, "light", "NL"), (DESK, "dark", "EN"), (PHONE, "dark", "EN"))
"""A look in the other language finds the same colours and other words: light in Dutch and dark in English is all there is to find."""
FINGER_PX = 44
QUIET_MS = 2_500
"""Tables and charts are drawn a little after the sentence."""
SMALL_TARGETS = """([least]) => {
  const wanted = "a, button, summary, [role=combobox], [role=radio], [role=switch], input:not([type=hidden])";
  const found = [];
  for (const element of document.querySelectorAll(wanted)) {
    // What is pressed is the whole control: a list with its arrow, a switch with its words.
    const target = element.closest("[data-baseweb=select], label, summary") ?? element;
    const { width, height } = target.getBoundingClientRect();
    const seen = target.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && width > 2 && height > 2;
    if (!seen || getComputedStyle(target).clipPath !== "none") continue;
    if (element.matches("p a, li a") || element.closest("[data-testid=stDateInputField]")) continue; // part of a line, or of a field
    if (height + 0.5 < least) found.push(`${Math.round(width)}x${Math.round(height)} ${target.outerHTML.slice(0, 140)}`);
  }
  return found;
}"""


@pytest.fixture(scope="module", params=PAGES)
def path(request: pytest.FixtureRequest) -> str:
    """Name of a page."""
    return str(request.param)


@pytest.fixture(scope="module")
def visit(browser: Any, address: str, path: str) -> Iterator[Visit]:
    """Open the page once for all that is asked of it, on a phone."""
    opened = Visit(browser, *PHONE)
    opened.page.goto(f"{address}/{path}{PAGES[path]}")
    opened.page.wait_for_selector(".dh-headline")
    opened.settle()
    opened.page.wait_for_timeout(QUIET_MS)
    yield opened
    opened.page.context.close()


def test_a_phone_never_scrolls_sideways(visit: Visit) -> None:
    wide = "document.scrollingElement.scrollWidth - innerWidth"
    assert visit.page.evaluate(wide) <= 0
    inner = "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.stMain'))"
    assert visit.page.evaluate(inner) <= 0


def test_a_finger_hits_every_control_on_a_phone(visit: Visit) -> None:
    assert visit.page.evaluate(SMALL_TARGETS, [FINGER_PX]) == []
    # The line of the context opens what is chosen on every page, for a finger as well.
    visit.page.locator(".dh-opener").click()
    visit.page.wait_for_selector(".st-key-choose-traveller", state="visible")
    small = visit.page.evaluate(SMALL_TARGETS, [FINGER_PX])
    visit.page.locator(".dh-opener").click()
    visit.page.wait_for_selector(".st-key-choose-traveller", state="hidden")
    assert small == []


def test_the_pages_stand_at_the_foot_of_a_phone_by_name(visit: Visit) -> None:
    names = visit.page.locator(".st-key-pages a")
    assert [name.split("\n")[-1] for name in names.all_inner_texts()] == [
        "Mijn dorp",
        "Vergelijk",
        "Ontwerp",
        "Waar een hub?",
        "Zorgrondes",
        "Over de gegevens",
    ]
    below = "element => innerHeight - element.getBoundingClientRect().bottom"
    assert all(0 <= name.evaluate(below) <= FINGER_PX for name in names.all())


def test_the_map_begins_on_the_first_screen_of_a_phone(visit: Visit, path: str) -> None:
    if path not in WITH_MAP:
        assert visit.page.locator(".dorpshub-map").count() == 0
        return
    nav = visit.page.locator(".st-key-pages").bounding_box()
    box = visit.page.locator(".dorpshub-map").first.bounding_box()
    assert box["y"] + FINGER_PX <= nav["y"]


def test_axe_finds_nothing_serious_in_any_look(visit: Visit) -> None:
    found = []
    for (width, height), scheme, language in LOOKS:
        visit.page.set_viewport_size({"width": width, "height": height})
        visit.page.emulate_media(color_scheme=scheme)
        if visit.page.evaluate("document.documentElement.lang") != language.lower():
            visit.choose(language)
            visit.page.wait_for_function(f"() => document.documentElement.lang === '{language.lower()}'")
        found += [f"{width} {scheme} {language} {barrier}" for barrier in visit.barriers()]
    assert not found, "\n".join(found)
