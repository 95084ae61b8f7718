"""Costs as tables and as lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from data.parameters.rates import DAY_KINDS, Days
from scenarios.costs.costs import CostLine, Costs
from scenarios.costs.euros import Euros
from scenarios.costs.value import Value, Why
from scenarios.costs.vehicle_hours import YearDay

if TYPE_CHECKING:
    import pandas as pd

TOTAL = "total"
UNKNOWN = {
    "rides": "nobody has said how many rides there will be",
    "days": "it is unknown what runs on {days}",
    "rate": "there is no rate for it",
}
DAY_WORDS = {"weekday": "weekdays", "saturday": "Saturdays", "sunday": "Sundays"}
WHY: dict[Why, str] = {
    "cost unknown": "part of the cost is unknown",
    "times unknown": "it is unknown where these services are",
    "visits unknown": "nobody knows how often people come",
    "saves money": "it saves money",
    "nobody gains": "on balance nobody gains",
}


def costs_table(found: Sequence[tuple[str, Costs]]) -> pd.DataFrame:
    """One row per scenario and thing that it costs, and one with the total of what is known.

    Euros of what is unknown are empty, which is not the same as 0.
    """
    import pandas as pd  # noqa: PLC0415 -- takes a second, and not every comparison has this table

    rows: list[dict[str, object]] = []
    for name, costs in found:
        rows += [{"scenario": name} | _row(line) for line in costs.lines]
        why = "; ".join(dict.fromkeys(f"{what_of(line)}: {unknown_text(line)}" for line in costs.unknown))
        whole: dict[str, object] = {"scenario": name, "edit": np.nan, "what": "", "about": "", "item": TOTAL}
        whole |= {"before": np.nan, "after": np.nan, "unit": ""} | _euros("rate_eur", None)
        whole |= _euros("once_eur", costs.once) | _euros("per_year_eur", costs.per_year)
        rows.append(whole | {"basis": ";".join(costs.bases), "source": "", "unknown": why})
    table = pd.DataFrame(rows)
    return table.astype({"edit": "Int64"}) if rows else table


def _row(line: CostLine) -> dict[str, object]:
    columns: dict[str, object] = {
        "edit": line.edit,
        "what": line.what,
        "about": line.about,
        "item": line.item,
    }
    columns |= {"before": _rounded(line.before), "after": _rounded(line.after), "unit": line.unit}
    columns |= _euros("rate_eur", line.rate)
    columns |= _euros("once_eur", None if line.per_year is None else line.once)
    columns |= _euros("per_year_eur", line.per_year)
    return columns | {"basis": line.basis, "source": line.source, "unknown": unknown_text(line)}


def _rounded(amount: float) -> float:
    return round(amount, 2)


def _euros(name: str, euros: Euros | None) -> dict[str, object]:
    values = (np.nan,) * 3 if euros is None else tuple(round(value, 2) for value in euros)
    return dict(zip((name, f"{name}_low", f"{name}_high"), values, strict=True))


def value_table(found: Sequence[tuple[str, str, Value]]) -> pd.DataFrame:
    """One row per pair of scenarios (before, after), kind, mode and limit: people gained, hours saved, and what each costs."""
    import pandas as pd  # noqa: PLC0415 -- takes a second, and not every comparison has this table

    rows = []
    for before, after, value in found:
        hours, limit = value.hours, value.limit
        row: dict[str, object] = {
            "before_scenario": before,
            "after_scenario": after,
            "kind": value.kind,
            "mode": value.mode,
            "people": limit.people,
        }
        row |= {"limit_s": _whole(limit.limit_s), "limit_m": _whole(limit.limit_m)}
        row |= {
            "within_before": value.within_before,
            "within_after": value.within_after,
            "gained": value.gained,
        }
        row |= {
            "hours_saved": None if hours is None else round(hours.saved, 1),
            "visits_won": None if hours is None else round(hours.visits_won, 1),
            "visits_lost": None if hours is None else round(hours.visits_lost, 1),
        }
        row |= _euros("per_year_eur", value.cost) | _euros("per_person_eur", value.per_person)
        row |= {"no_per_person": value.why_not_person}
        row |= _euros("per_hour_eur", value.per_hour) | {"no_per_hour": value.why_not_hour}
        rows.append(row | {"source": limit.source, "note": limit.note})
    counts = ("limit_s", "limit_m", "within_before", "within_after", "gained")
    table = pd.DataFrame(rows)
    return table.astype(dict.fromkeys(counts, "Int64")) if rows else table


def _whole(number: float) -> int | None:
    return round(number) if np.isfinite(number) else None


def cost_lines(costs: Costs, days: Days, year: Sequence[YearDay]) -> list[str]:
    """What everything costs, line by line, the total, and what is unknown."""
    if not costs.lines:
        return ["Nothing in this scenario costs anything."]
    lines = [f"  {_line_text(line)}" for line in costs.lines]
    for line in costs.lines:
        lines += [
            f"  On {DAY_WORDS[kind]} edit {line.edit} changes nothing: {why}" for kind, why in line.refused
        ]
    if any(line.item == "vehicle_hours" for line in costs.lines):
        counted = [
            f"{days.of(day.kind):g} {DAY_WORDS[day.kind]} as {day.date.isoformat()}"
            for day in year
            if day.timetable is not None
        ]
        lines.append(f"  A year is {', '.join(counted)}; holidays count as Sundays.")
    if costs.known:
        what = "It" if costs.is_whole else "What is known"
        lines.append(f"{what} {_verb(costs.per_year)}{_once(costs.once)}.")
    if costs.unknown:
        names = dict.fromkeys(f"{what_of(line)} ({unknown_text(line)})" for line in costs.unknown)
        lines.append(f"Unknown, and in no total: {'; '.join(names)}.")
    if "assumed" in costs.bases:
        lines.append(
            "Rates are assumed where they say so: put your own into a rates.toml, see data/parameters/rates.toml."
        )
    return lines


def what_of(line: CostLine) -> str:
    """Edit 2 (ChangeHeadway 95)."""
    return f"edit {line.edit} ({' '.join(part for part in (line.what, line.about) if part)})"


def unknown_text(line: CostLine) -> str:
    """Why the cost of a line is unknown, "" where it is known."""
    if not line.unknown:
        return ""
    named = " and ".join(DAY_WORDS[kind] for kind in DAY_KINDS if kind in line.unknown_days)
    return UNKNOWN[line.unknown].format(days=named)


def euros_text(euros: Euros) -> str:
    """€ 1,200 (900 to 1,600); without a range where there is none."""
    euros = euros.rounded()
    used, low, high = (f"{abs(value):,.0f}" for value in euros)
    if euros.low == euros.high:
        return f"€ {used}"
    if euros.low < 0 < euros.high:
        return f"€ {used} ({euros.low:,.0f} to {euros.high:,.0f})"
    return f"€ {used} ({' to '.join((high, low) if euros.high <= 0 else (low, high))})"


def _verb(euros: Euros) -> str:
    return f"{'saves' if euros.used < 0 else 'costs'} {euros_text(euros)} a year"


def _once(euros: Euros) -> str:
    return f", {euros_text(euros)} once included, spread over its years" if euros.used else ""


def _line_text(line: CostLine) -> str:
    told = f"{what_of(line)}: "
    if line.per_year is None:
        each = f"; {euros_text(line.rate)} each" if line.rate is not None else ""
        return f"{told}unknown, {unknown_text(line)}{each}."
    if line.item == "vehicle_hours":
        told += f"{line.before:,.0f} -> {line.after:,.0f} {line.unit}, "
    elif line.item in {"path", "rides"}:
        told += f"{line.after:,.0f} {line.unit}, "
    elif line.item == "upkeep":
        told += "upkeep, "
    basis = "" if line.basis == "sourced" else " as filled in" if line.basis == "typed" else ", assumed"
    return f"{told}{_verb(line.per_year)}{_once(line.once)}{basis}."


def value_line(value: Value) -> str:
    """What one kind by one mode comes to, in a sentence."""
    by = f"{value.kind} by {value.mode}"
    if value.gained is None:
        return f"{by}: unknown, as {WHY['times unknown']}."
    limit = value.limit
    reach = f"{limit.limit_m:g} m" if np.isfinite(limit.limit_m) else f"{limit.limit_s / 60:g} min"
    who = "people" if limit.people == "all" else f"people ({limit.people})"
    change = f"{abs(value.gained):,} {who} {'more' if value.gained >= 0 else 'fewer'} within {reach}"
    said = f"{by}: {change}{_each_text(value.per_person, 'each', value.why_not_person)}"
    if value.hours is None:
        return f"{said}; hours unknown, as {WHY['visits unknown']}."
    saved = value.hours.saved
    said += f"; {abs(saved):,.0f} hours of travel a year {'saved' if saved >= 0 else 'more'}"
    return f"{said}{_each_text(value.per_hour, 'an hour', value.why_not_hour)}{_visits_text(value)}."


def _each_text(euros: Euros | None, unit: str, why_not: Why) -> str:
    """What each costs; why it cannot be said where it is not plain from what stands before it."""
    if euros is not None:
        return f", {euros_text(euros)} {unit}"
    return f" (no cost {unit}: {WHY[why_not]})" if why_not in {"cost unknown", "saves money"} else ""


def _visits_text(value: Value) -> str:
    hours = value.hours
    told = (
        ""
        if hours is None or not hours.visits_won
        else f"; {hours.visits_won:,.0f} visits a year become possible"
    )
    if hours is not None and hours.visits_lost:
        told += f"; {hours.visits_lost:,.0f} visits a year are no longer possible"
    return told
