"""How long the first map and a click take in a browser: `PYTHONPATH=.:tests python -m browser.speed`.

With other clones behind it (`... -m browser.speed ../before`) these are measured in turn, except what only this version's pages and
modules can be asked: on a machine that does much else only what they are to each other says something.

It is no part of the test suite: what it measures depends on the machine and on what else runs there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from browser.chromium import chromium, running_app
from browser.visit import Visit

from support.files import ROOT

FIRST_MAP_S, CLICK_S, PYTHON_S, ROUNDS = 2.5, 0.5, 0.1, 3
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


PYTHON_SHARE = """
import json, time
from accessibility.world import open_world
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import EMPTY, Scenario
from ui.map.layers import map_data
from ui.state.cache import design_of
from ui.state.link import Choices
from ui.words.i18n import texts_in
world, choices, texts = open_world("zuid-oost-drenthe"), Choices(), texts_in("nl")
design_of(world, EMPTY, choices)
places = world.places.id[:12]
for at in places:
    edits = Scenario("", "", (PlaceHub(place_id=at, kinds=("gp", "pharmacy")),))
    start = time.process_time()
    json.dumps(map_data(world, design_of(world, edits, choices), "after", texts, "x"))
    print(time.process_time() - start)
"""
"""Seconds of the processor that Python takes for each of some hubs: the times, the view and what is sent, without Streamlit."""


def python_s() -> float:
    """Median seconds of the processor from a hub to what the map is sent; the first few compile."""
    told = subprocess.run(  # noqa: S603 - our own interpreter and our own code
        [sys.executable, "-c", PYTHON_SHARE],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        text=True,
    )
    return median(map(float, told.stdout.split()[4:]))


def main() -> None:
    """Print what each takes, of this clone and of those named behind the command, in turn."""
    roots = [ROOT, *map(Path, sys.argv[1:])]
    with chromium() as browser, ExitStack() as stack:
        addresses = [stack.enter_context(running_app(root)) for root in roots]
        for address in addresses:
            opened_s(browser, address)  # the first visit opens the region and compiles
        for name, path in (("Mijn dorp", "/"), ("Ontwerp", "/ontwerp")):
            rounds = [[opened_s(browser, address + path) for address in addresses] for _ in range(ROUNDS)]
            say(f"first map of {name}", rounds, FIRST_MAP_S)
        for mode in ("bike", "transit"):
            of_each = [hubs_s(browser, f"{address}/ontwerp?mode={mode}") for address in addresses]
            say(f"hub placed, by {mode}", list(zip(*of_each, strict=True)), CLICK_S)
        say("cycle path drawn", [[path_s(browser, f"{addresses[0]}/ontwerp")]], CLICK_S)
    say("Python for a hub", [[python_s()]], PYTHON_S)


def say(what: str, rounds: Sequence[Sequence[float]], most_s: float) -> None:
    """Print the medians, this clone first, and what they are to this clone."""
    medians = [median(column) for column in zip(*rounds, strict=True)]
    told = ", ".join(f"{taken:.2f} s ({taken / medians[0]:.2f})" for taken in medians)
    sys.stdout.write(f"{what}: {told}; at most {most_s:g} s is wanted\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
