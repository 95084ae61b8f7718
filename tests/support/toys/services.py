"""Small random questions of several services, and their answers by trying every choice.

The oracle shares no code with what it judges: how many are served is read off the sets of hubs that can be full.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection

import numpy as np

from data.columns import Bools
from scenarios.services.task import Offer, ServiceRules, ServiceTask, Size
from support.toys.placement import sites_at

Choice = tuple[tuple[int, ...], ...]
"""Of each site, the size of each service; -1 for none."""


def random_services(seed: int) -> ServiceTask:
    """Up to 4 sites and 7 groups, two services of up to two sizes, and any rules, which may contradict each other."""
    draw = np.random.default_rng(seed)
    n_sites, n_groups = int(draw.integers(2, 5)), int(draw.integers(2, 8))
    ids = [f"s{number}" for number in draw.permutation(n_sites)]
    nowhere = np.zeros(n_sites)
    sites = sites_at(ids, nowhere, nowhere, draw.integers(0, 4, n_sites) * 10.0)
    offers = tuple(
        Offer(
            kind,
            tuple(
                Size(
                    float(10 * number + draw.integers(1, 10)),
                    float(draw.choice([20, 40, 1000])),
                    float(draw.choice([0, 15])),
                )
                for number in range(int(draw.integers(1, 3)))
            ),
            draw.integers(0, 30, n_groups).astype(float),
            draw.random((n_sites, n_groups)) < 0.5,
            float(draw.choice([1, 1, 3])),
        )
        for kind in ("gp", "library")
    )
    rules = ServiceRules(
        budget=float(draw.choice([30, 60, 90, np.inf])),
        n_hubs=int(draw.integers(1, n_sites + 1)) if draw.random() < 0.4 else None,
        fixed=(ids[0],) if draw.random() < 0.2 else (),
        forbidden=(ids[1],) if draw.random() < 0.2 else (),
    )
    return ServiceTask(sites, offers, rules)


def every_choice(task: ServiceTask) -> dict[Choice, float]:
    """People served, times their weight, by every choice that keeps to the rules."""
    sizes = [range(-1, len(offer.sizes)) for offer in task.offers]
    at_a_site = list(itertools.product(*sizes))
    choices = itertools.product(at_a_site, repeat=len(task.sites.id))
    return {choice: value for choice in choices if (value := worth(task, choice)) is not None}


def worth(task: ServiceTask, choice: Choice) -> float | None:
    """What a choice serves; None where it breaks a rule."""
    rules, ids = task.rules, task.sites.id
    hubs = {name for name, sizes in zip(ids, choice, strict=True) if max(sizes) >= 0}
    most = len(ids) if rules.n_hubs is None else rules.n_hubs
    if len(hubs) > most or hubs & {*rules.forbidden} or {*rules.fixed} - hubs:
        return None
    if cost(task, choice) > rules.budget:
        return None
    total = 0.0
    for row, offer in enumerate(task.offers):
        chosen = {site: offer.sizes[sizes[row]] for site, sizes in enumerate(choice) if sizes[row] >= 0}
        for some in _subsets(chosen):
            near = offer.within[list(some)].any(axis=0)
            if sum(chosen[site].least_people for site in some) > offer.people[near].sum():
                return None
        total += offer.weight * served(offer, {site: size.room for site, size in chosen.items()})
    return total


def served(offer: Offer, room: dict[int, float]) -> float:
    """People served by hubs with so much room: the least, over the sets that are full, of their room and who can go elsewhere."""
    found = []
    for full in _subsets(room, empty=True):
        others = [site for site in room if site not in full]
        elsewhere: Bools = np.asarray(offer.within[others].any(axis=0))
        found.append(sum(room[site] for site in full) + float(offer.people[elsewhere].sum()))
    return min(found)


def cost(task: ServiceTask, choice: Choice) -> float:
    """Euros of a choice."""
    total = 0.0
    for site, sizes in enumerate(choice):
        own = [
            offer.sizes[size].cost_per_year
            for offer, size in zip(task.offers, sizes, strict=True)
            if size >= 0
        ]
        total += sum(own) + (float(task.sites.cost_per_year[site]) if own else 0.0)
    return total


def _subsets(of: Collection[int], *, empty: bool = False) -> list[tuple[int, ...]]:
    return [
        some for size in range(0 if empty else 1, len(of) + 1) for some in itertools.combinations(of, size)
    ]
