"""Ten visitors at once who each place hub after hub: how long a click takes. `python tests/browser/load.py [VISITORS]`.

Each visitor is a browser context of its own on the page "Design". All click as soon as their last click has been answered, so
this is the worst hour of the busiest day. A click is over when the sentence above the map has changed. It is no part of the
test suite: what it measures depends on what else the machine does.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # as a script it starts in its own folder

from browser.chromium import ARGUMENTS, CHROMIUM, running_app  # noqa: E402

VISITORS, CLICKS = 10, 10
PATIENCE_MS = 300_000
AT_MOST_S = 2.0
MAP = "document.querySelector('.dorpshub-map').dorpshub.map"
SPOT = f"""seed => {{
  const map = {MAP}, places = map.queryRenderedFeatures({{layers: ['places']}});
  const at = places[seed % places.length].geometry.coordinates, pixel = map.project(at);
  return [pixel.x, pixel.y];
}}"""


async def visitor(browser: Any, address: str, number: int, ready: asyncio.Barrier) -> list[float]:
    """Open the page, wait for the others, then click; return the seconds of each click."""
    context = await browser.new_context(viewport={"width": 900, "height": 700})
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(f"{address}/ontwerp?limit=15")
    await page.wait_for_selector(".maplibregl-canvas")
    await page.wait_for_function(f"{MAP}?.getLayer?.('hubs')")
    await page.wait_for_function(f"{MAP}.queryRenderedFeatures({{layers: ['places']}}).length > 50")
    await ready.wait()
    draw = random.Random(number)  # noqa: S311 -- which village is clicked, the same in every run
    taken: list[float] = []
    for click in range(CLICKS):
        before = await page.locator(".dh-edit").count()
        x, y = await page.evaluate(SPOT, draw.randrange(10_000))
        start = time.perf_counter()
        await page.locator(".maplibregl-canvas").click(position={"x": x, "y": y})
        try:
            await page.wait_for_function(
                "old => document.querySelectorAll('.dh-edit').length > old"
                " || document.querySelector('[data-testid=stAlert]')",
                arg=before,
                timeout=60_000,
            )
        except Exception as error:  # noqa: BLE001 -- a click that hits nothing is told and not counted
            sys.stdout.write(f"visitor {number}, click {click}: {type(error).__name__}\n")
            continue
        taken.append(time.perf_counter() - start)
    await context.close()
    return taken


async def measure(address: str, n_visitors: int) -> list[float]:
    """Let all visitors in, and return the seconds of all clicks."""
    from playwright.async_api import async_playwright  # noqa: PLC0415 - heavy, and absent where no browser is

    ready = asyncio.Barrier(n_visitors)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        visits = [visitor(browser, address, number, ready) for number in range(n_visitors)]
        taken = [seconds for of_one in await asyncio.gather(*visits) for seconds in of_one]
        await browser.close()
    return taken


def main() -> None:
    """Start the app, let the visitors in, and print the median and the worst."""
    n_visitors = int(sys.argv[1]) if len(sys.argv) > 1 else VISITORS
    with running_app() as address:
        taken = sorted(asyncio.run(measure(address, n_visitors)))
    median, tail = statistics.median(taken), taken[round(0.95 * (len(taken) - 1))]
    sys.stdout.write(
        f"{n_visitors} visitors, {len(taken)} clicks: median {median:.2f} s (at most {AT_MOST_S:g} s is wanted), "
        f"95 % within {tail:.2f} s, worst {taken[-1]:.2f} s\n"
    )


if __name__ == "__main__":
    main()
