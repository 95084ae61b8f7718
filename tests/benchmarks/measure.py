"""Rivals measured in turns within one run, and the table of ratios that comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from data.columns import Floats


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: how an engine compares with a peer, and whether that is what was asked for."""

    question: str
    network: str
    peer: str
    ratio: float | None
    """None where the peer is not installed; `note` then says what is missing."""
    target: float | None
    """None for a ratio that is told for orientation."""
    engine_ms: float | None
    peer_ms: float | None
    note: str = ""
    at_most: bool = False
    """Whether the target is an upper bound: engine / peer below it, instead of peer / engine above it."""

    @property
    def verdict(self) -> str:
        """Whether the target is met."""
        if self.ratio is None:
            return "not measured"
        if self.target is None:
            return "-"
        is_met = self.ratio < self.target if self.at_most else self.ratio >= self.target
        return "met" if is_met else "MISSED"


def quicker(question: str, network: str, peer: str, times: tuple[float, float], target: float | None) -> Row:
    """Row of how many times quicker than the peer the engine is; `times` are the milliseconds of engine and peer."""
    engine_ms, peer_ms = times
    return Row(question, network, peer, peer_ms / engine_ms, target, engine_ms, peer_ms)


def dearer(question: str, network: str, peer: str, times: tuple[float, float], target: float | None) -> Row:
    """Row of how many times as long as the peer the engine takes, where that has an upper bound."""
    engine_ms, peer_ms = times
    return Row(question, network, peer, engine_ms / peer_ms, target, engine_ms, peer_ms, at_most=True)


def missing(question: str, network: str, peer: str, target: float | None, why: str) -> Row:
    """Row of a peer that is not here."""
    return Row(question, network, peer, None, target, None, None, note=why)


def side_by_side(rivals: Mapping[str, Callable[[], object]], rounds: int, in_a_row: int) -> dict[str, float]:
    """Median milliseconds per call of each rival.

    The rivals take turns, so that a busy machine slows all of them; in its turn each runs `in_a_row` times. One call of
    each beforehand, which compiles and allocates, does not count.
    """
    for rival in rivals.values():
        rival()
    taken_ms: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(rounds):
        for name, rival in rivals.items():
            start = time.perf_counter()
            for _ in range(in_a_row):
                rival()
            taken_ms[name].append((time.perf_counter() - start) * 1e3 / in_a_row)
    return {name: float(np.median(of_rival)) for name, of_rival in taken_ms.items()}


def demand_equal(what: str, found: Floats, expected: Floats) -> None:
    """Refuse to compare the speed of different answers.

    Raises
    ------
    ValueError
        When any of the numbers differ.

    """
    if not np.array_equal(found, expected):
        msg = f"{what}: the engine and its peer differ in {np.sum(found != expected)} of {found.size} answers"
        raise ValueError(msg)
