"""Memory of the app after thirty clicks of one visitor, over all pages: `PYTHONPATH=.:tests python -m browser.memory`.

With other clones behind it (`... -m browser.memory ../before`) they are measured one after another. Resident memory is told, and
what of it is the process's own: the rest are files, such as libraries, whose pages all processes share.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from browser.chromium import running_app
from browser.visitor import taken_by_app, visiting

from support.files import ROOT

PAGES = ("", "vergelijk", "ontwerp", "waar-een-hub", "gegevens")
QUESTIONS = (
    "kind=gp&mode=bike",
    "kind=supermarket&mode=transit",
    "kind=pharmacy&mode=car&traveller=75plus&lang=en",
    "kind=gp&mode=bike_transit",
    "kind=primary_school&mode=walk",
    "kind=hospital&mode=ebike",
)
"""Thirty clicks: links that all versions know."""
REST_S = 30.0
"""How long what pages have begun beside themselves may take after the last click."""


async def clicked(address: str) -> None:
    """Open every page with every question, as one visitor."""
    async with visiting(address) as one:
        for query in QUESTIONS:
            for page in PAGES:
                await one.run(page, query=query)
        await asyncio.sleep(REST_S)
        if one.exceptions:
            raise RuntimeError(one.exceptions[0])


def main() -> None:
    """Print the memory of this clone and of those named behind the command, and what it is to theirs."""
    found = []
    for root in (ROOT, *map(Path, sys.argv[1:])):
        with running_app(root) as address:
            asyncio.run(clicked(address))
            used = taken_by_app()
        found.append(used.memory_mb)
        sys.stdout.write(f"{root.name}: {used.memory_mb:.0f} MB, {used.own_mb:.0f} of its own\n")
        sys.stdout.flush()
    for other in found[1:]:
        sys.stdout.write(f"This is {found[0] / other:.2f} times as much; at most half is wanted\n")


if __name__ == "__main__":
    main()
