"""The scripts that measure the app speak to it as browsers do; that they still can is tried on a few clicks."""

from __future__ import annotations

import asyncio
import random

from browser.load import measure
from browser.visitor import visiting

ACTS = 3


def test_two_visitors_click_and_every_click_is_timed(address: str) -> None:
    clicks = asyncio.run(measure(address, range(2), 1))
    assert len(clicks.seconds) == 2
    assert clicks.processor_s > 0


def test_a_visitor_who_does_anything_is_answered(address: str) -> None:
    async def act() -> tuple[list[float], list[str]]:
        hand = random.Random(1)  # noqa: S311 - nothing secret
        async with visiting(address) as one:
            await one.run("vergelijk")
            return [await one.act("vergelijk", hand) for _ in range(ACTS)], one.exceptions

    seconds, wrong = asyncio.run(act())
    assert min(seconds) > 0
    assert wrong == []
