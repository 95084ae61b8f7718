"""Make the pictures of the documentation anew: `PYTHONPATH=.:tests python -m browser.pictures` (`make pictures`)."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from browser.chromium import chromium, running_app, wait_for_map
from browser.visit import Visit

from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.scenario import Scenario
from support.files import ROOT
from ui.state.link import Choices, to_query
from ui.words.words import AT_SCHOOL

FOLDER = ROOT / "docs" / "pictures"
KINDS = ("gp", "pharmacy", "supermarket")
HUBS = Scenario("", "", tuple(PlaceHub(place_id=place, kinds=KINDS) for place in ("valthe", "weiteveen")))
NO_SCHOOL = Scenario("", "", (CloseFacility("school-18wq00"),))
DESK, PHONE = (1280, 900), (390, 844)
QUIET_MS = 1_500  # the last names of the map appear after its first drawing


class View(NamedTuple):
    """What a picture shows: a page, after a button is pressed if it takes one, from a heading on."""

    name: str
    link: str
    press: str = ""
    heading: str = ""
    size: tuple[int, int] = DESK


def views() -> tuple[View, ...]:
    """One picture of each page and of each question that is answered below the first screen; three on a phone as well."""
    hubs = urlencode(to_query(Choices(show="difference"), HUBS))
    closed = urlencode(
        to_query(Choices(kind="primary_school", show="difference", hours=AT_SCHOOL), NO_SCHOOL)
    )
    return (
        View("village-nl", "/?place=valthe"),
        View("village-phone", "/?place=valthe", size=PHONE),
        View("village-en", "/?place=valthe&lang=en"),
        View("compare-nl", f"/vergelijk?{hubs}"),
        View("compare-phone", f"/vergelijk?{hubs}", size=PHONE),
        View("costs-nl", f"/vergelijk?{hubs}", heading="Wat het kost"),
        View("school-nl", f"/vergelijk?{closed}", heading="Op tijd op school"),
        View("design-nl", f"/ontwerp?{hubs}"),
        View("design-phone", f"/ontwerp?{hubs}", size=PHONE),
        View("place-nl", "/waar-een-hub"),
        View("plan-nl", "/waar-een-hub", press="Maak een plan", heading="Wat eerst?"),
        View("rounds-nl", "/zorgrondes?care_base=exloo&care_then_base=odoorn", press="Plan de rondes"),
        View("about-nl", "/gegevens"),
    )


def main() -> None:
    """Write the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_app() as address, chromium() as browser:
        for view in views():
            visit = Visit(browser, *view.size)
            visit.page.goto(f"{address}{view.link}")
            rest(visit)
            if view.press:
                visit.press(view.press)
                rest(visit)
            if view.heading:
                heading = visit.page.get_by_role("heading", name=view.heading)
                heading.evaluate("heading => heading.scrollIntoView()")
                visit.page.wait_for_timeout(QUIET_MS)
            visit.page.screenshot(path=FOLDER / f"{view.name}.png")
            visit.page.context.close()


def rest(visit: Visit) -> None:
    """Wait until nothing is being worked out, and the map, if there is one, is drawn with its names."""
    visit.page.wait_for_selector(".dh-headline")
    visit.page.wait_for_timeout(QUIET_MS)
    visit.settle()
    visit.page.wait_for_function("() => !document.querySelector('[class*=st-key-job-]')")
    if visit.page.locator(".dorpshub-map").count():
        wait_for_map(visit.page)
    visit.page.wait_for_timeout(QUIET_MS)


if __name__ == "__main__":
    main()
