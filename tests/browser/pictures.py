"""Make the pictures of the documentation anew: `PYTHONPATH=.:tests python -m browser.pictures` (`make pictures`)."""

from __future__ import annotations

from typing import Any

from browser.chromium import chromium, running_app, wait_for_map

from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from support.files import ROOT
from ui.state.link import Choices, to_query

FOLDER = ROOT / "docs" / "pictures"
KINDS = ("gp", "pharmacy", "supermarket")
HUBS = Scenario("", "", tuple(PlaceHub(place_id=place, kinds=KINDS) for place in ("valthe", "weiteveen")))
QUIET_MS = 1_500  # the last names of the map appear after its first drawing


def page_of(browser: Any, url: str, width: int, height: int) -> Any:
    """Open a page in Dutch and in the light theme."""
    page = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light").new_page()
    page.set_default_timeout(300_000)
    page.goto(url)
    return page


def main() -> None:
    """Write one picture of each page, the first two on a phone as well."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    hubs = "&".join(f"{name}={value}" for name, value in to_query(Choices(show="difference"), HUBS).items())
    views = (
        ("village-nl", "/?place=valthe", 1280, 900),
        ("village-phone", "/?place=valthe", 390, 844),
        ("village-en", "/?place=valthe&lang=en", 1280, 900),
        ("compare-nl", f"/vergelijk?{hubs}", 1280, 900),
        ("compare-phone", f"/vergelijk?{hubs}", 390, 844),
        ("design-nl", f"/ontwerp?{hubs}", 1280, 900),
        ("design-phone", f"/ontwerp?{hubs}", 390, 844),
        ("place-nl", "/waar-een-hub", 1280, 900),
    )
    with running_app() as address, chromium() as browser:
        for name, path, width, height in views:
            page = page_of(browser, f"{address}{path}", width, height)
            wait_for_map(page)
            page.wait_for_timeout(QUIET_MS)
            page.screenshot(path=FOLDER / f"{name}.png")
            page.context.close()
        page = page_of(browser, f"{address}/gegevens", 1280, 900)
        page.wait_for_selector("table:visible")
        page.wait_for_timeout(QUIET_MS)
        page.screenshot(path=FOLDER / "about-nl.png")


if __name__ == "__main__":
    main()
