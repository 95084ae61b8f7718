"""Answers of placement for people and programs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from accessibility.world import World
from data.columns import Floats
from scenarios.comparison.report import minutes, whole
from scenarios.placement import AS_GOOD, Answer
from scenarios.placement_task import Fewest, LeastTime, LeastWorst, MostWithin


def chosen_table(world: World, answers: Sequence[Answer], people: Floats) -> pd.DataFrame:
    """One row per hub of each answer, with what the answer comes to; `people`, (D,), are those who are counted."""
    return pd.concat([_chosen_rows(world, answer, people) for answer in answers], ignore_index=True)


def _chosen_rows(world: World, answer: Answer, people: Floats) -> pd.DataFrame:
    sites, rows = answer.task.sites, answer.chosen
    lon_deg, lat_deg = world.projection.to_lonlat(sites.x_m[rows], sites.y_m[rows])
    return pd.DataFrame(
        {
            "n_hubs": len(rows),
            "site_id": answer.ids,
            "site": [sites.name[row] for row in rows],
            "lon": lon_deg.round(5),
            "lat": lat_deg.round(5),
            "cost_per_year": sites.cost_per_year[rows],
            "people_nearest": answer.people_nearest(people).round(1),
            "value": answer.value,
            "bound": answer.bound,
            "gap_share": answer.gap_share,
            "search_s": round(answer.taken_s, 3),
            "mean_s": round(mean_s(answer, people), 1),
            "worst_s": whole(np.full(len(rows), _worst_s(answer, people))),
        }
    )


def runners_up_table(answers: Sequence[Answer]) -> pd.DataFrame:
    """One row per site that was not chosen, of each answer."""
    tables = [
        pd.DataFrame(
            {
                "n_hubs": len(answer.chosen),
                "site_id": answer.runners_up.id,
                "instead_of": answer.runners_up.instead_of,
                "loss_share": answer.runners_up.loss_share,
                "least_loss_share": answer.runners_up.least_loss_share,
            }
        )
        for answer in answers
    ]
    return pd.concat(tables, ignore_index=True)


def mean_s(answer: Answer, people: Floats) -> float:
    """Mean over those who reach one, seconds; inf when nobody does."""
    reached = np.isfinite(answer.seconds) & (people > 0)
    n_people = people[reached].sum()
    return float((answer.seconds[reached] * people[reached]).sum() / n_people) if n_people else np.inf


def _worst_s(answer: Answer, people: Floats) -> float:
    return float(answer.seconds[people > 0].max(initial=0.0))


def answer_lines(answer: Answer) -> list[str]:
    """What was chosen, what it comes to, how sure that is, and what else would do."""
    names = answer.task.sites.name
    chosen = ", ".join(names[row] for row in answer.chosen) or "no site"
    proof = (
        "proved"
        if answer.is_proved
        else f"at most {answer.gap_share:.2%} from the best, {value_text(answer, answer.bound)}"
    )
    lines = [
        f"{len(answer.chosen)} hubs: {chosen}.",
        f"  {value_text(answer, answer.value)} ({proof}, {answer.taken_s:.1f} s).",
    ]
    runners = answer.runners_up
    row_of = {name: row for row, name in enumerate(answer.task.sites.id)}
    as_good = [
        f"{names[row_of[name]]} {f'instead of {names[row_of[other]]}' if other else 'with other sites'} ({loss:.2%})"
        for name, other, loss in zip(runners.id, runners.instead_of, runners.loss_share, strict=True)
        if loss <= AS_GOOD
    ]
    if as_good:
        more = f" and {len(as_good) - 5} more" if len(as_good) > 5 else ""
        lines.append(f"  As good within {AS_GOOD:.0%}: {', '.join(as_good[:5])}{more}.{_others(answer)}")
    return lines


def _others(answer: Answer) -> str:
    """What is proved of the sites that are not as good."""
    n_undecided = int(answer.runners_up.undecided.sum())
    if not answer.is_proved:
        return ""
    return f" Not settled for {n_undecided} sites." if n_undecided else " No other site is: proved."


def value_text(answer: Answer, value: float) -> str:
    """A value of the objective with its unit, in words."""
    task = answer.task
    n_people = float(task.demand.people.sum())
    match task.objective:
        case LeastTime(aversion=aversion) if aversion > 0:
            return f"as bad as {minutes(value)} for everybody"
        case LeastTime(beyond_s=beyond_s):
            beyond = f" beyond {minutes(beyond_s)}" if beyond_s else ""
            return f"{value / 60:,.0f} person-minutes{beyond}, {minutes(value / n_people)} each"
        case MostWithin(limit_s=limit_s):
            return f"{value:,.0f} people ({value / n_people:.1%}) within {minutes(limit_s)}"
        case LeastWorst():
            return f"worst off {minutes(value)}"
        case Fewest(by=by):
            return f"{value:,.0f} hubs" if by == "hubs" else f"€ {value:,.0f} a year"
