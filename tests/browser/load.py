"""Ten visitors at once who each place hub after hub: how long a click takes.

PYTHONPATH=.:tests python -m browser.load [--visitors 10] [--clicks 10] [--beside]

Each opens the page "Design", then chooses one village hall after another for a hub, and does so again as soon as the app has sent
the whole new page: the worst hour of the busiest day. With `--beside` they do so twice, the second time while one visitor more has
a long search going on. It is no part of the test suite: what it measures depends on what else the machine does, but for the
processor time of the app per click.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from browser.chromium import running_app
from browser.visitor import taken_by_app, visiting

AT_MOST_S, WORST_S = 1.0, 4.0
HALLS, DESIGN, PLACEMENT = "hub-in-hall", "ontwerp", "waar-een-hub"
LONG = ("curve", "trade", "exact")
"""Buttons of the page "Where a hub?" that begin a long search, the longest first."""


class Clicks(NamedTuple):
    """Seconds of every click, in order of size, and of processor that the app took for one."""

    seconds: list[float]
    processor_s: float


async def visitor(address: str, number: int, n_clicks: int, ready: asyncio.Barrier) -> list[float]:
    """Open the page, wait for the others, then click; return the seconds of each click."""
    async with visiting(address) as one:
        await one.run(DESIGN)
        await ready.wait()
        # Every visitor has other halls, so that none finds the answers of another ready.
        own = range(number * n_clicks, (number + 1) * n_clicks)
        return [await one.run(DESIGN, one.widget(HALLS), hall) for hall in own]


async def measure(address: str, numbers: range, n_clicks: int) -> Clicks:
    """Let visitors with these numbers in, and time all clicks."""
    ready, before = asyncio.Barrier(len(numbers)), taken_by_app()
    visits = [visitor(address, number, n_clicks, ready) for number in numbers]
    seconds = sorted(second for of_one in await asyncio.gather(*visits) for second in of_one)
    return Clicks(seconds, (taken_by_app().processor_s - before.processor_s) / len(seconds))


@asynccontextmanager
async def searching(address: str) -> AsyncIterator[None]:
    """One visitor more, who has a long search going on."""
    async with visiting(address) as one:
        await one.run(PLACEMENT)
        button = next(one.widget(name) for name in LONG if any(name in id_ for id_ in one.widgets))
        await one.run(PLACEMENT, button)
        yield


async def compare(address: str, n_visitors: int, n_clicks: int) -> tuple[Clicks, Clicks]:
    """Clicks without and with the long search of another."""
    alone = await measure(address, range(n_visitors), n_clicks)
    async with searching(address):
        return alone, await measure(address, range(n_visitors, 2 * n_visitors), n_clicks)


def told(what: str, clicks: Clicks) -> str:
    """One line about clicks."""
    seconds = clicks.seconds
    median, tail = statistics.median(seconds), seconds[round(0.95 * (len(seconds) - 1))]
    return (
        f"{what}: {len(seconds)} clicks, median {median:.2f} s (below {AT_MOST_S:g} s is wanted), 95 % within {tail:.2f} s, "
        f"worst {seconds[-1]:.2f} s (below {WORST_S:g} s is wanted); {clicks.processor_s:.3f} s of processor each\n"
    )


def main() -> None:
    """Start the app, let the visitors in, and print the median and the worst."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=10)
    parser.add_argument("--clicks", type=int, default=10)
    parser.add_argument("--beside", action="store_true")
    asked = parser.parse_args()
    n_visitors, n_clicks = asked.visitors, asked.clicks
    with running_app() as address:
        asyncio.run(measure(address, range(1), 1))  # the first visit opens the region and compiles
        if asked.beside:
            alone, beside = asyncio.run(compare(address, n_visitors, n_clicks))
            ratio = statistics.median(beside.seconds) / statistics.median(alone.seconds)
            sys.stdout.write(told(f"{n_visitors} visitors", alone))
            sys.stdout.write(told("beside a long search of one more", beside))
            sys.stdout.write(f"A median click takes {ratio:.2f} times as long beside it.\n")
        else:
            clicks = asyncio.run(measure(address, range(n_visitors), n_clicks))
            sys.stdout.write(told(f"{n_visitors} visitors", clicks))
        sys.stdout.write(f"The app holds {taken_by_app().memory_mb:.0f} MB.\n")


if __name__ == "__main__":
    main()
