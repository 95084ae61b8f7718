"""Rounds of home care on the embedded region: processor time against ten seconds, and what a longer search still saves."""

from __future__ import annotations

import time
from dataclasses import replace

from benchmarks.measure import Row, dearer

from accessibility.asked import place_row
from accessibility.travel_network import Points
from accessibility.world import open_world
from data.parameters.home_care import load_home_care
from data.study_area.region_toml import embedded_regions
from scenarios.rounds.answer import answered
from scenarios.rounds.clients import Drawing, drawn
from scenarios.rounds.question import usual_question
from scenarios.rounds.solve import STEPS_PER_VISIT

BASE, MODE = "Exloo", "ebike"
TEAMS = ((40, 5), (80, 10))
"""Clients, and people in each of two shifts."""
BUDGET_MS = 10_000.0
LONGER = 5


def rows() -> list[Row]:
    """A plan for each team, the ways between all clients included."""
    world = open_world(embedded_regions()[0], lambda _label, _share: None)
    care, row = load_home_care(None), [place_row(world, BASE)]
    bases, table = Points(world.places.x_m[row], world.places.y_m[row]), list[Row]()
    for n_clients, staff in TEAMS:
        demand = drawn(world, care, bases, MODE, Drawing(n_clients))
        question = usual_question(care.staff, (BASE,), staff, MODE)
        answered(world, question, demand, 1)
        begun = time.thread_time()
        found = answered(world, question, demand)
        taken_ms = (time.thread_time() - begun) * 1000
        longer = answered(world, question, demand, LONGER * STEPS_PER_VISIT)
        title = f"rounds of home care, {len(found.plan.begin_s)} visits to {n_clients} clients, {staff} people in each of 2 shifts"
        saved = 1 - longer.costs.total_s / found.costs.total_s
        note = (
            f"{found.plan.n_planned} visits planned, {found.costs.total_s / 3600:.1f} hours of travel; {LONGER} times as many steps "
            f"save {saved:.1%}"
        )
        table.append(
            replace(dearer(title, world.region.name, "ten seconds", (taken_ms, BUDGET_MS), 1.0), note=note)
        )
    return table
