"""Answers about rounds for people and programs: village by village, and stop by stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from accessibility.world import World
from data.clock import clock_text
from data.columns import Floats
from data.parameters.home_care import load_home_care
from scenarios.comparison.report import whole
from scenarios.rounds.answer import CareAnswer
from scenarios.rounds.clients import Demand
from scenarios.rounds.question import base_rows
from scenarios.rounds.task import NOT_PLANNED, Reason

REASONS: dict[Reason, str] = {
    "no_way": "no base has a way there and back",
    "no_shift": "may begin when nobody works",
    "too_far": "way, visit, break and way back do not fit into a shift",
    "no_room": "nobody has room for it",
}


def villages_table(before: CareAnswer, after: CareAnswer | None = None) -> pd.DataFrame:
    """One row per village with clients: clients, visits, those planned, and travel, also after a change if there is one."""
    world, demand = before.world, before.demand
    n_visits = np.bincount(demand.visits.client, minlength=len(demand.clients.id)).astype(np.int64)
    n_clients = before.by_place(np.ones(len(demand.clients.id)))
    rows = np.flatnonzero(n_clients > 0)
    places = world.places
    lon_deg, lat_deg = world.projection.to_lonlat(places.x_m[rows], places.y_m[rows])
    columns: dict[str, Any] = {
        "place_id": [places.id[row] for row in rows],
        "place": [places.name[row] for row in rows],
        "municipality": [places.municipality[row] for row in rows],
        "lon": lon_deg.round(5),
        "lat": lat_deg.round(5),
        "clients": n_clients[rows].astype(np.int64),
        "visits": before.by_place(n_visits)[rows].astype(np.int64),
        **_planned(before, rows, ""),
    }
    if after is not None:
        columns |= _planned(after, rows, "_after")
        difference = _per_client(after, rows) - _per_client(before, rows)
        columns["difference_s"] = whole(np.where(np.isfinite(difference), difference, np.inf))
    return pd.DataFrame(columns)


def _planned(answer: CareAnswer, rows: np.ndarray[Any, Any], end: str) -> dict[str, Any]:
    return {
        f"planned{end}": answer.by_place(answer.planned_by_client)[rows].astype(np.int64),
        f"travel{end}_s": whole(answer.by_place(answer.costs.client_s)[rows]),
        f"travel_per_client{end}_s": whole(_per_client(answer, rows)),
    }


def _per_client(answer: CareAnswer, rows: np.ndarray[Any, Any]) -> Floats:
    """Seconds of travel per client who is visited; inf where nobody of the village is."""
    visited = answer.by_place((answer.planned_by_client > 0).astype(np.float64))[rows]
    travel_s = answer.by_place(answer.costs.client_s)[rows]
    return np.where(visited > 0, travel_s / np.maximum(visited, 1), np.inf)


def plan_table(answers: Sequence[tuple[str, CareAnswer]]) -> pd.DataFrame:
    """One row per stop of every round of plans with a name, in order, and one per visit that is not planned."""
    return pd.DataFrame([row for name, answer in answers for row in _stops(name, answer)])


def _stops(name: str, answer: CareAnswer) -> list[dict[str, Any]]:
    plan, task, world = answer.plan, answer.task, answer.world
    bases = [world.places.name[row] for row in base_rows(world, answer.question)]
    rows: list[dict[str, Any]] = []
    for person, round_ in enumerate(plan.rounds):
        if not round_:
            continue
        ways, base = task.way_s(person, round_), bases[int(task.staff.base[person])]
        kept = {"plan": name, "person": person + 1, "base": base}
        leave, back = int(plan.leave_s[person]), int(plan.back_s[person])
        stops = [(leave, leave, 0.0, "leave", NOT_PLANNED)]
        stops += [
            (
                int(plan.begin_s[visit]),
                int(plan.begin_s[visit] + task.visits.care_s[visit]),
                way,
                "visit",
                visit,
            )
            for visit, way in zip(round_, ways[:-1], strict=True)
        ]
        stops.append((back, back, ways[-1], "back", NOT_PLANNED))
        if plan.break_s[person] != NOT_PLANNED:
            pause = int(plan.break_s[person])
            stops.append((pause, pause + int(task.staff.break_s[person]), 0.0, "break", NOT_PLANNED))
        stops.sort(key=lambda stop: stop[:2])
        for number, (begin, end, way, act, visit) in enumerate(stops, start=1):
            times = {"begin": clock_text(begin), "end": clock_text(end), "travel_s": round(way)}
            rows.append(kept | {"stop": number, "act": act, **_who(answer, visit), **times, "reason": ""})
    for visit, reason in enumerate(plan.reason):
        if reason:
            kept = {"plan": name, "person": 0, "base": "", "stop": 0, "act": "not planned"}
            times = {"begin": "", "end": "", "travel_s": 0}
            rows.append(kept | _who(answer, visit) | times | {"reason": REASONS[reason]})
    return rows


def _who(answer: CareAnswer, visit: int) -> dict[str, str]:
    if visit == NOT_PLANNED:
        return {"client": "", "place": ""}
    clients = answer.demand.clients
    row = int(answer.demand.visits.client[visit])
    place = int(clients.place[row])
    return {"client": clients.id[row], "place": answer.world.places.name[place] if place >= 0 else ""}


def answer_lines(answer: CareAnswer) -> list[str]:
    """What a plan comes to, and which visits are left out and why."""
    plan, n_visits = answer.plan, len(answer.plan.begin_s)
    n_staff, per_client = len(plan.rounds), answer.travel_per_client_s
    bases = [answer.world.places.name[row] for row in base_rows(answer.world, answer.question)]
    told = f"From {', '.join(bases)} by {answer.question.mode}: {plan.n_planned} of {n_visits} visits to {len(answer.demand.clients.id)} clients"
    lines = [f"{told}, by {plan.n_staff} of {n_staff} people."]
    if plan.n_planned:
        lines.append(
            f"  {per_client / 60:.1f} min of travel a day for each client who is visited; {answer.costs.travel_share:.0%} of the time "
            f"on the way and at clients, {answer.costs.total_s / 3600:.1f} hours in all."
        )
    lines += [
        f"  Not planned: {answer.n_left_out(reason)} visits, as: {words}."
        for reason, words in REASONS.items()
        if answer.n_left_out(reason)
    ]
    return lines


def basis_line(world: World, demand: Demand) -> str:
    """Say where the clients come from, and what is assumed about them."""
    n_clients, n_visits = len(demand.clients.id), len(demand.visits.client)
    if np.isnan(demand.people):
        return f"{n_clients} clients of the list, {n_visits} visits a day."
    assumed = load_home_care(world.region.folder).assumed
    told = f" Visits are assumed ({', '.join(assumed)}): see home_care.toml." if assumed else ""
    return (
        f"{n_clients} clients drawn from about {demand.people:,.0f} people with home care around the bases, {n_visits} visits a "
        f"day.{told}"
    )


def difference_line(before: CareAnswer, after: CareAnswer) -> str:
    """What a change does to the travel of each client, where anybody is visited both times."""
    old, new = before.travel_per_client_s, after.travel_per_client_s
    visits = after.plan.n_planned - before.plan.n_planned
    told = f"Visits planned: {visits:+d}."
    if not np.isfinite(old + new):
        return told
    return f"Travel per client: {(new - old) / 60:+.1f} min a day. {told}"
