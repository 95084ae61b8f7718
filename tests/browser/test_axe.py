"""Every page, in Dutch, as axe-core judges it on a desk, on a phone and in the dark: nothing serious, nothing critical."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browser.chromium import CHROMIUM, chromium, running_app
from browser.visit import Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="NO CHROMIUM: the pages are not checked with axe"),
    # Playwright leaves its pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PAGES = ("mijn-dorp", "vergelijk", "ontwerp", "waar-een-hub", "gegevens")
LOOKS = {"desk": (1280, 900, "light"), "phone": (390, 844, "light"), "dark": (1280, 900, "dark")}
QUIET_MS = 3_000
"""Tables and charts are drawn a little after the sentence."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Start the app and give its address."""
    with running_app() as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium with software WebGL."""
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(browser: Any, address: str, path: str, look: str) -> None:
    width, height, scheme = LOOKS[look]
    visit = Visit(browser, width, height, scheme)
    visit.page.goto(f"{address}/{path}")
    visit.page.wait_for_selector(".dh-headline")
    visit.page.wait_for_timeout(QUIET_MS)
    barriers = visit.barriers()
    visit.page.context.close()
    assert not barriers, "\n".join(barriers)
