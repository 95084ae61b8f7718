"""How long the first map and a click take in a browser: `PYTHONPATH=.:tests python -m browser.speed`.

It is no part of the test suite: what it measures depends on the machine and on what else runs there.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from browser.chromium import chromium, running_app
from browser.visit import Visit

FIRST_MAP_S, CLICK_S = 5.0, 1.0
VILLAGES = (
    (6.89444, 52.84583),
    (6.9875, 52.6725),
    (6.79444, 52.97167),
    (7.04306, 52.755),
    (6.6375, 52.48167),
)
"""Valthe, Weiteveen, Gasselte, Barger-Compascuum, Sibculo."""
EXLOO, VALTHE = (6.8665, 52.8815), (6.8936, 52.8447)
DRAWN = """old => {
    const map = document.querySelector(".dorpshub-map").dorpshub.map;
    return document.querySelector(".dh-headline").innerText !== old && map.loaded() && map.areTilesLoaded();
}"""
AT = """at => {
    const map = document.querySelector(".dorpshub-map").dorpshub.map;
    const { x, y } = map.getCanvas().getBoundingClientRect();
    const on = map.project(at);
    return [x + on.x, y + on.y];
}"""


def opened_s(browser: Any, url: str) -> float:
    """Seconds from opening a link, with nothing kept in the browser, to the whole map."""
    visit = Visit(browser, 1280, 900)
    start = time.perf_counter()
    visit.open(url)
    taken_s = time.perf_counter() - start
    visit.page.context.close()
    return taken_s


def click(visit: Visit, at: tuple[float, float]) -> None:
    """Click on the map as a hand does, whatever lies on top."""
    visit.page.mouse.click(*visit.page.evaluate(AT, list(at)))


def changed_s(visit: Visit, old: str, start: float) -> float:
    """Seconds from `start` until another sentence stands there and the map is drawn."""
    visit.page.wait_for_function(DRAWN, arg=old)
    return time.perf_counter() - start


def hubs_s(browser: Any, url: str) -> list[float]:
    """Seconds from each click that places a hub to the new map."""
    visit, taken_s = Visit(browser, 1280, 900), []
    visit.open(url)
    for village in VILLAGES:
        old, start = visit.headline, time.perf_counter()
        click(visit, village)
        taken_s.append(changed_s(visit, old, start))
    visit.page.context.close()
    return taken_s


def path_s(browser: Any, url: str) -> float:
    """Seconds from the last click of a drawn cycle path to the new map."""
    visit = Visit(browser, 1280, 900)
    visit.open(url)
    visit.choose_tool("Teken een fietspad of weg")
    button = visit.page.get_by_role("button", name="Maak er een fietspad van")
    button.wait_for()
    for number, end in enumerate((EXLOO, VALTHE), 1):
        click(visit, end)
        visit.wait_for_words(f"Punten tot nu toe: {number}")
    old, start = visit.headline, time.perf_counter()
    button.click()
    return changed_s(visit, old, start)


def main() -> None:
    """Start the app, and print what each takes."""
    with running_app() as address, chromium() as browser:
        opened_s(browser, address)  # the first visit opens the region and compiles
        for name, path in (("Mijn dorp", "/"), ("Ontwerp", "/ontwerp")):
            shown_s = opened_s(browser, address + path)
            sys.stdout.write(f"first map of {name}: {shown_s:.1f} s (at most {FIRST_MAP_S:g} s is wanted)\n")
        for mode in ("bike", "transit"):
            told = ", ".join(f"{taken:.2f}" for taken in hubs_s(browser, f"{address}/ontwerp?mode={mode}"))
            sys.stdout.write(f"hub placed, by {mode}: {told} s (at most {CLICK_S:g} s is wanted)\n")
        sys.stdout.write(f"cycle path drawn: {path_s(browser, f'{address}/ontwerp'):.2f} s\n")


if __name__ == "__main__":
    main()
