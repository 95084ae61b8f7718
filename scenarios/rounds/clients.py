"""Clients of home care: drawn from the people of the villages around a base, or read from a list."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from accessibility.asked import mode_of
from accessibility.travel_network import Points, street_matrix
from accessibility.world import World
from data.columns import Bools, Floats
from data.errors import InputError, ScenarioError
from data.files.care_visits import CareVisitRows, read_care_visits
from data.parameters.home_care import HomeCare
from scenarios.rounds.task import Clients, Visits

WITHIN_MIN = 20.0
"""Minutes from the nearest base within which clients are drawn, where nothing else is asked: an assumption."""


class Demand(NamedTuple):
    """Clients and their visits; how many people with home care they were drawn from, nan for a list."""

    clients: Clients
    visits: Visits
    people: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """How clients are drawn.

    Attributes
    ----------
    n_clients
        How many.
    within_min
        Minutes, there and back apart, within which the nearest base is.
    seed
        Another draws others; with one seed fewer clients are the first of more.

    """

    n_clients: int
    within_min: float = WITHIN_MIN
    seed: int = 1


def drawn(world: World, care: HomeCare, bases: Points, mode: str, drawing: Drawing) -> Demand:
    """Clients of a team: people with home care, as likely by age, around the bases.

    Everybody of an age has the same chance, wherever he or she lives; who has more visits a day is drawn apart. In the
    world without a scenario, so that before and after have the same clients.

    Raises
    ------
    InputError
        When a number means nothing.
    ScenarioError
        When fewer people have home care there than are to be drawn.

    """
    if drawing.n_clients < 1 or not drawing.within_min > 0:
        msg = f"{drawing.n_clients} clients within {drawing.within_min:g} minutes: ask for 1 or more, within more than 0."
        raise InputError(msg)
    homes = world.residents
    near = homes.in_region & _near(world, mode, bases, homes.points, drawing.within_min * 60)
    share = np.array(care.clients.share_by_age)
    by_age = np.where(near[:, None], homes.people_by_age, 0)
    people = float((by_age * share).sum())
    if people < drawing.n_clients:
        msg = (
            f"About {people:,.0f} people have home care within {drawing.within_min:g} minutes of a base by {mode}, fewer than the "
            f"{drawing.n_clients} clients to draw. Draw fewer, or from farther around."
        )
        raise ScenarioError(msg)
    home, band = np.nonzero(by_age * (share > 0))
    count = by_age[home, band]
    home, chance = np.repeat(home, count), np.repeat(share[band], count)
    random = np.random.default_rng(drawing.seed)
    # Who has the least of exponential times with these rates comes first: each next one is drawn by chance from those left.
    order = np.argsort(random.exponential(size=len(home)) / chance, kind="stable")
    chosen = home[order[: drawing.n_clients]]
    # Two numbers each, so that one more client changes nothing for those before.
    often = np.random.default_rng((drawing.seed, 1)).random(drawing.n_clients)
    clients = Clients(
        tuple(f"client-{number}" for number in range(1, drawing.n_clients + 1)),
        homes.place[chosen].astype(np.int32),
        homes.points.x_m[chosen],
        homes.points.y_m[chosen],
    )
    rows = [
        (client, visit.care_min * 60, *visit.begin_s)
        for client in range(drawing.n_clients)
        for visit in care.visits
        if often[client] < visit.share
    ]
    return Demand(clients, visits_of(rows), people)


def _near(world: World, mode: str, bases: Points, homes: Points, limit_s: float) -> Bools:
    """(O,) bool, whether some base is that near, there and back."""
    street = mode_of(world, mode).street
    out_s: Floats = street_matrix(world.network, street, bases, homes, limit_s)
    home_s: Floats = street_matrix(world.network, street, homes, bases, limit_s)
    return np.asarray((np.isfinite(out_s) & np.isfinite(home_s.T)).any(axis=0))


def visits_of(rows: list[tuple[int, int, int, int]]) -> Visits:
    """Visits of rows of client, seconds of care, and from and until when it may begin."""
    if not rows:
        raise ScenarioError("Nobody is to be visited: none of the clients drawn has a visit.")
    client, care_s, earliest_s, latest_s = np.array(rows, np.int64).T.copy()
    return Visits(client.astype(np.int32), care_s, earliest_s, latest_s)


def listed(world: World, path: Path) -> Demand:
    """Clients and visits of a list, see `data.files.care_visits`; errors as there."""
    return demand_of(world, read_care_visits(path, world.places, world.projection))


def demand_of(world: World, rows: CareVisitRows) -> Demand:
    """Clients of rows of visits; one without a village belongs to the nearest place."""
    ids = list(dict.fromkeys(rows.client))
    first = np.array([rows.client.index(id_) for id_ in ids])
    number = {id_: at for at, id_ in enumerate(ids)}
    x_m, y_m = rows.x_m[first], rows.y_m[first]
    places = world.places
    away = np.hypot(x_m[:, None] - places.x_m, y_m[:, None] - places.y_m)
    place = np.where(rows.place[first] >= 0, rows.place[first], away.argmin(axis=1)).astype(np.int32)
    visits = Visits(
        np.array([number[id_] for id_ in rows.client], np.int32),
        rows.care_s,
        rows.earliest_s,
        rows.latest_s,
    )
    return Demand(Clients(tuple(ids), place, x_m, y_m), visits, float("nan"))
