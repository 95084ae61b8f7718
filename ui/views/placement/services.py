"""Several services in one hub, as plain values: what is asked on the page "Where a hub?", and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from msgspec import structs

from accessibility.world import World
from data.parameters.hub_services import HubServices, load_hub_services
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from scenarios.placement.times import Times
from scenarios.services.question import ServicesQuestion, services_named, task_of
from scenarios.services.solve import ServicesAnswer
from scenarios.services.tables import as_scenario
from scenarios.services.task import ServiceTask
from ui.views.placement.question import PageQuestion, Reach, euros_or

USUAL = ("gp", "pharmacy", "supermarket")
"""What a hub may offer where nothing else is chosen, as far as it can."""
USUAL_EUROS = 250_000


@dataclass(frozen=True, slots=True)
class OfferedService:
    """A service at a proposed site: hours a week, counters, and how many people it serves and has room for."""

    kind: str
    hours: float
    counters: int
    people: int
    room: int


@dataclass(frozen=True, slots=True)
class OfferedSite:
    """A proposed hub: what it offers, and what all of it costs in euros a year."""

    name: str
    services: tuple[OfferedService, ...]
    euros: int


@dataclass(frozen=True, slots=True)
class ServedKind:
    """How many of those without a service within the limit get one, and whether it is known where it is now."""

    kind: str
    people: int
    lacking: int
    known: bool


@dataclass(frozen=True, slots=True)
class ServicesFound:
    """The best hubs with several services.

    Attributes
    ----------
    hubs
        Edits that open them.
    sites, served
        By site, and by service.
    euros, budget
        A year.
    gap_share
        By how much a better choice could be better at most; 0 when it is proved that there is none.
    taken_s
        Seconds the search took.

    """

    hubs: tuple[PlaceHub, ...]
    sites: tuple[OfferedSite, ...]
    served: tuple[ServedKind, ...]
    euros: int
    budget: int
    gap_share: float
    taken_s: float

    def added_to(self, scenario: Scenario) -> Scenario:
        """The visitor's scenario with the hubs."""
        return structs.replace(scenario, edits=(*scenario.edits, *self.hubs))


def known_services(world: World) -> HubServices:
    """What a hub in the region can offer, and what that costs."""
    return load_hub_services(world.region.folder)


def kinds_asked(known: HubServices, question: PageQuestion) -> tuple[str, ...]:
    """Kinds that the visitor lets a hub offer; the usual ones where none that can be offered is chosen."""
    chosen = tuple(kind for kind in known.kinds if kind in question.chosen.services)
    return chosen or tuple(kind for kind in known.kinds if kind in USUAL) or known.kinds


def budget_asked(question: PageQuestion) -> int:
    """Euros a year for hubs and services together."""
    return euros_or(question.chosen.money, USUAL_EUROS)


def services_question(world: World, question: PageQuestion) -> ServicesQuestion:
    """What a visitor asks: the services chosen, by the mode and within the limit of the page."""
    known = known_services(world)
    services = services_named(known, kinds_asked(known, question))
    chosen = question.chosen
    return ServicesQuestion(
        tuple(
            structs.replace(service, mode=question.mode, limit_min=float(question.limit_min))
            for service in services
        ),
        float(budget_asked(question)),
        known.hub.cost_per_year,
        fixed=chosen.fixed,
        forbidden=chosen.forbidden,
        year=chosen.year or None,
    )


def services_task(world: World, question: PageQuestion, reached: Mapping[str, Reach]) -> ServiceTask:
    """Put the question in the terms of the solver; `reached` are the same sites for each kind."""
    asked = services_question(world, question)
    sites = next(iter(reached.values())).sites
    by_kind: dict[str, Times] = {kind: of.times[question.mode] for kind, of in reached.items()}
    cost = np.full(len(sites.id), asked.hub_cost)
    return task_of(asked, world, replace(sites, cost_per_year=cost), by_kind)


def services_found(world: World, question: PageQuestion, answer: ServicesAnswer) -> ServicesFound:
    """What was found, as it is shown; the hubs that cost least last."""
    asked, rows, sites = services_question(world, question), answer.offered, answer.task.sites
    scenario = as_scenario(world, answer, "", "")
    hubs = tuple(edit for edit in scenario.edits if isinstance(edit, PlaceHub))
    shown = []
    for site, hub in zip(answer.chosen.tolist(), hubs, strict=True):
        own = np.flatnonzero(rows.site == site)
        services = []
        for row in own.tolist():
            offer, size = int(rows.offer[row]), int(rows.size[row])
            what = asked.services[offer]
            room = answer.task.offers[offer].sizes[size].room
            hours, counters = what.size[size].hours_per_week, what.size[size].counters
            services.append(OfferedService(what.kind, hours, counters, round(rows.people[row]), round(room)))
        shown.append(OfferedSite(sites.name[site], tuple(services), round(hub.cost_per_year or 0)))
    served = tuple(
        ServedKind(service.kind, round(people), round(lacking), world.knows(service.kind))
        for service, people, lacking in zip(
            asked.services, answer.served.tolist(), answer.lacking.tolist(), strict=True
        )
    )
    return ServicesFound(
        hubs,
        tuple(sorted(shown, key=lambda of: (-of.euros, of.name))),
        served,
        round(answer.cost_per_year),
        budget_asked(question),
        answer.gap_share,
        answer.taken_s,
    )
