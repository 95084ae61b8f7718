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
        """To three digits where it is unsure, as more would say what nobody knows; to the euro where it is not.

        Sums below a hundred euros keep a decimal.
        """
        is_sure = self.low == self.high
        return Euros(*(_rounded(value, 9 if is_sure else 3) for value in self))


def _rounded(value: float, most_digits: int) -> float:
    n_whole = len(str(int(abs(value))))
    n_decimals = 1 if n_whole < 3 else min(most_digits - n_whole, 0)
    return float(round(value, n_decimals)) + 0.0


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
