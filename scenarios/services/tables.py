"""Answers about several services for people and programs, and as a scenario."""

from __future__ import annotations

import numpy as np
import pandas as pd
from msgspec import structs

from accessibility.world import NOT_IN_DATA, World
from scenarios.edits.scenario import Scenario
from scenarios.placement.sites import hub_at
from scenarios.services.question import ServicesQuestion
from scenarios.services.solve import ServicesAnswer


def offered_table(world: World, question: ServicesQuestion, answer: ServicesAnswer) -> pd.DataFrame:
    """One row per hub and service: where, how large, what it costs, how many it serves, and what the whole answer comes to."""
    sites, rows = answer.task.sites, answer.offered
    lon_deg, lat_deg = world.projection.to_lonlat(sites.x_m[rows.site], sites.y_m[rows.site])
    services = [question.services[offer] for offer in rows.offer]
    sizes = [service.size[size] for service, size in zip(services, rows.size, strict=True)]
    return pd.DataFrame(
        {
            "site_id": [sites.id[row] for row in rows.site],
            "site": [sites.name[row] for row in rows.site],
            "lon": lon_deg.round(5),
            "lat": lat_deg.round(5),
            "kind": [service.kind for service in services],
            "hours_per_week": np.array([size.hours_per_week for size in sizes], np.float64),
            "counters": np.array([size.counters for size in sizes], np.int64),
            "service_cost_per_year": np.array([size.cost_per_year for size in sizes], np.float64),
            "hub_cost_per_year": sites.cost_per_year[rows.site],
            "people_served": rows.people.round(1),
            "people_with_room": [
                round(answer.task.offers[offer].sizes[size].room, 1)
                for offer, size in zip(rows.offer, rows.size, strict=True)
            ],
            "value": answer.value,
            "bound": answer.bound,
            "gap_share": answer.gap_share,
            "cost_per_year": answer.cost_per_year,
        }
    )


def answer_lines(world: World, question: ServicesQuestion, answer: ServicesAnswer) -> list[str]:
    """What was chosen, what it costs and brings, how sure that is, and what was not known or brings nothing."""
    proof = (
        "no choice serves more: proved"
        if answer.is_proved
        else f"at most {answer.gap_share:.2%} from the best"
    )
    table = offered_table(world, question, answer)
    lines = [
        f"{hubs_text(answer)} for € {answer.cost_per_year:,.0f} of € {question.budget:,.0f} a year ({proof}, "
        f"{answer.taken_s:.1f} s)."
        if len(answer.chosen)
        else "No hub: no service has people enough within reach who lack it."
    ]
    for site, rows in table.groupby("site", sort=False):
        told = (
            f"{row.kind} {row.hours_per_week:g} h a week x {row.counters} for {row.people_served:,.0f} people"
            for row in rows.itertuples()
        )
        lines.append(f"  {site}: {', '.join(told)}.")
    for service, served, lacking in zip(
        question.services, answer.served.tolist(), answer.lacking.tolist(), strict=True
    ):
        where = f"within {service.limit_min:g} min by {service.mode}"
        lines.append(
            f"{service.kind}: {served:,.0f} of the {lacking:,.0f} people without one {where} get one."
        )
        if not world.knows(service.kind):
            lines.append(
                f"  Unknown where it is now, as it is {NOT_IN_DATA}: everybody counts as without one."
            )
    assumed = [service.kind for service in question.services if service.assumed]
    if assumed:
        lines.append(f"Costs, room and least use are assumed ({', '.join(assumed)}): see hub_services.toml.")
    return lines


def hubs_text(answer: ServicesAnswer) -> str:
    """How many hubs there are, in words."""
    n_hubs = len(answer.chosen)
    return f"{n_hubs} {'hub' if n_hubs == 1 else 'hubs'}"


def as_scenario(world: World, answer: ServicesAnswer, name: str, note: str) -> Scenario:
    """Scenario that opens the hubs with what each offers, at what they cost together."""
    edits = []
    for site in answer.chosen.tolist():
        own = np.flatnonzero(answer.offered.site == site)
        offers = [answer.task.offers[row] for row in answer.offered.offer[own]]
        costs = [
            offer.sizes[size].cost_per_year
            for offer, size in zip(offers, answer.offered.size[own], strict=True)
        ]
        cost = float(answer.task.sites.cost_per_year[site]) + sum(costs)
        hub = hub_at(world, answer.task.sites, site, tuple(offer.kind for offer in offers))
        edits.append(structs.replace(hub, cost_per_year=cost))
    return Scenario(name, note, tuple(edits))
