"""The journey of a planner in a real browser: open the app, click on open ground, read what changes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SLOW_MS = 300_000  # the first visit may have to build the region
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="NO CHROMIUM: the browser test of the design page is skipped"
    ),
    # Playwright leaves its pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Start the app on a free port and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "streamlit_app.py")]
    options = [
        "--server.port",
        str(port),
        "--server.address",
        "127.0.0.1",
        "--server.fileWatcherType",
        "none",
    ]
    server = subprocess.Popen(  # noqa: S603 - our own interpreter and our own app
        [*command, *options],
        cwd=ROOT,
        env=os.environ | {"PYTHONWARNINGS": "default"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(f"{url}/_stcore/health")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_until_healthy(url: str) -> None:
    for _ in range(120):
        try:
            with urlopen(url, timeout=2):  # noqa: S310 - always http on this machine
                return
        except (URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"the app did not start at {url}")


class Visit:
    """A browser window that counts what it asks of other hosts and what goes wrong in its console."""

    def __init__(self, browser: Any, width: int, height: int) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.page = browser.new_context(viewport={"width": width, "height": height}).new_page()
        self.page.set_default_timeout(SLOW_MS)
        self.page.route("**/*", self._only_from_here)
        self.page.on("console", self._note_error)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note_error(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _only_from_here(self, route: Any) -> None:
        if route.request.url.startswith(("http://127.0.0.1:", "blob:", "data:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def open(self, url: str) -> None:
        """Open a link and wait until the map is drawn."""
        self.page.goto(url)
        self.page.wait_for_selector(".maplibregl-canvas")
        self.page.wait_for_function("document.querySelector('.dorpshub-map').dorpshub?.map?.getLayer('hubs')")
        drawn = "layer => document.querySelector('.dorpshub-map').dorpshub.map.queryRenderedFeatures({ layers: [layer] }).length"
        for layer in ("land", "roads", "places"):
            self.page.wait_for_function(drawn, arg=layer)

    @property
    def headline(self) -> str:
        """The sentence above the map."""
        return str(self.page.locator(".dh-headline").inner_text())

    def wait_for_other_headline(self, old: str) -> None:
        """Wait until the sentence above the map has changed."""
        self.page.wait_for_function(
            "old => document.querySelector('.dh-headline')?.innerText !== old", arg=old
        )

    def open_ground(self) -> tuple[float, float]:
        """Return a point of the map in pixels that lies in the region, with no place within 7 pixels."""
        point = self.page.evaluate(
            """() => {
              const { map } = document.querySelector('.dorpshub-map').dorpshub;
              const { width, height } = map.getCanvas().getBoundingClientRect();
              for (let y = height * 0.4; y < height * 0.8; y += 3)
                for (let x = width * 0.3; x < width * 0.8; x += 3) {
                  const box = [[x - 7, y - 7], [x + 7, y + 7]];
                  const layers = ['places', 'unreached', 'facility-dots', 'facilities'];
                  const road = map.queryRenderedFeatures([[x - 2, y - 2], [x + 2, y + 2]], { layers: ['roads'] });
                  const land = map.queryRenderedFeatures([x, y], { layers: ['land'] });
                  if (!map.queryRenderedFeatures(box, { layers }).length && land.length && road.length) return [x, y];
                }
              return null;
            }"""
        )
        assert point, "the map shows no open ground"
        return point[0], point[1]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium with software WebGL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - heavy, and absent where no browser is

        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            yield chromium
            chromium.close()


@pytest.mark.parametrize(
    ("width", "height", "start"),
    # On a phone the whole region is so small that a finger may take the nearest place.
    [(1280, 900, "Met een hub bij "), (390, 844, "Met een hub ")],
    ids=["desktop", "phone"],
)
def test_a_click_on_open_ground_places_a_hub(
    browser: Any, address: str, width: int, height: int, start: str
) -> None:
    visit = Visit(browser, width, height)
    visit.open(address)
    first = visit.headline
    assert "inwoners" in first
    x, y = visit.open_ground()
    visit.page.locator(".maplibregl-canvas").click(position={"x": x, "y": y})
    visit.wait_for_other_headline(first)
    assert visit.headline.startswith(start)
    visit.page.wait_for_url("**?s=*")

    # Reload keeps the scenario, because it is in the link.
    with_hub = visit.headline
    visit.open(visit.page.url)
    assert visit.headline == with_hub
    assert visit.outside == []
    assert visit.errors == []


def test_the_keyboard_reaches_the_map_and_enter_places_a_hub(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(address)
    first = visit.headline
    canvas = visit.page.locator(".maplibregl-canvas")
    assert "Enter" in (canvas.get_attribute("aria-label") or "")
    canvas.focus()
    visit.page.keyboard.press("Enter")
    visit.wait_for_other_headline(first)
    assert visit.headline.startswith("Met een hub ")
    visit.page.get_by_role("button", name="Ongedaan maken").click()
    visit.page.wait_for_function(
        "first => document.querySelector('.dh-headline')?.innerText === first", arg=first
    )
    assert visit.outside == []
    assert visit.errors == []


def test_the_other_page_and_the_other_language(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/?lang=en")
    assert "inhabitants" in visit.headline
    assert visit.page.evaluate("document.documentElement.lang") == "en"
    visit.page.get_by_role("link", name="About the data").click()
    visit.page.wait_for_function("document.querySelector('.dh-headline')?.innerText.includes('observed')")
    visit.page.wait_for_selector("table")
    assert visit.outside == []
    assert visit.errors == []
