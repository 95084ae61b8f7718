"""Two visitors at once: what is one's own only its owner changes, and nothing of one reaches the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.chromium import running_app
from browser.visit import Visit

from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from ui.state.link import pack

HUB = Scenario("Hub in Valthe", "", (PlaceHub(place_id="valthe", kinds=("gp",)),))
LIBRARY = "Bibliotheek van scenario"
YOURS, NOT_YOURS = (
    "Dit scenario is van u.",
    "Dit scenario is van iemand anders: u kunt het openen en kopiëren.",
)
FILE = "naam;soort;lon;lat\r\nGeheime huisarts;huisarts;6,8665;52,8815\r\n"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Start an app whose library is empty."""
    with running_app() as url:
        yield url


def at_the_library(visit: Visit, url: str) -> Visit:
    """Open a link to the page of the planner, and the library on it."""
    visit.open(url)
    visit.unfold(LIBRARY)
    return visit


def press(visit: Visit, name: str) -> None:
    """Press a button of the library by its words, which may stand behind a sign, and wait until the page is done."""
    buttons = visit.page.locator(".stButton button, [data-testid=stFormSubmitButton] button")
    button = buttons.filter(has_text=re.compile(f"^(undo)?{name}$"))
    button.wait_for()
    visit.settle()
    button.click()
    visit.page.wait_for_timeout(300)
    visit.settle()


def in_peace(*visits: Visit) -> None:
    """Nothing was asked of other hosts, and nothing failed."""
    assert [(visit.outside, visit.errors) for visit in visits] == [([], [])] * len(visits)


def test_an_owner_changes_and_deletes_and_another_only_copies(browser: Any, address: str) -> None:
    owner = at_the_library(Visit(browser, 1280, 900), f"{address}/ontwerp?s={pack(HUB)}")
    owner.page.get_by_label("Maker").fill("Anna")
    press(owner, "Bewaar als nieuw")
    owner.wait_for_words("Het scenario staat in de bibliotheek.")
    owner.wait_for_words(YOURS)

    other = at_the_library(Visit(browser, 1280, 900), f"{address}/ontwerp")
    other.wait_for_words(NOT_YOURS)
    assert other.page.get_by_role("button", name="Verwijder", exact=True).count() == 0
    press(other, "Open")
    assert other.page.get_by_role("button", name="Bewaar wijzigingen").count() == 0

    # After a reload the browser still knows, also when the link says nothing.
    at_the_library(owner, f"{address}/ontwerp")
    owner.wait_for_words(YOURS)
    assert owner.barriers() == []
    press(owner, "Open")
    owner.page.get_by_label("Naam", exact=True).first.fill("Hub in Valthe, beter")
    press(owner, "Bewaar wijzigingen")
    owner.wait_for_words("Eerdere versies")
    link = owner.page.locator("[data-link]").get_attribute("data-link")
    press(owner, "Verwijder")
    owner.wait_for_words("Het scenario is verwijderd.")
    owner.wait_for_words("De bibliotheek is nog leeg.")
    press(owner, "Haal het verwijderde scenario terug")
    owner.wait_for_words("Het scenario staat weer in de bibliotheek.")

    at_the_library(other, f"{address}/ontwerp")
    press(other, "Kopieer")
    other.wait_for_words(YOURS)
    assert other.page.get_by_label("Naam", exact=True).first.input_value() == "Hub in Valthe, beter (kopie)"

    # The owner's link makes a third browser an owner; its secret does not stay in the address bar, nor goes to the server.
    third = Visit(browser, 1280, 900)
    asked: list[str] = []
    third.page.on("request", lambda request: asked.append(request.url))
    at_the_library(third, str(link))
    third.wait_for_words("Dit scenario is nu ook in deze browser van u")
    third.wait_for_words(YOURS)
    assert "#" not in third.page.url
    secret = str(link).rsplit(".", 1)[1]
    assert [url for url in asked if secret in url.split("#")[0]] == []
    kept = "Object.keys(JSON.parse(localStorage.getItem('dorpshub-keys') ?? '{}'))"
    assert third.page.evaluate(kept) == owner.page.evaluate(kept)
    assert set(other.page.evaluate(kept)).isdisjoint(owner.page.evaluate(kept))
    window = at_the_library(third.another_window(), f"{address}/ontwerp")
    window.open_list("Scenario in de bibliotheek")
    window.page.get_by_role("option", name="Hub in Valthe, beter · Anna · ").click()
    window.wait_for_words(YOURS)
    in_peace(owner, other, third, window)


def test_a_browser_forgets_its_keys_in_all_its_windows(browser: Any, address: str) -> None:
    visit = at_the_library(Visit(browser, 1280, 900), f"{address}/ontwerp?s={pack(HUB)}")
    page = visit.page
    press(visit, "Bewaar als nieuw")
    visit.wait_for_words(YOURS)
    second = visit.another_window()
    second.page.goto(f"{address}/privacy")
    second.wait_for_words("Vergeet mijn sleutels")

    press(visit, "Vergeet mijn sleutels")
    visit.wait_for_words(NOT_YOURS)
    second.wait_for_words("Deze browser bewaart geen sleutels.")
    kept = "localStorage.getItem('dorpshub-keys')"
    assert page.evaluate(kept) is None
    # A slip of the hand is no loss while the page is open; afterwards it is meant.
    press(visit, "Haal mijn sleutels terug")
    visit.wait_for_words(YOURS)
    page.wait_for_function(f"() => {kept} !== null")
    press(visit, "Vergeet mijn sleutels")
    page.wait_for_function(f"() => {kept} === null")
    at_the_library(visit, f"{address}/ontwerp")
    visit.wait_for_words(NOT_YOURS)
    in_peace(visit, second)


def test_nothing_of_one_visitor_reaches_another(browser: Any, address: str, tmp_path: Path) -> None:
    one, other = Visit(browser, 1280, 900), Visit(browser, 1280, 900)
    other.open(f"{address}/ontwerp")
    one.open(f"{address}/ontwerp?s={pack(HUB)}")
    one.press("Gebruik eigen gegevens")
    (tmp_path / "geheim.csv").write_bytes(FILE.encode())
    one.page.locator(".st-key-upload-file input[type=file]").set_input_files(tmp_path / "geheim.csv")
    # A job runs for the one, and its answer is told: the other sees neither, nor the file, the change or the notice.
    one.wait_for_words("Gelezen: 1 voorziening van 1 soort.")
    first = other.headline
    other.page.get_by_text("EN", exact=True).click()
    other.wait_for_other_headline(first)
    other.page.get_by_text("NL", exact=True).click()
    other.wait_for_headline(first)
    for page in ("gegevens", "ontwerp", "vergelijk", "waar-een-hub"):
        other.page.goto(f"{address}/{page}")
        other.page.wait_for_selector(".dh-headline")
        other.settle()
        words = other.page.inner_text("body")
        assert [word for word in ("geheim", "Gelezen: 1 voorziening", "Hub in Valthe") if word in words] == []
        assert other.page.get_by_role("button", name="Gebruik deze gegevens").count() == 0
    in_peace(one, other)
