"""Where there is fast internet: what a contact with a service without travelling needs."""

from __future__ import annotations

from dataclasses import dataclass

from data.columns import Floats, freeze


@dataclass(frozen=True, slots=True, eq=False)
class Broadband:
    """Fast internet at home: one row per place.

    Attributes
    ----------
    share
        (P,) float64, share of the addresses of each place that can have it; nan where that is unknown.

    """

    share: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.share))
