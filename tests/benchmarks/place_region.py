"""The best 1 to 10 hubs of the embedded region, written to docs/placement.md and docs/placement.svg.

`PYTHONPATH=.:tests .venv/bin/python -m benchmarks.place_region [YEAR]`; a year other than the data's needs a region with
figures of that year.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from matplotlib import pyplot as plt

from accessibility.travel_times import TravelMode
from accessibility.world import World, open_world
from data.columns import Int32s
from data.features import load_facility_kinds
from scenarios.apply import apply
from scenarios.edits import ChangeYear, Scenario
from scenarios.placement import AS_GOOD, Answer, best_answer
from scenarios.placement_report import mean_s
from scenarios.placement_search import Patience, never_told
from scenarios.placement_sites import place_sites, usable
from scenarios.placement_task import Demand, LeastTime, Rules, Sites, Task
from scenarios.placement_times import Group, counted, demand, origin_names, some_origins, times

DOCS = Path(__file__).resolve().parents[2] / "docs"
REGION = "zuid-oost-drenthe"
KINDS = {"gp": "GP", "supermarket": "supermarket"}
MODES = {"bike": "by bike", "ebike": "by e-bike", "transit": "by bus"}
NUMBERS = range(1, 11)
UNREACHED_S = 2 * 3600.0
"""What reaching none by bus counts as: a stated choice, so that nobody is left out of the sum."""
PATIENT = Patience(120.0, time.perf_counter, never_told)


@dataclass(frozen=True, slots=True)
class Choice:
    """Answers for 1 to 10 hubs for one kind and mode, and what there is without."""

    kind: str
    mode: str
    before_s: float
    answers: list[Answer]


def main() -> None:
    """Place, draw and write."""
    world = open_world(REGION, lambda _label, _share: None)
    year = int(sys.argv[1]) if len(sys.argv) > 1 else None
    later = _in_year(world, year) if year else None
    sites, _ = usable(world, place_sites(world, 0.0))
    choices, changes = [], []
    for kind in KINDS:
        for mode in (mode for mode in world.modes if mode.name in MODES):
            task = question(world, sites, kind, mode)
            choice = Choice(kind, mode.name, _before_s(task), _answers(task))
            choices.append(choice)
            if later is not None:
                changes.append(_later(choice, task, later))
    _draw(world, choices)
    text = [_heading(world, sites), *map(_table, choices), _closing(year, choices, changes)]
    (DOCS / "placement.md").write_text("\n\n".join(text) + "\n", encoding="utf-8")


def question(world: World, sites: Sites, kind: str, mode: TravelMode) -> Task:
    """Least time of everybody in the region, from their population cells, to the nearest, hub or not."""
    rows = counted(world.residents)
    origins = some_origins(world.residents, rows)
    everybody = Group("all", origins.people.astype(np.float64), (mode,))
    found = {mode.name: times(world, kind, sites, origins, mode, 50.0)}
    asked = demand(origin_names(world, origins), [everybody], found)
    return Task(sites, asked, LeastTime(), Rules(1, unreached_s=UNREACHED_S))


def _answers(task: Task) -> list[Answer]:
    return [best_answer(replace(task, rules=replace(task.rules, n_hubs=number)), PATIENT) for number in NUMBERS]


def _before_s(task: Task) -> float:
    people, seconds = task.demand.people, np.minimum(task.demand.existing_s, UNREACHED_S)
    return float((people * seconds).sum() / people.sum())


def _in_year(world: World, year: int) -> World:
    after = apply(world, Scenario(edits=(ChangeYear(year=year),)), load_facility_kinds())
    if np.array_equal(after.residents.people_by_age, world.residents.people_by_age):
        sys.exit(f"There is no population of {year} in this region.")
    return after


def _later(choice: Choice, task: Task, later: World) -> list[Answer]:
    """The same question with the people of another year."""
    people: Int32s = later.residents.people[counted(_same_rows(later))]
    old = task.demand
    if len(people) != len(old.people):
        sys.exit("The population of that year is kept in other cells; adapt this script.")
    asked = Demand(old.name, people.astype(np.float64), old.existing_s, old.seconds)
    return _answers(replace(task, demand=asked)) if choice else []


def _same_rows(world: World) -> World:
    return world
