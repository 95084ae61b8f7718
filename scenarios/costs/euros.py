"""Sums of money with the ends of what they may be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from data.parameters.rates import Rate


class Euros(NamedTuple):
    """A sum as reckoned with, and the least and the most that it may be; below 0 it is saved."""

    used: float
    low: float
    high: float

    def times(self, amount: float) -> Euros:
        """So many times the sum; of a negative amount the ends change places."""
        low, high = sorted((self.low * amount, self.high * amount))
        return Euros(self.used * amount, low, high)

    def rounded(self) -> Euros:
        """To three digits where it is unsure, as more would say what nobody knows; to the euro where it is not."""
        if self.low == self.high:
            return Euros(*(float(round(value)) for value in self))
        return Euros(*(_three_digits(value) for value in self))


def _three_digits(value: float) -> float:
    size = len(str(int(abs(value))))
    return float(round(value, min(3 - size, 0)))


NOTHING = Euros(0.0, 0.0, 0.0)


def exactly(euros: float) -> Euros:
    """Sum of which nothing is unsure."""
    return Euros(euros, euros, euros)


def of_rate(rate: Rate) -> Euros:
    """Euros for one."""
    return Euros(rate.euros, rate.low, rate.high)


def total(sums: Iterable[Euros]) -> Euros:
    """All together, column by column; nothing of none."""
    columns = list(zip(*sums, strict=True)) or [(), (), ()]
    return Euros(*(float(sum(column)) for column in columns))
