"""Ten visitors at once: how long from a click on a hub to its answer? `python tests/browser/load.py` says the median.

Each visitor is a session of its own in one browser, so the browser's own work, with software rendering, counts as well.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # as a script it starts in its own folder

from browser.chromium import chromium, running_app, wait_for_map  # noqa: E402

N_VISITORS = 10
ROUNDS = 4
LONGEST_MEDIAN_S = 2.0
TICK_MS = 10
SPOTS = ((6.87, 52.88), (6.93, 52.83), (6.75, 52.79), (6.82, 52.73))


def click(page: Any, spot: tuple[float, float]) -> float:
    """Click on the map, and give when that was."""
    at = page.evaluate("at => document.querySelector('.dorpshub-map').dorpshub.map.project(at)", list(spot))
    page.evaluate(
        "document.querySelector('.dh-headline').dataset.old = document.querySelector('.dh-headline').innerText"
    )
    page.locator(".maplibregl-canvas").click(position={"x": at["x"], "y": at["y"]})
    return time.perf_counter()


def answered(page: Any) -> bool:
    """Whether another sentence stands above the map."""
    return bool(
        page.evaluate(
            "() => { const h = document.querySelector('.dh-headline'); return h && h.innerText !== h.dataset.old; }"
        )
    )


def main() -> int:
    """Let all click, round after round, and say the median and the worst."""
    taken: list[float] = []
    with running_app() as address, chromium() as browser:
        pages = []
        for _ in range(N_VISITORS):
            page = browser.new_context(viewport={"width": 1024, "height": 800}).new_page()
            page.set_default_timeout(300_000)
            page.goto(f"{address}/ontwerp?show=difference")
            wait_for_map(page)
            pages.append(page)
        for spot in SPOTS[:ROUNDS]:
            waiting = {page: click(page, spot) for page in pages}
            while waiting:
                for page, since in list(waiting.items()):
                    if answered(page):
                        taken.append(time.perf_counter() - since)
                        del waiting[page]
                pages[0].wait_for_timeout(TICK_MS)
    median = statistics.median(taken)
    print(f"{N_VISITORS} visitors, {len(taken)} clicks: median {median:.2f} s, longest {max(taken):.2f} s")  # noqa: T201
    return int(median > LONGEST_MEDIAN_S)


if __name__ == "__main__":
    raise SystemExit(main())
