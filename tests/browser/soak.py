"""Visitors who do anything on any page, for an hour: nothing breaks, memory stays as it is, and answers stay right.

PYTHONPATH=.:tests python -m browser.soak [--minutes 60] [--visitors 3] [--seed 1]

Each opens pages and uses what stands there, drawn by a seeded hand, and begins anew now and then as another visitor. Memory is that
of the app, every minute. At the end the same pages are asked of it and of a fresh app with the same library of scenarios: both must
say the same.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from browser.chromium import running_app
from browser.visitor import taken_by_app, visiting

PAGES = ("", "vergelijk", "ontwerp", "waar-een-hub", "zorgrondes", "gegevens")
ACTS_OF_ONE = 20
"""What a visitor does before another comes."""
SETTLED_MIN, FLAT_SHARE, MOST_MB = 10.0, 0.05, 900.0
PATIENCE_S = 120
"""How long an answer of the background is waited for."""
SHOWN = 400
"""Characters of a difference that are told."""
CHECK = "check-data"
TAKEN = re.compile(r"(gevonden in|found in|Het zoeken duurde|Searching took) [^.]+")
"""How long a search took: no part of its answer."""
ASKED = (
    "kind=gp&mode=bike",
    "kind=supermarket&mode=transit",
    "kind=pharmacy&mode=car&traveller=75plus&lang=en",
)
"""Links whose pages are compared at the end."""


@dataclass(slots=True)
class Soaked:
    """What was seen: seconds of every act, minutes with MB of memory, and what went wrong."""

    acts: list[float] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


async def visitors(address: str, hand: random.Random, end_s: float, seen: Soaked) -> None:
    """Visitors who come one after another and do something until the end."""
    while time.monotonic() < end_s:
        async with visiting(address) as one:
            page = hand.choice(PAGES)
            await one.run(page)
            for _ in range(ACTS_OF_ONE):
                if time.monotonic() > end_s:
                    break
                if hand.random() < 0.3:
                    page = hand.choice(PAGES)
                    seen.acts.append(await one.run(page))
                else:
                    seen.acts.append(await one.act(page, hand))
            seen.wrong += one.exceptions


async def watched(begun_s: float, end_s: float, seen: Soaked) -> None:
    """Note the memory every minute, and say it."""
    while True:
        minutes, memory_mb = (time.monotonic() - begun_s) / 60, taken_by_app().memory_mb
        seen.memory.append((minutes, memory_mb))
        sys.stdout.write(f"{minutes:5.1f} min  {memory_mb:5.0f} MB  {len(seen.acts)} acts\n")
        sys.stdout.flush()
        if time.monotonic() >= end_s:
            return
        await asyncio.sleep(min(60.0, max(end_s - time.monotonic(), 0.1)))


async def soak(address: str, minutes: float, n_visitors: int, seed: int) -> Soaked:
    """Let visitors in for so long."""
    seen, begun_s = Soaked(), time.monotonic()
    end_s = begun_s + 60 * minutes
    hands = [random.Random(f"{seed} {number}") for number in range(n_visitors)]  # noqa: S311 -- not for secrets
    await asyncio.gather(
        watched(begun_s, end_s, seen), *(visitors(address, hand, end_s, seen) for hand in hands)
    )
    return seen


async def answers(address: str) -> dict[str, list[str]]:
    """What the pages say, for a few links."""
    said = {}
    for query in ASKED:
        for page in PAGES:
            async with visiting(address) as one:
                await one.run(page, query=query)
                if (
                    check := one.widget_or_none(CHECK)
                ) is not None:  # another visitor may have pressed it already
                    await one.run(page, check, query=query)
                for _ in range(PATIENCE_S):
                    # Once more without what was said while it was worked out, and until nothing is being worked out.
                    await one.run(page, query=query)
                    if not any('role="status"' in part for part in one.said):
                        break
                    await asyncio.sleep(1)
                said[f"{page}?{query}"] = [TAKEN.sub("", part) for part in one.said]
    return said


def differences(at_end: dict[str, list[str]], fresh: dict[str, list[str]]) -> Iterator[str]:
    """One line for each page that says something else: what it says, and what the fresh app says."""
    for page, said in at_end.items():
        if said != fresh[page]:
            pairs = zip_longest(said, fresh[page], fillvalue="")
            one, other = next((one, other) for one, other in pairs if one != other)
            yield f"{page} says {one[:SHOWN]!r}, a fresh app {other[:SHOWN]!r}"


def main() -> None:
    """Soak the app, compare it with a fresh one, and leave with 1 where anything is not as promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--visitors", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with TemporaryDirectory() as home:
        with running_app(home=Path(home)) as address:
            seen = asyncio.run(soak(address, asked.minutes, asked.visitors, asked.seed))
            at_end = asyncio.run(answers(address))
        with running_app(home=Path(home)) as address:
            fresh = asyncio.run(answers(address))
    settled = [memory_mb for minutes, memory_mb in seen.memory if minutes >= SETTLED_MIN]
    growth = settled[-1] / settled[0] - 1 if len(settled) > 1 else 0.0
    most_mb, worst_s = max(memory_mb for _, memory_mb in seen.memory), max(seen.acts, default=0.0)
    differ = list(differences(at_end, fresh))
    sys.stdout.write(
        f"{len(seen.acts)} acts, {len(seen.wrong)} exceptions, worst {worst_s:.1f} s; at most {most_mb:.0f} MB, "
        f"{growth:+.1%} after the first {SETTLED_MIN:g} minutes; {len(differ)} of {len(fresh)} pages differ from a fresh app\n"
    )
    sys.stdout.write("".join(f"{one}\n" for one in (*dict.fromkeys(seen.wrong), *differ)))
    sys.exit(bool(seen.wrong or differ) or most_mb > MOST_MB or growth > FLAT_SHARE)


if __name__ == "__main__":
    main()
