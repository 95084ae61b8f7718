"""Answers, frontiers and robustness of placement for people and programs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from accessibility.world import World
from data.columns import Floats
from scenarios.comparison.report import minutes, whole
from scenarios.placement.frontier import Point
from scenarios.placement.robustness import Robustness
from scenarios.placement.solve import AS_GOOD, Answer
from scenarios.placement.task import Fewest, LeastTime, LeastWorst, MostWithin


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


def alternatives_table(answers: Sequence[Answer]) -> pd.DataFrame:
    """One row per site that was not chosen, of each answer."""
    tables = [
        pd.DataFrame(
            {
                "n_hubs": len(answer.chosen),
                "site_id": answer.alternatives.id,
                "instead_of": answer.alternatives.instead_of,
                "loss_share": answer.alternatives.loss_share,
                "least_loss_share": answer.alternatives.least_loss_share,
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
    is_met = len(answer.chosen) == 0 and isinstance(answer.task.objective, Fewest)
    proof = (
        "proved"
        if answer.is_proved
        else f"at most {answer.gap_share:.2%} from the best, {value_text(answer, answer.bound)}"
    )
    lines = [
        "The goal is met without a new hub." if is_met else f"{len(answer.chosen)} hubs: {chosen}.",
        f"  {value_text(answer, answer.value)} ({proof}, {answer.taken_s:.1f} s).",
    ]
    others = answer.alternatives
    row_of = {name: row for row, name in enumerate(answer.task.sites.id)}
    as_good = [
        f"{names[row_of[name]]} {f'instead of {names[row_of[other]]}' if other else 'with other sites'} ({loss:.2%})"
        for name, other, loss in zip(others.id, others.instead_of, others.loss_share, strict=True)
        if loss <= AS_GOOD
    ]
    if as_good:
        more = f" and {len(as_good) - 5} more" if len(as_good) > 5 else ""
        lines.append(f"  As good within {AS_GOOD:.0%}: {', '.join(as_good[:5])}{more}.{_others(answer)}")
    return lines


def _others(answer: Answer) -> str:
    """What is proved of the sites that are not as good."""
    n_undecided = int(answer.alternatives.undecided.sum())
    if not answer.is_proved:
        return ""
    return f" Not settled for {n_undecided} sites." if n_undecided else " No other site is: proved."


def value_text(answer: Answer, value: float) -> str:
    """A value of the objective with its unit, in words."""
    task = answer.task
    n_people = float(task.demand.people.sum())
    match task.objective:
        case LeastTime(inequality_aversion=inequality_aversion) if inequality_aversion > 0:
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


SEPARATOR = " "


def frontier_table(points: Sequence[Point]) -> pd.DataFrame:
    """One row per answer on a frontier; ids of its sites with spaces between."""
    return pd.DataFrame(
        {
            "people_within": [round(point.people_within, 1) for point in points],
            "n_hubs": [point.n_hubs for point in points],
            "cost_per_year": [point.cost_per_year for point in points],
            "worst_s": whole(np.array([point.worst_s for point in points], np.float64)),
            "is_proved": [point.is_proved for point in points],
            "site_ids": [SEPARATOR.join(point.answer.ids) for point in points],
        }
    )


def frontier_lines(points: Sequence[Point]) -> list[str]:
    """One line per answer: people, hubs, euros, the worst-off, and the names of the sites."""
    lines = []
    for point in points:
        names = point.answer.task.sites.name
        chosen = ", ".join(names[row] for row in point.answer.chosen) or "no site"
        euros = f", € {point.cost_per_year:,.0f} a year" if point.cost_per_year else ""
        proof = "" if point.is_proved else " (not proved)"
        lines.append(
            f"{point.people_within:,.0f} people within, {point.n_hubs} hubs{euros}, worst off {minutes(point.worst_s)}{proof}: "
            f"{chosen}."
        )
    return lines


def robustness_table(found: Robustness) -> pd.DataFrame:
    """One row per variant: what the best and the chosen set come to, the regret, and the sites that are best there."""
    return pd.DataFrame(
        {
            "variant": found.variant,
            "best_value": found.best_value,
            "chosen_value": found.chosen_value,
            "regret_share": found.regret_share,
            "keeps_rules": found.keeps_rules,
            "is_proved": found.is_proved,
            "site_ids": [SEPARATOR.join(ids) for ids in found.best_ids],
            "problem": found.problem,
        }
    )


def robustness_lines(answer: Answer, found: Robustness) -> list[str]:
    """How often each site is chosen, and how much worse the chosen set is where it is not the best."""
    name_of = dict(zip(answer.task.sites.id, answer.task.sites.name, strict=True))
    n_answered = found.n_answered
    counts = [
        f"{name_of[site]}{' *' if site in answer.ids else ''} {round(share * n_answered)}"
        for site, share in zip(found.site_id, found.chosen_share.tolist(), strict=True)
    ]
    lines = [
        f"Under {n_answered} sets of assumptions the best {len(answer.chosen)} hubs are (* chosen): {', '.join(counts)}.",
        f"  The chosen set is the best, or worse by at most {AS_GOOD:.0%}, in {found.n_as_good(AS_GOOD)} of them.",
    ]
    if n_answered and (worst := int(np.nanargmax(found.regret_share))) >= 0 and found.regret_share[worst] > 0:
        lines.append(f"  It loses most, {found.regret_share[worst]:.2%}, with {found.variant[worst]}.")
    lines += [
        f"  No answer with {name}: {why}"
        for name, why in zip(found.variant, found.problem, strict=True)
        if why
    ]
    broken = [
        name
        for name, keeps, why in zip(found.variant, found.keeps_rules, found.problem, strict=True)
        if not keeps and not why
    ]
    return lines + ([f"  It breaks a rule with {', '.join(broken)}."] if broken else [])
