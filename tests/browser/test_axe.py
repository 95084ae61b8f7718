"""Every page, in Dutch, on a desk and on a phone, as axe-core judges it: nothing serious, nothing critical."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from browser.chromium import CHROMIUM, SLOW_MS, chromium, running_app

AXE = find_spec("axe_playwright_python")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="NO CHROMIUM: the pages are not checked with axe"),
    pytest.mark.skipif(AXE is None, reason="no axe-playwright-python"),
    # Playwright leaves its pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PAGES = ("mijn-dorp", "vergelijk", "ontwerp", "waar-een-hub", "gegevens")
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
QUIET_MS = 3_000
"""Tables and charts are drawn a little after the sentence."""
RUN = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})
  .then(found => found.violations.map(each => ({
    id: each.id, impact: each.impact, help: each.help,
    nodes: each.nodes.map(node => `${node.target.join(' ')}: ${node.html.slice(0, 160)} ${node.failureSummary || ''}`),
  })))"""


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


def axe_script() -> str:
    """The script of axe-core that comes with the package: no outside host is asked."""
    assert AXE is not None
    assert AXE.origin is not None
    return Path(AXE.origin).with_name("axe.min.js").read_text(encoding="utf-8")


def opened(browser: Any, url: str, width: int, height: int) -> Any:
    """Open a page on this machine alone, and wait until it has said what it has to say."""
    page = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light").new_page()
    page.set_default_timeout(SLOW_MS)
    page.route(
        "**/*",
        lambda route: (
            route.continue_()
            if route.request.url.startswith(("http://127.0.0.1:", "blob:", "data:"))
            else route.abort()
        ),
    )
    page.goto(url)
    page.wait_for_selector(".dh-headline")
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_timeout(QUIET_MS)
    return page


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(browser: Any, address: str, path: str, size: str) -> None:
    page = opened(browser, f"{address}/{path}", *SIZES[size])
    page.evaluate(axe_script())
    found = page.evaluate(RUN, list(WCAG))
    page.context.close()
    grave = [each for each in found if each["impact"] in {"serious", "critical"}]
    lines = [f"{each['id']} ({each['impact']}): {node}" for each in grave for node in each["nodes"][:5]]
    assert not grave, "\n".join(lines)
