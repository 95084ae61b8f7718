"""Frontiers and robustness of placement for people and programs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from scenarios.comparison.report import minutes, whole
from scenarios.placement import AS_GOOD, Answer
from scenarios.placement_frontier import Point
from scenarios.placement_robust import Robustness

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
