"""Inhabitants of later years: the totals of a forecast by municipality and age, as a region's population.toml gives them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.columns import Strings
from data.errors import RegionError
from data.places import AGE_BANDS, PERSONS_MAX

POPULATION = Path("population.toml")
ORIGINS = ("observed", "modelled")
FIELDS = {"year", "municipalities", "inhabitants", "age_shares", "origin", "source"}
LAST_YEAR = 2200
SLACK = 1e-9
"""Shares written with a few decimals may add up to this much over 1."""


@dataclass(frozen=True, slots=True)
class PopulationTotal:
    """Inhabitants of some municipalities together in one year.

    Attributes
    ----------
    municipalities
        Names, sorted; none stand for all places of the region.
    age_shares
        Share of each band of `AGE_BANDS` that is known; the others divide the rest as in the base year.
    modelled
        Whether it is a forecast or rests on an assumption.

    """

    year: int
    municipalities: Strings
    inhabitants: int
    age_shares: Mapping[str, float]
    modelled: bool
    source: str


@dataclass(frozen=True, slots=True)
class PopulationTotals:
    """What is known of later years.

    Attributes
    ----------
    base_year
        Year of the places and cells themselves.
    totals
        By municipalities, then year; no municipality is in two groups.

    """

    base_year: int
    totals: tuple[PopulationTotal, ...]

    @property
    def groups(self) -> dict[Strings, tuple[PopulationTotal, ...]]:
        """Totals of each group of municipalities, by year."""
        groups: dict[Strings, tuple[PopulationTotal, ...]] = {}
        for total in self.totals:
            groups[total.municipalities] = (*groups.get(total.municipalities, ()), total)
        return groups

    @property
    def last_year(self) -> int:
        """Last year that every group has a total for, or lies before one of its totals."""
        return min(of_group[-1].year for of_group in self.groups.values())


def read_population_totals(folder: Path) -> PopulationTotals:
    """Read population.toml of a region's folder; the file of the embedded region explains the format.

    Raises
    ------
    RegionError
        When there is no such file, or with all its faults at once.

    """
    path = folder / POPULATION
    if not path.is_file():
        msg = (
            f"{folder}: the population of other years is not known here. Add a file {POPULATION} with base_year and, "
            "per year and municipalities, a [[total]] with the inhabitants and age_shares of a forecast."
        )
        raise RegionError(msg)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path}: not valid TOML ({error})."
        raise RegionError(msg) from error
    base_year, rows = table.get("base_year"), table.get("total")
    if not isinstance(base_year, int) or not isinstance(rows, list) or not rows or len(table) != 2:
        msg = f"{path}: must hold base_year, a whole number, one or more [[total]] tables, and nothing else."
        raise RegionError(msg)
    faults: list[str] = []
    found = [_total(row, f"total {number}", base_year, faults) for number, row in enumerate(rows, start=1)]
    totals = PopulationTotals(
        base_year,
        tuple(sorted((total for total in found if total), key=lambda one: (one.municipalities, one.year))),
    )
    faults += _overlaps(totals)
    if faults:
        msg = f"{path} has mistakes to mend: {'; '.join(faults)}."
        raise RegionError(msg)
    return totals


def _total(row: object, where: str, base_year: int, faults: list[str]) -> PopulationTotal | None:
    """One [[total]] table; what is wrong with it is added to `faults`, and then there is none."""
    if not isinstance(row, dict):
        faults.append(f"{where} is no table")
        return None
    wrong = [f"has unknown fields {', '.join(sorted(set(row) - FIELDS))}"] if set(row) - FIELDS else []
    names, shares = row.get("municipalities", []), row.get("age_shares", {})
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        wrong.append("municipalities must be a list of names")
    if not _is_count(row.get("year")) or not base_year < row["year"] <= LAST_YEAR:
        wrong.append(f"needs a year after the base year {base_year}, until {LAST_YEAR}")
    if not _is_count(row.get("inhabitants")):
        wrong.append("needs inhabitants, a whole number of persons")
    wrong += _share_faults(shares)
    if row.get("origin") not in ORIGINS:
        wrong.append("needs an origin, observed or modelled")
    if not isinstance(row.get("source"), str) or not row["source"].strip():
        wrong.append("needs a source")
    if wrong:
        faults += [f"{where} {fault}" for fault in wrong]
        return None
    return PopulationTotal(
        year=row["year"],
        municipalities=tuple(sorted(names)),
        inhabitants=row["inhabitants"],
        age_shares=dict(shares),
        modelled=row["origin"] == "modelled",
        source=row["source"],
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= PERSONS_MAX


def _share_faults(shares: Any) -> list[str]:  # noqa: ANN401 -- whatever the file holds
    if not isinstance(shares, dict) or set(shares) - set(AGE_BANDS):
        return [f"age_shares may name the bands {', '.join(AGE_BANDS)}"]
    numbers = list(shares.values())
    if any(isinstance(share, bool) or not isinstance(share, int | float) for share in numbers):
        return ["age_shares must be numbers"]
    total = sum(numbers)
    if not all(0 <= share <= 1 for share in numbers) or total > 1 + SLACK:
        return ["age_shares must be between 0 and 1, together at most 1"]
    if set(shares) == set(AGE_BANDS) and total < 1 - SLACK:
        return ["age_shares of all bands must add up to 1"]
    return []


def _overlaps(totals: PopulationTotals) -> list[str]:
    """Groups that share a municipality, and groups with two totals for a year."""
    groups = list(totals.groups)
    faults = [
        f"the municipalities {_name(one)} and {_name(other)} overlap without being the same"
        for row, one in enumerate(groups)
        for other in groups[row + 1 :]
        if not one or not other or set(one) & set(other)
    ]
    for group, of_group in totals.groups.items():
        years = [total.year for total in of_group]
        twice = sorted({year for year in years if years.count(year) > 1})
        faults += [f"{_name(group)} has more than one total for {year}" for year in twice]
    return faults


def _name(group: Strings) -> str:
    return ", ".join(group) or "all places of the region"
