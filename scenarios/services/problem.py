"""A question of several services as the solver sees it: merged people, useful sizes, and what a choice comes to.

People are counted in hundredths, so that sums and flows are exact. People with the same sites within reach are one group.
A choice is a (C, K) table of bool: which of the K sizes of all services each site has, one of each service at most.

How many a choice serves is a flow from groups through sites with as much room as they have: who can go to several hubs goes
where there is room. Least use asks for a flow that brings every open service its number; where there is one, the largest flow
can be made from it by augmenting paths, which never take from a service what it has. So the two are looked at apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from data.columns import Bools, Floats, Int32s, Int64s, offsets
from scenarios.placement.problem import distinct_sets
from scenarios.placement.task import rows_of_ids
from scenarios.services.task import Offer, ServiceTask

UNIT = 100
"""Parts of a person."""
MOST_UNITS = 2**31 - 2
"""What a flow may come to."""


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """One service: groups with the same sites within reach, as ragged rows both ways.

    Attributes
    ----------
    kind, weight
        As in the offer.
    people
        (G,) int64, hundredths of persons.
    group_offset, site
        Sites of each group.
    site_offset, group
        Groups of each site, those with fewest sites first.
    sizes
        Rows of the K sizes that are its own.

    """

    kind: str
    weight: float
    people: Int64s
    group_offset: Int64s
    site: Int32s
    site_offset: Int64s
    group: Int32s
    sizes: slice

    @property
    def group_of(self) -> Int64s:
        """(N,) group of each row of `site`."""
        return np.repeat(np.arange(len(self.people)), np.diff(self.group_offset))

    def at_sites(self, people: Floats) -> Floats:
        """(C,) sums over the groups within reach of each site."""
        sums = np.concatenate([[0.0], np.cumsum(people[self.group])])
        return np.asarray(sums[self.site_offset[1:]] - sums[self.site_offset[:-1]])


@dataclass(frozen=True, slots=True, eq=False)
class ServicesProblem:
    """C sites in the order of their ids, K sizes of all services one after the other.

    Attributes
    ----------
    site
        (C,) rows of the task's sites.
    hub_cost, fixed, allowed
        (C,) euros per year, whether it must have a hub, whether it may.
    services
        In the order of the offers.
    size_cost, room, least
        (K,) euros per year, and hundredths of persons.
    useful
        (C, K) bool: enough people are within reach, and no cheaper size has room for all of them.
    budget, n_hubs
        As in the rules.

    """

    site: Int64s
    hub_cost: Floats
    fixed: Bools
    allowed: Bools
    services: tuple[Service, ...]
    size_cost: Floats
    room: Int64s
    least: Int64s
    useful: Bools
    budget: float
    n_hubs: int

    @property
    def service_of(self) -> Int64s:
        """(K,) row of the service of each size."""
        return np.repeat(
            np.arange(len(self.services)), [each.sizes.stop - each.sizes.start for each in self.services]
        )

    @property
    def nothing(self) -> Bools:
        """Choice without any hub."""
        return np.zeros(self.useful.shape, np.bool_)

    def cost(self, choice: Bools) -> float:
        """Euros per year of a choice."""
        return float(self.hub_cost[hubs_of(choice)].sum() + (choice @ self.size_cost).sum())

    def flows(self, choice: Bools) -> list[Flow]:
        """How many of each service are served, and where."""
        return [self.flow(service, choice, self.room) for service in self.services]

    def flow(self, service: Service, choice: Bools, room: Int64s) -> Flow:
        """Largest flow of one service; `room` is that of each size."""
        own = choice[:, service.sizes]
        return largest_flow(service, np.where(own, room[service.sizes], 0).sum(axis=1), hubs_of(own))

    def value(self, choice: Bools) -> float:
        """People who get a service within reach, times its weight."""
        return sum(
            service.weight * flow.served / UNIT
            for service, flow in zip(self.services, self.flows(choice), strict=True)
        )

    def keeps_to_rules(self, choice: Bools) -> bool:
        """Whether a choice is an answer at all."""
        is_open = hubs_of(choice)
        per_service = np.stack([choice[:, service.sizes].sum(axis=1) for service in self.services])
        return bool(
            self.cost(choice) <= self.budget + 1e-6
            and is_open.sum() <= self.n_hubs
            and not (is_open & ~self.allowed).any()
            and not (self.fixed & ~is_open).any()
            and per_service.max(initial=0) <= 1
            and all(self.used_enough(service, choice) for service in self.services)
        )

    def used_enough(self, service: Service, choice: Bools) -> bool:
        """Whether people can be spread so that every hub with the service has its least number of them."""
        flow = self.flow(service, choice, self.least)
        return flow.served == int(np.where(choice[:, service.sizes], self.least[service.sizes], 0).sum())


def hubs_of(choice: Bools) -> Bools:
    """(C,) whether each site has any of the sizes of a choice."""
    return np.asarray(choice.any(axis=1))


class Flow(NamedTuple):
    """Hundredths of persons who are served.

    Attributes
    ----------
    served
        In all.
    at_site, of_group
        (C,) at each site, (G,) of each group.

    """

    served: int
    at_site: Int64s
    of_group: Int64s


def largest_flow(service: Service, room: Int64s, is_open: Bools) -> Flow:
    """Largest flow from groups to the open sites, with (C,) room at each."""
    people = service.people
    used = is_open[service.site]
    tail, head = service.group_of[used], service.site[used].astype(np.int64)
    groups, tail = np.unique(tail, return_inverse=True)
    n_groups, n_sites = len(groups), len(room)
    source, sink = n_groups + n_sites, n_groups + n_sites + 1
    rows = np.concatenate([np.full(n_groups, source), tail, n_groups + np.arange(n_sites)])
    columns = np.concatenate([np.arange(n_groups), n_groups + head, np.full(n_sites, sink)])
    amount = np.concatenate([people[groups], people[groups][tail], np.minimum(room, MOST_UNITS)])
    graph = csr_array((amount.astype(np.int32), (rows, columns)), shape=(sink + 1, sink + 1))
    found = maximum_flow(graph, source, sink)
    into, out = (found.flow[[end], :].toarray()[0].astype(np.int64) for end in (sink, source))
    of_group = np.zeros(len(people), np.int64)
    of_group[groups] = out[:n_groups]
    return Flow(int(found.flow_value), -into[n_groups : n_groups + n_sites], of_group)


def reduce_task(task: ServiceTask) -> ServicesProblem:
    """Sort and merge a task that `check` has found no fault with."""
    sites = task.sites
    order = np.array(sorted(range(len(sites.id)), key=sites.id.__getitem__), np.int64)
    ids = tuple(sites.id[row] for row in order)
    sizes = [size for offer in task.offers for size in offer.sizes]
    ends = offsets(np.array([len(offer.sizes) for offer in task.offers]))
    services = tuple(
        _service(offer, order, slice(int(ends[row]), int(ends[row + 1])))
        for row, offer in enumerate(task.offers)
    )
    cost = np.array([size.cost_per_year for size in sizes])
    room = np.array([min(int(size.room * UNIT), MOST_UNITS) for size in sizes], np.int64)
    least = np.array([np.ceil(size.least_people * UNIT) for size in sizes], np.int64)
    n_hubs = len(order) if task.rules.n_hubs is None else task.rules.n_hubs
    allowed = ~rows_of_ids(ids, task.rules.forbidden)
    useful = allowed[:, None] & _useful(services, cost, room, least)
    return ServicesProblem(
        order,
        sites.cost_per_year[order],
        rows_of_ids(ids, task.rules.fixed),
        allowed,
        services,
        cost,
        room,
        least,
        useful,
        task.rules.budget,
        n_hubs,
    )


def _service(offer: Offer, order: Int64s, sizes: slice) -> Service:
    cover, of = distinct_sets(np.ascontiguousarray(offer.within[order][:, offer.people > 0].T))
    counted = np.rint(offer.people[offer.people > 0] * UNIT)
    people = np.bincount(of[of >= 0], counted[of >= 0], cover.n_sets).astype(np.int64)
    n_of_group = np.diff(cover.offset)
    group = np.repeat(np.arange(cover.n_sets), n_of_group)
    by_site = np.lexsort((group, n_of_group[group], cover.site))
    n_of_site = np.bincount(cover.site, minlength=len(order))
    return Service(
        offer.kind,
        offer.weight,
        people,
        cover.offset,
        cover.site,
        offsets(n_of_site),
        group[by_site].astype(np.int32),
        sizes,
    )


def _useful(services: tuple[Service, ...], cost: Floats, room: Int64s, least: Int64s) -> Bools:
    """(C, K) sizes that somebody would choose: a size loses from one that costs no more and has as much useful room."""
    columns: list[Bools] = []
    for service in services:
        near = service.at_sites(service.people.astype(np.float64))
        own = range(service.sizes.start, service.sizes.stop)
        for size in own:
            fine = (near >= least[size]) & (near > 0) & (room[size] > 0)
            for other in own:
                is_before = (cost[other], other) < (cost[size], size)
                if is_before and least[other] <= least[size]:
                    fine &= np.minimum(room[other], near) < np.minimum(room[size], near)
            columns.append(fine)
    return np.stack(columns, axis=1)
