"""What all tests in a browser have in common: the app, the browser, and what they are skipped or warned for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.chromium import CHROMIUM, chromium, running_app

HERE = Path(__file__).parent
MARKS = (
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="NO CHROMIUM: the app is not tried in a browser"),
    # Playwright leaves its pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if HERE in item.path.parents:
            for mark in MARKS:
                item.add_marker(mark)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Start the app and give its address; a file whose tests count what is kept there starts one of its own."""
    with running_app() as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium with software WebGL."""
    with chromium() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _close_what_a_test_opened(request: pytest.FixtureRequest) -> Iterator[None]:
    """A page that is left open goes on asking the app how far it is, beside the tests that follow."""
    if "browser" not in request.fixturenames:
        yield
        return
    browser = request.getfixturevalue("browser")
    before = list(browser.contexts)
    yield
    for context in browser.contexts:
        if context not in before:
            context.close()
