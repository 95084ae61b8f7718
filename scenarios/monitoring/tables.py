"""What was published year by year, as tables and in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from scenarios.monitoring.series import Series

MOST_TOLD = 12
VERDICTS = {
    "as promised": "as promised",
    "less": "less than promised",
    "more": "more than promised",
    "opposite": "the other way than promised",
    "not seen": "promised, and no change to be seen beyond rounding",
    "not promised": "a change that was not promised",
}


def series_table(found: Sequence[Series]) -> pd.DataFrame:
    """One row per series: first and last figure, the change, the model, what was promised, and what that comes to."""
    return pd.DataFrame(
        {
            "area": [of.area for of in found],
            "code": [of.code for of in found],
            "level": [of.before.level for of in found],
            "indicator": [of.indicator for of in found],
            "unit": [of.unit for of in found],
            "definition": [of.definition for of in found],
            "first_year": _whole([of.years[:1] for of in found]),
            "first_value": [of.figures[0] if of.figures else np.nan for of in found],
            "last_year": _whole([of.years[-1:] for of in found]),
            "last_value": [of.figures[-1] if of.figures else np.nan for of in found],
            "published_change": [_clean(of.change) for of in found],
            "rounding": [_clean(of.rounding) for of in found],
            "years_unknown": ["; ".join(map(str, of.missing)) for of in found],
            "model_year": [of.model_year for of in found],
            "modelled": [_clean(of.before.value) for of in found],
            "modelled_after": [np.nan if of.after is None else _clean(of.after.value) for of in found],
            "promised_change": [_clean(of.promised) for of in found],
            "verdict": [of.verdict for of in found],
            "why_not": ["; ".join(of.reasons) for of in found],
            "source": ["; ".join(of.sources) for of in found],
        }
    )


def years_table(found: Sequence[Series]) -> pd.DataFrame:
    """One row per series and known year, with the change since the known year before it; empty for the first."""
    rows = [
        (
            of.area,
            of.code,
            of.indicator,
            of.unit,
            of.definition,
            year,
            of.figures[at],
            _clean(of.figures[at] - of.figures[at - 1]) if at else np.nan,
            (of.figures[at] / of.figures[at - 1] - 1) if at and of.figures[at - 1] else np.nan,
        )
        for of in found
        for at, year in enumerate(of.years)
    ]
    names = ("area", "code", "indicator", "unit", "definition", "year", "value", "change", "change_share")
    table = pd.DataFrame(rows, columns=list(names))
    return table.assign(change_share=table["change_share"].astype(np.float64).round(4))


def _whole(years: Sequence[tuple[int, ...]]) -> pd.arrays.IntegerArray:
    known = np.array([of[0] if of else 0 for of in years], np.int64)
    return pd.arrays.IntegerArray(known, np.array([not of for of in years], np.bool_))


def _clean(value: float) -> float:
    """Number without the dust of sums of decimals."""
    return round(value, 6) + 0.0


def monitor_lines(found: Sequence[Series]) -> list[str]:
    """What changed, beside what was promised, and what cannot be compared and why; the surest and largest first."""
    told = [of for of in found if of.verdict]
    counts = {name: sum(of.verdict == name for of in told) for name in VERDICTS}
    lines = [
        f"{len(found)} series of figures; {len(told)} can be put beside what the scenario promised"
        + (f": {', '.join(f'{n} {VERDICTS[name]}' for name, n in counts.items() if n)}." if told else ".")
    ]
    ordered = sorted(told, key=lambda of: -abs(of.promised) / max(abs(of.before.value), 1e-9))
    lines += [
        f"  {change_text(of)}; promised {_signed(of.promised)}: {VERDICTS[of.verdict]}."
        for of in ordered[:MOST_TOLD]
    ]
    alone = [of for of in found if not of.verdict and len(of.figures) > 1]
    alone.sort(key=lambda of: -abs(of.change) / max(abs(of.figures[0]), 1e-9))
    lines += [f"  {change_text(of)}; {'; '.join(of.reasons)}." for of in alone[:MOST_TOLD]]
    hidden = max(len(ordered) - MOST_TOLD, 0) + max(len(alone) - MOST_TOLD, 0)
    if hidden:
        lines.append(f"  and {hidden} more series in the table.")
    never = [of for of in found if len(of.figures) < 2]
    if never:
        why = ", ".join(dict.fromkeys(of.reasons[0] for of in never))
        lines.append(f"Of {len(never)} series nothing can be said about a change: {why}.")
    years = {
        (of.model_year, of.years[0]) for of in told if of.model_year and str(of.years[0]) != of.model_year
    }
    if years:
        which = ", ".join(f"{first} (model {model})" for model, first in sorted(years, key=str))
        lines.append(
            f"The model is not of the first year of the figures: {which}. Its difference is compared, not its level."
        )
    lines.append("Whatever else happened in those years is in the published change as well.")
    return lines


def change_text(of: Series) -> str:
    """How a figure went from its first year to its last."""
    return (
        f"{of.area}, {of.indicator}: {of.figures[0]:g} ({of.years[0]}) -> {of.figures[-1]:g} ({of.years[-1]}) {of.unit}, "
        f"{_signed(of.change)} give or take {of.rounding:g}"
    )


def _signed(value: float) -> str:
    return f"{round(value, 3) + 0.0:+,g}"
