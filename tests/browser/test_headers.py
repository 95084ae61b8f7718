"""Behind a server in front: every page works under the content policy, and no other site may hold one in a frame.

All other journeys run under the policy too: what a browser refuses is an error in its console, and they allow none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from browser.chromium import wait_for_map
from browser.proxy import proxy, stranger
from browser.test_every_page import PAGES, WITH_MAP
from browser.visit import Visit

from support.files import ROOT
from ui.headers import ALWAYS, POLICY

REFUSALS = """addEventListener("securitypolicyviolation", (event) =>
  (globalThis.refused ??= []).push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));"""


@pytest.fixture(scope="module")
def front(address: str) -> Iterator[str]:
    """Address that visitors open: that of a server in front of the app."""
    with proxy(address) as url:
        yield url


def refused(visit: Visit) -> list[str]:
    """What the browser refused to load or run on the page so far."""
    found: list[str] = visit.page.evaluate("globalThis.refused ?? []")
    return found


def opened(browser: Any, url: str) -> Visit:
    """Open a page and wait for what stands on it; what the browser refuses is noted from the first byte on."""
    visit = Visit(browser, 1280, 900)
    visit.page.add_init_script(REFUSALS)
    visit.page.goto(url)
    visit.page.wait_for_selector(".dh-headline")
    visit.settle()
    return visit


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_for_nothing_that_the_policy_refuses(browser: Any, front: str, path: str) -> None:
    visit = opened(browser, f"{front}/{path}{PAGES[path]}")
    if path in WITH_MAP:
        wait_for_map(visit.page)  # its worker is a blob, and its tiles are fetched
    assert refused(visit) == visit.errors == visit.outside == []
    # The policy is in force: a script that nobody named does not run, and a picture from elsewhere is not asked for.
    visit.page.evaluate(
        """() => {
            const script = Object.assign(document.createElement("script"), { textContent: "globalThis.ran = true" });
            document.body.append(script, Object.assign(new Image(), { src: "https://elsewhere.example/picture.png" }));
        }"""
    )
    visit.page.wait_for_function("() => globalThis.refused?.length === 2")
    assert visit.page.evaluate("globalThis.ran") is None
    assert visit.outside == []


def test_uploads_and_downloads_pass(browser: Any, front: str, tmp_path: Path) -> None:
    visit = opened(browser, f"{front}/gegevens")
    page = visit.page
    page.locator("summary", has_text="Vervang delen van dit gebied").click()
    file = tmp_path / "mijn.csv"
    file.write_text("naam;soort;lon;lat\nHuisarts Exloo;huisarts;6,8665;52,8815\n")
    page.locator(".st-key-upload-file input[type=file]").set_input_files(file)
    page.locator(".st-key-upload-report-facilities").wait_for()
    page.goto(f"{front}/?place=valthe")
    visit.settle()
    with page.expect_download() as given:
        visit.press("Druk deze pagina af (pdf, A4)")
    assert Path(given.value.path()).read_bytes().startswith(b"%PDF")
    assert refused(visit) == visit.errors == []


def test_another_site_cannot_hold_a_page_in_a_frame(browser: Any, front: str) -> None:
    visit = Visit(browser, 800, 600)
    with stranger(f'<!DOCTYPE html><iframe src="{front}/ontwerp"></iframe>') as site:
        visit.page.goto(site)
        # A browser puts a page of its own in the frame instead, which nobody may look into.
        visit.page.wait_for_function("() => frames[0] && !document.querySelector('iframe').contentDocument")
    assert any("frame-ancestors" in error or "X-Frame-Options" in error for error in visit.errors)


@pytest.mark.parametrize("path", ["", "_stcore/health", "map/tiles/none/0/0/0.mvt"])
def test_every_answer_carries_the_headers(front: str, path: str) -> None:
    try:
        with urlopen(f"{front}/{path}") as answer:  # noqa: S310 -- on this machine
            told = answer.headers
    except OSError as error:  # an answer that says no carries them as well
        told = error.headers  # type: ignore[attr-defined]
    assert {name: told[name] for name in ALWAYS} == ALWAYS
    assert "frame-ancestors 'none'" in told["Content-Security-Policy"]


def test_what_the_policy_allows_is_named_and_justified() -> None:
    told = (ROOT / "docs" / "headers.md").read_text(encoding="utf-8")
    missing = [
        (name, source)
        for name, sources in POLICY.items()
        for source in sources
        if not any(f"`{name}`" in row and f"`{source}`" in row for row in told.splitlines())
    ]
    assert missing == []
