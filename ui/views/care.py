"""Rounds of home care as plain values: what the page asks, and what was found."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from accessibility.asked import modes_in
from accessibility.travel_network import Points, snap_points
from accessibility.world import World
from data.parameters.home_care import load_home_care
from network.hierarchy.street_paths import street_paths
from scenarios.edits.base import Spot
from scenarios.rounds.answer import CareAnswer, answered, compared
from scenarios.rounds.clients import Drawing, drawn
from scenarios.rounds.question import CareQuestion, base_rows, usual_question
from scenarios.rounds.task import Reason
from ui.views.care_link import CARE_MODES, CareChoices

REASONS: tuple[Reason, ...] = ("no_way", "no_shift", "too_far", "no_room")
DECIMALS = 5


@dataclass(frozen=True, slots=True)
class CarePlan:
    """A plan in figures.

    Attributes
    ----------
    base
        Name of the place.
    staff, staff_out
        People in all shifts together, and those of them who go out.
    visits, planned
        A day.
    per_client_min
        Minutes of travel a day for each client who is visited; None where nobody is.
    travel_share
        Of the time on the way and at clients.
    km
        All ways together.
    left_out
        Visits that are not planned, by reason.

    """

    base: str
    staff: int
    staff_out: int
    visits: int
    planned: int
    per_client_min: float | None
    travel_share: float
    km: float
    left_out: tuple[tuple[Reason, int], ...]


@dataclass(frozen=True, slots=True)
class CareVillage:
    """A village with clients; minutes of travel for each who is visited, None where nobody is, or there is no plan after."""

    row: int
    name: str
    municipality: str
    clients: int
    visits: int
    planned: int
    before_min: float | None
    planned_after: int
    after_min: float | None


@dataclass(frozen=True, slots=True)
class CareRound:
    """Who goes when, by which way (longitude and latitude)."""

    person: int
    leave_s: int
    back_s: int
    visits: int
    line: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class CareView:
    """What the page shows of an answer.

    Attributes
    ----------
    clients, people
        How many were drawn, from how many with home care around the base.
    before, after
        Plans; `after` is None where nothing is changed.
    villages
        Those with clients, most clients first.
    rounds
        Of the plan after the change, if there is one.
    base_spot, mode
        From where they go, and how.
    shifts
        From when to when people work, seconds after midnight.
    assumed
        Whether visits are assumed.

    """

    clients: int
    people: int
    before: CarePlan
    after: CarePlan | None
    villages: tuple[CareVillage, ...]
    rounds: tuple[CareRound, ...]
    base_spot: Spot
    mode: str
    shifts: tuple[tuple[int, int], ...]
    assumed: bool


def care_modes(world: World) -> tuple[str, ...]:
    """Ways of going round that the traveller has."""
    return tuple(mode for mode in CARE_MODES if mode in modes_in(world))


def first_base(world: World) -> str:
    """Id of the place that the page begins with: that with most people of 75 and over."""
    inside = np.where(world.places.in_region, world.places.inhabitants_by_age[:, 3], -1)
    return world.places.id[int(inside.argmax())]


def usual_clients(world: World) -> int:
    """How many clients a team has where nothing else is asked."""
    return load_home_care(world.region.folder).clients.n_clients


def care_questions(world: World, chosen: CareChoices) -> tuple[CareQuestion, CareQuestion]:
    """What is asked before and after a change."""
    known, base = load_home_care(world.region.folder).staff, chosen.base or first_base(world)
    return (
        usual_question(known, (base,), chosen.staff, chosen.mode),
        usual_question(known, (chosen.then_base or base,), chosen.then_staff or chosen.staff, chosen.mode),
    )


def care_view(
    before: World, after: World, chosen: CareChoices, on_share: Callable[[float], bool], steps_per_visit: int
) -> CareView:
    """Plan the rounds without and with a change.

    Raises
    ------
    DorpshubError
        When the question contradicts itself, or nothing can be planned.

    """
    care = load_home_care(before.region.folder)
    first, then = care_questions(before, chosen)
    row = base_rows(before, first)
    bases = Points(before.places.x_m[row], before.places.y_m[row])
    drawing = Drawing(chosen.clients or care.clients.n_clients)
    demand = drawn(before, care, bases, chosen.mode, drawing)
    if first == then and before is after:
        answers = [answered(before, first, demand, steps_per_visit, on_share)]
    else:
        answers = list(compared((before, first), (after, then), demand, steps_per_visit, on_share))
    ways = [_ways(answer) for answer in answers]
    (base,) = base_rows(answers[-1].world, answers[-1].question)
    places = before.places
    lon, lat = before.projection.to_lonlat(places.x_m[[base]], places.y_m[[base]])
    return CareView(
        clients=len(demand.clients.id),
        people=round(demand.people),
        before=_figures(answers[0], ways[0]),
        after=_figures(answers[1], ways[1]) if len(answers) > 1 else None,
        villages=_villages(answers),
        rounds=_rounds(answers[-1], ways[-1]),
        base_spot=(round(float(lon[0]), DECIMALS), round(float(lat[0]), DECIMALS)),
        mode=chosen.mode,
        shifts=first.shifts,
        assumed=bool(care.assumed),
    )


@dataclass(frozen=True, slots=True)
class _Ways:
    """Lines and metres of the legs of every round."""

    xy: tuple[tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], ...], ...]
    metres: float


def _ways(answer: CareAnswer) -> _Ways:
    """Legs of the rounds over the streets; one that cannot be drawn is left out of the line."""
    world, task = answer.world, answer.task
    rows, clients = base_rows(world, answer.question), answer.demand.clients
    points = Points(
        np.concatenate([world.places.x_m[rows], clients.x_m]),
        np.concatenate([world.places.y_m[rows], clients.y_m]),
    )
    legs = []
    for person, round_ in enumerate(answer.plan.rounds):
        base = int(task.staff.base[person])
        stops = [base, *(int(task.stop[visit]) for visit in round_), base] if round_ else []
        legs.append(list(itertools.pairwise(stops)))
    street = answer.question.mode
    at = snap_points(world.network, street, points)
    moving = [leg for round_ in legs for leg in round_ if leg[0] != leg[1]]
    found = street_paths(world.network.streets, world.network.row(street), at, at, moving)
    lines = tuple(tuple(found[leg].xy for leg in round_ if leg in found) for round_ in legs)
    return _Ways(lines, sum(found[leg].metres for leg in moving if leg in found))


def _figures(answer: CareAnswer, ways: _Ways) -> CarePlan:
    per_client_s = answer.travel_per_client_s
    (base,) = base_rows(answer.world, answer.question)
    return CarePlan(
        base=answer.world.places.name[base],
        staff=len(answer.plan.rounds),
        staff_out=answer.plan.n_staff,
        visits=len(answer.plan.begin_s),
        planned=answer.plan.n_planned,
        per_client_min=per_client_s / 60 if np.isfinite(per_client_s) else None,
        travel_share=answer.costs.travel_share,
        km=ways.metres / 1000,
        left_out=tuple((why, answer.n_left_out(why)) for why in REASONS if answer.n_left_out(why)),
    )


def _villages(answers: list[CareAnswer]) -> tuple[CareVillage, ...]:
    first = answers[0]
    demand, places = first.demand, first.world.places
    n_clients = first.by_place(np.ones(len(demand.clients.id)))
    n_visits = first.by_place(np.bincount(demand.visits.client, minlength=len(demand.clients.id)))
    found = []
    for row in np.flatnonzero(n_clients).tolist():
        told = [_of_place(answer, row) for answer in answers]
        planned_after, after_min = told[1] if len(told) > 1 else (told[0][0], None)
        found.append(
            CareVillage(
                row,
                places.name[row],
                places.municipality[row],
                int(n_clients[row]),
                int(n_visits[row]),
                told[0][0],
                told[0][1],
                planned_after,
                after_min,
            )
        )
    return tuple(sorted(found, key=lambda village: (-village.clients, village.name)))


def _of_place(answer: CareAnswer, row: int) -> tuple[int, float | None]:
    """Planned visits of a place, and minutes of travel for each client there who is visited."""
    own = answer.demand.clients.place == row
    visited = int(np.count_nonzero(answer.planned_by_client[own]))
    travel_s = float(answer.costs.client_s[own].sum())
    return int(answer.planned_by_client[own].sum()), travel_s / visited / 60 if visited else None


def _rounds(answer: CareAnswer, ways: _Ways) -> tuple[CareRound, ...]:
    found = []
    for person, round_ in enumerate(answer.plan.rounds):
        if not round_:
            continue
        line = np.concatenate([*ways.xy[person], np.empty((0, 2))])
        lon, lat = answer.world.projection.to_lonlat(line[:, 0].copy(), line[:, 1].copy())
        spots = zip(lon.round(DECIMALS).tolist(), lat.round(DECIMALS).tolist(), strict=True)
        leave, back = int(answer.plan.leave_s[person]), int(answer.plan.back_s[person])
        found.append(CareRound(person + 1, leave, back, len(round_), tuple(spots)))
    return tuple(found)
