"""A person's question of several services, and what it comes to for the solver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accessibility.origins import Origins
from accessibility.world import World
from data.build_report import BuildReport
from data.columns import Floats
from data.errors import InputError
from data.packed import unpacked
from data.parameters.behaviour import load_behaviour
from data.parameters.hub_services import HubService, HubServices
from scenarios.placement import question as placement
from scenarios.placement.question import Start
from scenarios.placement.sites import usable
from scenarios.placement.task import Sites
from scenarios.placement.times import Times, counted, some_origins, times
from scenarios.services.task import Offer, ServiceRules, ServiceTask, Size

MEDIAN = 50.0
"""Percentile of the departures, for a mode that rides."""
MOST_WEIGHT = 1e6


@dataclass(frozen=True, slots=True)
class ServicesQuestion:
    """What somebody wants to know, in plain values.

    Attributes
    ----------
    services
        What a hub may offer.
    budget
        Euros per year, for hubs and services together.
    hub_cost
        Euros per year of a hub itself, where its list of sites says nothing else.
    weights
        What a person who gets each service counts, by kind; 1 where nothing is said.
    hubs
        At most so many; None for any number.
    sites, fixed, forbidden, year, start
        As in `PlacementQuestion`.

    """

    services: tuple[HubService, ...]
    budget: float
    hub_cost: float
    weights: tuple[tuple[str, float], ...] = ()
    hubs: int | None = None
    sites: tuple[str, ...] = ("places",)
    fixed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    year: int | None = None
    start: Start = "cells"


def services_named(known: HubServices, kinds: tuple[str, ...]) -> tuple[HubService, ...]:
    """Services of these kinds, in the order of the table.

    Raises
    ------
    InputError
        When none is named, or a hub cannot offer one.

    """
    unknown = [kind for kind in kinds if kind not in known.kinds]
    if unknown or not kinds:
        said = f"A hub cannot offer {', '.join(unknown)}" if unknown else "No service is named"
        msg = f"{said}: name some of {', '.join(known.kinds)}, or add one to hub_services.toml of the region."
        raise InputError(msg)
    return tuple(service for service in known.services if service.kind in kinds)


def refuse_faults(question: ServicesQuestion) -> None:
    """Refuse numbers that mean nothing, all at once.

    Raises
    ------
    InputError
        With one fault after the other.

    """
    kinds, faults = [service.kind for service in question.services], []
    if not question.budget > 0:
        faults.append(f"the budget is {question.budget:g} euros a year: it must be above 0")
    if not 0 <= question.hub_cost < np.inf:
        faults.append(f"a hub costs {question.hub_cost:g} euros a year: give 0 or more")
    if not question.sites:
        faults.append("no list of sites is named: say where hubs could stand")
    for kind, weight in question.weights:
        if kind not in kinds:
            faults.append(f"a weight is given for {kind}, which is not among {', '.join(kinds)}")
        if not 0 < weight <= MOST_WEIGHT:
            faults.append(f"the weight of {kind} is {weight:g}: give a number above 0")
    if faults:
        raise InputError(f"Mend the question: {'; '.join(faults)}.")


def sites_of(question: ServicesQuestion, before: World, world: World) -> tuple[Sites, BuildReport]:
    """Usable sites of all lists, and what was left out; raises as `placement.site_list`."""
    lists = (placement.site_list(name, before, world, question.hub_cost) for name in question.sites)
    return usable(world, *lists)


def origins_of(question: ServicesQuestion, world: World) -> Origins:
    """Where people of the question's year start, if anybody lives there now."""
    start = placement.PlacementQuestion("hub", (), start=question.start)
    rows = counted(placement.origins_of(start, world))
    return some_origins(placement.origins_of(start, placement.of_year(world, question.year)), rows)


def times_by_kind(question: ServicesQuestion, world: World, sites: Sites) -> dict[str, Times]:
    """Times of each kind of service, by its mode, to the sites and to what there is already."""
    origins = origins_of(question, world)
    return {
        service.kind: times(
            world, service.kind, sites, origins, placement.mode_named(world, service.mode), MEDIAN
        )
        for service in question.services
    }


def task_of(
    question: ServicesQuestion, world: World, sites: Sites, by_kind: Mapping[str, Times]
) -> ServiceTask:
    """Put a question in the terms of the solver; raises as `HubService.visits_by_age`, and InputError for a year unknown."""
    people = origins_of(question, world).people_by_age.astype(np.float64)
    behaviour, weight = load_behaviour(world.region.folder), dict(question.weights)
    offers = tuple(
        _offer(service, people, service.visits_by_age(behaviour), by_kind[service.kind], weight)
        for service in question.services
    )
    rules = ServiceRules(question.budget, question.hubs, question.fixed, question.forbidden)
    return ServiceTask(sites, offers, rules)


def _offer(
    service: HubService,
    people: Floats,
    visits: tuple[float, ...],
    found: Times,
    weight: Mapping[str, float],
) -> Offer:
    """One service for (O, A) people: who comes more often than the average counts for more, and takes more room."""
    coming = people @ np.array(visits)
    average = float(coming.sum()) / max(float(people.sum()), 1.0)
    limit_s = service.limit_min * 60
    lacks = found.existing > limit_s
    return Offer(
        service.kind,
        tuple(
            Size(size.cost_per_year, service.visits_per_year(size) / max(average, 1e-9), size.least_people)
            for size in service.size
        ),
        np.where(lacks, coming / max(average, 1e-9), 0.0),
        (unpacked(found.to_sites) <= limit_s) & lacks,
        weight.get(service.kind, 1.0),
    )
