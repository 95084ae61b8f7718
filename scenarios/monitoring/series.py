"""Series of yearly figures: what changed between two years, beside the model and what a scenario promised of the same.

The model has a like of an indicator where `calibrate` has one: inhabitants, those of 65 and over, and mean distances over the
road. Whatever else was counted is followed from year to year alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from accessibility.data_quality.calibration import calibrate
from accessibility.world import World
from data.errors import InputError
from data.live.published import compared_areas
from data.study_area.observed_flows import NO_FLOWS
from data.study_area.published_figures import AGED, INHABITANTS, NEAREST, Control
from data.study_area.yearly_figures import YearlyFigures

UNITS = {**dict.fromkeys(NEAREST, "km"), INHABITANTS: "persons", AGED: "persons"}
"""Indicators that the model has a like of, and the unit that it tells them in."""
Verdict: TypeAlias = Literal["as promised", "less", "more", "opposite", "not seen", "not promised", ""]
"""Of what was published beside what was promised; "" where they cannot be compared."""
NO_LIKE = "the model has no like of this indicator"
OTHER_UNIT = "the unit is not that of the model ({unit})"
OTHER_AREA = "the area is not one of this region"
NOBODY = "nobody there reaches one in the model"
ONE_YEAR = "one year is known, or none"
DEFINITIONS = "measured in another way from year to year"
NO_SCENARIO = "no scenario was given"
_YEAR = re.compile(r"\d{4}")


class Modelled(NamedTuple):
    """A figure by the model, nan where it has none, and why not ("" where it has)."""

    value: float
    level: str
    reason: str


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of one indicator in one area, measured in one way, by year.

    Attributes
    ----------
    area, code, indicator, unit, definition
        As in the file.
    years, figures, steps
        Years whose figure is known, rising; the figures, and the last digit that was published of each.
    sources
        Each once, in the order of the years.
    missing
        Years of the file whose figure is unknown.
    others
        How many other series differ in nothing but the definition.
    before, after
        By the model, without and with the scenario; `after` is None without one.
    model_year
        What the model is of; "" where the data do not say.

    """

    area: str
    code: str
    indicator: str
    unit: str
    definition: str
    years: tuple[int, ...]
    figures: tuple[float, ...]
    steps: tuple[float, ...]
    sources: tuple[str, ...]
    missing: tuple[int, ...]
    others: int
    before: Modelled
    after: Modelled | None
    model_year: str

    @property
    def change(self) -> float:
        """Last known figure less the first; nan of fewer than two."""
        return self.figures[-1] - self.figures[0] if len(self.figures) > 1 else np.nan

    @property
    def rounding(self) -> float:
        """How far the change may be off, as both figures were rounded: half the last digit of each."""
        return (self.steps[0] + self.steps[-1]) / 2 if len(self.figures) > 1 else np.nan

    @property
    def promised(self) -> float:
        """What the scenario changes of it by the model; nan where that is not known."""
        return np.nan if self.after is None else self.after.value - self.before.value

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why what was published cannot be put beside what was promised; none where it can."""
        found = []
        if len(self.figures) < 2:
            found.append(DEFINITIONS if self.others else ONE_YEAR)
        if self.before.reason:
            found.append(self.before.reason)
        elif self.after is None:
            found.append(NO_SCENARIO)
        elif self.after.reason:
            found.append(self.after.reason)
        return tuple(found)

    @property
    def verdict(self) -> Verdict:
        """What was published, give or take its rounding, beside what was promised."""
        if self.reasons:
            return ""
        low, high = self.change - self.rounding, self.change + self.rounding
        # A hair more: figures in decimals do not add up exactly.
        hair = 1e-9 * max(1.0, abs(self.figures[0]))
        if low - hair <= self.promised <= high + hair:
            return "as promised"
        if abs(self.promised) <= hair:
            return "not promised"
        if low - hair <= 0 <= high + hair:
            return "not seen"
        if self.change * self.promised < 0:
            return "opposite"
        return "less" if abs(self.change) < abs(self.promised) else "more"


def followed(
    figures: YearlyFigures, before: World, after: World | None, from_year: int | None, to_year: int | None
) -> tuple[Series, ...]:
    """All series of a table, in the order of its rows, within these years.

    Parameters
    ----------
    figures
        What was published.
    before, after
        The region without and with a scenario; None where there is none.
    from_year, to_year
        Only years from one to the other, both included; all when None.

    Raises
    ------
    InputError
        When no figure lies within the years, or they are in the wrong order.

    """
    first = int(figures.year.min()) if from_year is None else from_year
    last = int(figures.year.max()) if to_year is None else to_year
    inside = np.flatnonzero((figures.year >= first) & (figures.year <= last)).tolist()
    if not inside:
        known = f"{figures.year.min()} to {figures.year.max()}"
        msg = f"There are no figures from {first} to {last}: the table has those of {known}."
        raise InputError(msg)
    rows: dict[tuple[str, ...], list[int]] = {}
    for row in inside:
        key = (
            figures.code[row] or figures.area[row],
            figures.indicator[row],
            figures.unit[row],
            figures.definition[row],
        )
        rows.setdefault(key, []).append(row)
    firsts = [of[0] for of in rows.values()]
    old = _modelled(before, figures, firsts)
    new = None if after is None else _modelled(after, figures, firsts)
    ways: dict[tuple[str, ...], int] = {}
    for way in rows:
        ways[way[:3]] = ways.get(way[:3], 0) + 1
    return tuple(
        _series(
            figures,
            sorted(of, key=lambda row: int(figures.year[row])),
            ways[key[:3]] - 1,
            (old[number], None if new is None else new[number]),
            _model_year(before, figures.indicator[of[0]]),
        )
        for number, (key, of) in enumerate(rows.items())
    )


def _series(
    figures: YearlyFigures,
    rows: list[int],
    others: int,
    modelled: tuple[Modelled, Modelled | None],
    model_year: str,
) -> Series:
    known = [row for row in rows if np.isfinite(figures.value[row])]
    first = rows[0]
    return Series(
        figures.area[first],
        figures.code[first],
        figures.indicator[first],
        figures.unit[first],
        figures.definition[first],
        tuple(int(figures.year[row]) for row in known),
        tuple(float(figures.value[row]) for row in known),
        tuple(float(figures.step[row]) for row in known),
        tuple(dict.fromkeys(figures.source[row] for row in known)),
        tuple(int(figures.year[row]) for row in rows if row not in known),
        others,
        *modelled,
        model_year,
    )


def _modelled(world: World, figures: YearlyFigures, rows: Sequence[int]) -> list[Modelled]:
    """What the model has for these rows of a table."""
    nothing = {row: Modelled(np.nan, "", NO_LIKE) for row in rows if figures.indicator[row] not in UNITS}
    for row in rows:
        unit = UNITS.get(figures.indicator[row])
        if unit is not None and figures.unit[row] != unit:
            nothing[row] = Modelled(np.nan, "", OTHER_UNIT.format(unit=unit))
    asked = [row for row in rows if row not in nothing]
    if not asked:
        return [nothing[row] for row in rows]
    hoods, country = compared_areas(world.region)
    controls = [_control(figures, row) for row in asked]
    found = calibrate(world, controls, hoods, country, NO_FLOWS)
    values = {
        int(of.control.control_id): Modelled(of.modelled_km, of.level, "")
        for of in found.deviations
        if of.level != "other area"
    }
    values |= {
        int(of.control.control_id): Modelled(float(of.persons), of.level, "")
        for of in found.people
        if of.level != "other area"
    }
    left = {int(of.control_id) for of in found.left_out}
    for row in asked:
        if row not in values:
            here = row in left and _is_here(world, figures, row)
            values[row] = Modelled(np.nan, "", NOBODY if here else OTHER_AREA)
    return [(nothing | values)[row] for row in rows]


def _is_here(world: World, figures: YearlyFigures, row: int) -> bool:
    """Whether the area of a row is a place or municipality of the region."""
    return figures.code[row] in world.places.id or figures.area[row] in world.places.municipality


def _control(figures: YearlyFigures, row: int) -> Control:
    """A row of the table as a published figure, called by its number."""
    return Control(
        str(row),
        figures.indicator[row],
        figures.area[row],
        figures.code[row],
        str(figures.year[row]),
        float(figures.value[row]),
        figures.unit[row],
        figures.source[row],
        "",
        "observed",
        np.nan,
        np.nan,
    )


def _model_year(world: World, indicator: str) -> str:
    """Year of the layer that an indicator rests on first, as its date has it."""
    layer = "facilities" if indicator in NEAREST else "places"
    if indicator not in UNITS:
        return ""
    dates = [source.date for source in world.region.layers if source.layer == layer]
    found = [year[0] for date in dates if (year := _YEAR.match(date))]
    return found[0] if found else ""
