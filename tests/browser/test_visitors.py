"""One journey for each kind of visitor, in both languages, at desktop and phone width, without barriers or outside hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser.chromium import wait_for_map
from browser.visit import Visit

from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from support.pdf_reader import Pdf, squeezed
from ui.state.link import pack

SIZES = pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)], ids=["desktop", "phone"])
LANGUAGES = pytest.mark.parametrize("lang", ["nl", "en"])
KINDS = ("gp", "pharmacy", "supermarket")
HUB = Scenario("Hub in Valthe", "", (PlaceHub(place_id="valthe", kinds=KINDS, cost_per_year=45_000.0),))
OTHER = Scenario("Hub in Weiteveen", "", (PlaceHub(place_id="weiteveen", kinds=KINDS),))


def in_peace(visit: Visit) -> None:
    """Nothing was asked of other hosts, nothing failed, and nobody is shut out."""
    assert visit.outside == []
    assert visit.errors == []
    assert visit.barriers() == []


@SIZES
@LANGUAGES
def test_a_resident_looks_at_the_village_and_tries_a_closure(
    browser: Any, address: str, lang: str, width: int, height: int
) -> None:
    words = {
        "nl": (
            "Vanuit Valthe is de huisarts",
            "Wat als de huisarts sluit?",
            "Zonder",
            "Terug naar hoe het nu is",
        ),
        "en": ("From Valthe the GP is", "What if the GP closes?", "Without", "Back to how it is now"),
    }[lang]
    visit = Visit(browser, width, height)
    visit.open(f"{address}/?place=valthe&lang={lang}")
    first = visit.headline
    assert first.startswith(words[0])
    assert visit.page.evaluate("document.documentElement.lang") == lang
    assert visit.page.locator(".dh-day").count() >= 1
    visit.press(words[1])
    visit.wait_for_other_headline(first)
    assert visit.headline.startswith(words[2])
    visit.page.wait_for_url("**what_if=close-gp**")
    visit.press(words[3])
    visit.wait_for_headline(first)
    in_peace(visit)


def test_a_resident_on_a_first_visit_is_guided_and_chooses_on_the_map(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(address)
    first = visit.headline
    visit.press("Volgende stap")
    visit.wait_for_words("Lees de tabel")
    visit.press("Sluit deze uitleg")
    visit.page.wait_for_function("() => !document.querySelector('.st-key-guide')")
    visit.click(6.8665, 52.8815, times=1)
    if not first.startswith("Vanuit Exloo "):
        visit.wait_for_other_headline(first)
    assert visit.headline.startswith("Vanuit Exloo ")
    in_peace(visit)


def test_a_correction_goes_into_the_link(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/?place=valthe")
    visit.unfold("Hier klopt iets niet")
    visit.open_list("Welke voorziening is gesloten?")
    visit.page.get_by_role("option").first.click()
    visit.press("Bewaar de correctie")
    visit.wait_for_words("Dank u wel.")
    visit.page.wait_for_function("() => location.search.includes('s=')")
    in_peace(visit)


@SIZES
@LANGUAGES
def test_a_councillor_opens_one_link_and_sees_it_all(
    browser: Any, address: str, lang: str, width: int, height: int
) -> None:
    words = {
        "nl": (
            "gaan erop vooruit",
            "Niemand gaat erop achteruit",
            "Het kost 45.000 euro per jaar",
            "Per gemeente",
        ),
        "en": ("inhabitants gain", "Nobody loses", "It costs 45,000 euros a year", "By municipality"),
    }[lang]
    visit = Visit(browser, width, height)
    visit.open(f"{address}/vergelijk?lang={lang}&s={pack(HUB)}")
    for said in words:
        visit.wait_for_words(said)
    with visit.page.expect_download() as download:
        visit.press("PDF")
    assert download.value.suggested_filename.startswith("hub-in-valthe-")
    in_peace(visit)


def test_maps_beside_each_other_move_together(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/vergelijk?s={pack(HUB)}&others={pack(OTHER)}")
    both = "[...document.querySelectorAll('.dorpshub-map')].map((each) => each.dorpshub?.map?.getZoom())"
    visit.page.wait_for_function(f"() => {both}.filter(Boolean).length === 2")
    wait_for_map(visit.page)
    visit.page.evaluate("document.querySelector('.dorpshub-map').dorpshub.map.jumpTo({ zoom: 11 })")
    visit.page.wait_for_function(f"() => {both}.every((zoom) => zoom === 11)")
    in_peace(visit)


def test_a_planner_asks_where_hubs_should_go_and_takes_the_proposal(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/waar-een-hub")
    asked = visit.headline
    visit.press("Open in Ontwerp")
    visit.page.wait_for_url("**/ontwerp?**")
    visit.page.locator(".dh-edit").first.wait_for()  # the changes are drawn after the sentence
    visit.wait_for_headline(asked)  # both pages say the same of the same hubs
    in_peace(visit)


def test_a_planner_adds_a_spot_and_weighs_the_proposal(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/waar-een-hub")
    visit.page.get_by_text("Meer voorwaarden").click()
    visit.page.get_by_text("Een klik op de kaart voegt een plek toe").click()
    visit.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    visit.click(6.70, 52.83, 1)
    visit.page.wait_for_url("**points=6.*")
    visit.wait_for_words("Uw eigen plekken")
    visit.press("Weeg het af")
    visit.wait_for_words("Langste reis (min)")
    in_peace(visit)


@LANGUAGES
def test_everybody_can_read_where_the_data_came_from(browser: Any, address: str, lang: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.page.goto(f"{address}/gegevens?lang={lang}")
    visit.page.wait_for_selector("table:visible")
    in_peace(visit)


def test_the_page_of_a_village_is_printed_as_a_pdf(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/?place=valthe")
    with visit.page.expect_download() as given:
        visit.press("Druk deze pagina af (pdf, A4)")
    assert given.value.suggested_filename.startswith("valthe-")
    made = Pdf(Path(given.value.path()).read_bytes())
    assert (made.title, made.language) == ("Valthe", "nl")
    assert squeezed(visit.page.locator("h1.dh-headline").inner_text()) in made.text()
    # The link on paper leads to what was on the page.
    assert any("place=valthe" in link for link in made.links)
