"""School days in words: who is far, who moves, where the bell comes before the bus, and what was counted."""

from __future__ import annotations

import numpy as np

from data.clock import clock_text
from scenarios.comparison import report
from scenarios.school.day import SchoolDay
from scenarios.school.tables import Counts, SchoolAnswer, counts, in_region, names_of

MOST_TOLD = 5
"""Moves, and schools, that are told in words; the tables have all."""


def school_lines(answer: SchoolAnswer, *, changed: bool, with_journeys: bool = True) -> list[str]:
    """The answer in words; with `changed` also what the scenario does, and the counted journeys or that there are none."""
    before, after, question = answer.before, answer.after, answer.before.question
    now, age = counts(before), question.days.cycling.alone_from_age
    limit = f"{question.limit_s / 60:g} min"
    first, last = question.of.ages
    told = [
        f"{question.kind}: {now.pupils:,.0f} pupils of {first} to {last}. {_bells(before)}",
        (
            f"For {now.far:,.0f} of them the nearest school is beyond {limit} by bike{_none(now)}; a bus or train brings "
            f"{now.far_with_bus:,.0f} of these there in time, quicker than walking."
        ),
    ]
    if now.young:
        told.append(
            f"{now.young:,.0f} are younger than {age} and do not cycle alone: {now.walking:,.0f} walk within {limit}, "
            f"{now.brought:,.0f} are brought. Of the others {now.cycling:,.0f} cycle within {limit}."
        )
    if changed:
        then = counts(after)
        told.append(
            f"With the scenario {then.far:,.0f} are beyond {limit} by bike (before {now.far:,.0f}){_none(then)}, and "
            f"{then.brought:,.0f} are brought (before {now.brought:,.0f})."
        )
        told += _moved_lines(answer)
    return [
        *told,
        *_contradiction(after),
        *_counted_lines(answer, with_journeys=with_journeys),
        *_assumed_lines(answer),
    ]


def _pupils(number: float) -> str:
    return f"{number:,.0f} {'pupil' if round(number) == 1 else 'pupils'}"


def _none(of: Counts) -> str:
    return f" ({of.unreached:,.0f} reach none)" if round(of.unreached) else ""


def _bells(day: SchoolDay) -> str:
    bells = np.unique(day.bell).tolist()
    if not bells:
        return "There is no such school."
    said = (
        clock_text(bells[0])
        if len(bells) == 1
        else f"between {clock_text(bells[0])} and {clock_text(bells[-1])}"
    )
    return f"The bell rings at {said}; they are there {day.question.of.margin_min:g} min before."


def _moved_lines(answer: SchoolAnswer) -> list[str]:
    moved, names, of = answer.moved, names_of(answer), answer.rolls
    n_moves = len(moved.pupils)
    if not n_moves:
        return ["No pupil has another nearest school."]
    told = [f"{moved.pupils.sum():,.0f} pupils, those around the region too, have another nearest school:"]
    for row in range(min(n_moves, MOST_TOLD)):
        start, end = int(moved.from_school[row]), int(moved.to_school[row])
        counted = moved.counted[row]
        told.append(
            f"  {names[start] if start >= 0 else 'none'} -> {names[end] if end >= 0 else 'none'}: "
            f"{_pupils(moved.pupils[row])}"
            f"{'' if np.isnan(counted) else f' ({counted:,.0f} of those counted)'}, "
            f"{report.minutes(moved.before_s[row])} by bike before, {report.minutes(moved.after_s[row])} after."
        )
    if n_moves > MOST_TOLD:
        told.append(f"  and {n_moves - MOST_TOLD} more pairs of schools.")
    lost = [row for row in np.flatnonzero(~np.isnan(of.before) & np.isnan(of.after)) if not of.before[row]]
    told += [f"{names[row]} closes, and is nobody's nearest: where its pupils go is unknown." for row in lost]
    comes = np.unique(moved.to_school[moved.to_school >= 0])
    known = [
        row for row in comes.tolist() if np.isfinite(of.room[row]) and np.isfinite(of.counted_after[row])
    ]
    told += [
        f"{names[row]} has room for {of.room[row]:,.0f} and gets {of.counted_after[row]:,.0f} (counted now "
        f"{of.counted[row]:,.0f}): {'too small' if of.counted_after[row] > of.room[row] else 'enough'}."
        for row in known
    ]
    unknown = len(comes) - len(known)
    if unknown:
        told.append(
            f"Whether there is room is unknown at {unknown} of the {len(comes)} schools that get more pupils."
        )
    return told


def _contradiction(day: SchoolDay) -> list[str]:
    """Say where the bell comes before the first bus."""
    rows = np.flatnonzero(day.is_before_bus)
    if not len(rows):
        return []
    latest = rows[np.argsort(day.first_ride[rows], kind="stable")][::-1][:MOST_TOLD]
    names = day.world.facilities.name
    examples = "; ".join(
        f"{names[day.school[row]]} (bell {clock_text(int(day.bell[row]))}, first {clock_text(int(day.first_ride[row]))})"
        for row in latest
    )
    said = (
        f"Bells before the first bus: at {len(rows)} of the {day.has_stop.sum()} schools with a stop within a walk no bus or "
        f"train brings anybody in time: {examples}. Let the bell ring later, or a bus come earlier."
    )
    return [said]


def _counted_lines(answer: SchoolAnswer, *, with_journeys: bool) -> list[str]:
    told, of = [], answer.rolls
    known = in_region(answer) & ~np.isnan(of.counted) & ~np.isnan(of.before)
    if known.any():
        told.append(
            f"Counted at {known.sum()} schools of the region: {of.counted[known].sum():,.0f} pupils; the model sends "
            f"{of.before[known].sum():,.0f} there."
        )
    flows = answer.observed
    if not with_journeys:
        return told
    if flows is None:
        return [
            *told,
            "No journeys of pupils to these schools were counted, so none are set beside the model.",
        ]
    near = ", ".join(
        f"{within.observed:.0%} within {within.limit_km:g} km (model {within.nearest:.0%})"
        for within in flows.within
    )
    told.append(
        f"Of {flows.persons:,} pupils whose way was counted ({flows.date}) at most {flows.nearest_share:.0%} go where the "
        f"model sends them, to the nearest; {near}."
    )
    return told


def _assumed_lines(answer: SchoolAnswer) -> list[str]:
    question = answer.before.question
    if not question.assumed:
        return []
    return [f"Assumed: {' and '.join(question.assumed)}; see school_days.toml."]
