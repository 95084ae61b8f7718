"""The best 1 to 10 hubs of the embedded region, written to docs/placement.md and docs/placement.png.

`PYTHONPATH=.:tests .venv/bin/python -m benchmarks.place_region [YEAR]`; with YEAR, what changes with the people of that year,
if the region has figures of it.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from accessibility.travel_times import TravelMode
from accessibility.world import World, open_world
from data.columns import Floats
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.edits.apply import apply
from scenarios.edits.people import ChangeYear
from scenarios.edits.scenario import Scenario
from scenarios.placement.incumbent import TimeLimit, ignore_progress
from scenarios.placement.sites import place_sites, usable
from scenarios.placement.solve import AS_GOOD, Answer, best_answer
from scenarios.placement.task import LeastTime, Rules, Sites, Task
from scenarios.placement.times import Group, Times, counted, demand, origin_names, some_origins, times
from support.files import DOCS

REGION = "zuid-oost-drenthe"
KINDS = {"gp": "GP", "supermarket": "Supermarket"}
MODES = {"bike": "by bike", "ebike": "by e-bike", "transit": "by bus or on foot"}
NUMBERS = range(1, 11)
N_RUNNERS = 3
UNREACHED_S = 2 * 3600.0
"""What reaching none counts as: a stated choice, so that nobody is left out of the sum."""
ASKED = """\
## What can be asked

| | on the page "Waar een hub?" | `dorpshub place` |
|---|---|---|
| people | all, 75 and over, without a car; in cells | any share of each age band, weights per visit; places or cells |
| how they travel | one mode, or bus or bike without a car and whatever is quickest with one | any modes for any group, `--group` |
| sites | places, village halls, schools, spots clicked on the map | those, closed facilities, and a list of one's own |
| what is best | people within a limit, time, the worst-off, fewest hubs | also time beyond a limit, equity, least cost |
| conditions | sites fixed and forbidden, distance, least and most people per hub (least in 2040 as well), budget | also shares of ages and a longest time |
| distance | door to door, the median of the window by bus | any percentile, or the time away from home, `--round-trips` |
| starts from | the visitor's own scenario | `--scenario` |
| trade-offs | 1 to 10 hubs; against the longest trip in steps of a minute | `--frontier cost` or `worst`, every one |
| how sure | each assumption at its ends and drawn together, modelled services elsewhere, halfway and last year of the forecast | the same, `--robust` |

Which other sites are as good is settled both ways: swaps find sets, bounds exclude sites, and what is left between the two is
asked of the exact search with that site fixed. Shares are of the value; where people within a limit are counted, of those
whom the hubs bring there: the many who are there already would make every choice look alike.

The share of people without a car (data/parameters/behaviour.toml) is one of the Netherlands by age, shifted by the cars of the district, so a mix of modes is modelled. All sites
cost the same on the page; a list of sites with costs of their own needs the command line. Weights of the objectives
cannot be mixed: a frontier shows what each gives up for the other."""
PATIENT = TimeLimit(120.0, time.perf_counter, ignore_progress)


@dataclass(frozen=True, slots=True)
class Choice:
    """Answers for 1 to 10 hubs for one kind and mode, now and, if asked, with the people of a later year."""

    kind: str
    mode: str
    now: list[Answer]
    later: list[Answer]


def main() -> None:
    """Place, draw and write."""
    year = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    world = open_world(REGION, lambda _label, _share: None)
    years = [world, _in_year(world, year)] if year else [world]
    sites, _ = usable(world, place_sites(world, 0.0))
    choices = []
    for kind in KINDS:
        for mode in (mode for mode in world.modes if mode.name in MODES):
            rows = counted(world.residents)
            found = times(world, kind, sites, some_origins(world.residents, rows), mode, 50.0)
            answers = [_answers(question(of, world, sites, mode, found)) for of in years]
            choices.append(Choice(kind, mode.name, answers[0], answers[1] if year else []))
            sys.stdout.write(f"{kind} {mode.name}\n")
    _draw(world, choices)
    text = [_heading(world, sites), *map(_table, choices), _later(year, choices)]
    (DOCS / "placement.md").write_text("\n\n".join(text) + "\n", encoding="utf-8")


def question(people_of: World, world: World, sites: Sites, mode: TravelMode, found: Times) -> Task:
    """Least time of everybody in the region, from the population cells of `world` to the nearest, hub or not."""
    origins = some_origins(people_of.residents, counted(world.residents))
    everybody = Group("all", origins.people.astype(np.float64), (mode,))
    asked = demand(origin_names(world, origins), [everybody], {mode.name: found})
    return Task(sites, asked, LeastTime(), Rules(1, unreached_s=UNREACHED_S))


def _answers(task: Task) -> list[Answer]:
    return [
        best_answer(replace(task, rules=replace(task.rules, n_hubs=number)), PATIENT) for number in NUMBERS
    ]


def _in_year(world: World, year: int) -> World:
    after = apply(world, Scenario(edits=(ChangeYear(year=year),)), load_facility_kinds())
    if np.array_equal(after.residents.people_by_age, world.residents.people_by_age):
        sys.exit(f"There is no population of {year} in this region.")
    return after


def _heading(world: World, sites: Sites) -> str:
    date = world.region.layer("places")[0].date[:4]
    return f"""# Best hubs of the embedded region

Written by `python -m benchmarks.place_region`; do not edit. Streets and buses of this region are modelled, and
where in its village a GP practice stands: read the tables as what the method gives, not as advice.

Question: with 1 to 10 hubs in the {len(sites.id)} places of the region, which places make the time of all inhabitants ({date},
{len(counted(world.residents)):,} cells of 100 m) to the nearest GP or supermarket, old or new, least in all? By bus the time
to each is the median over the departures from 9 to 11; reaching none counts as {UNREACHED_S / 3600:.0f} hours. Every row is
the optimum, with a bound that proves it, unless a gap is stated. "As good within 1 %": places that can replace one of the
chosen and make all person-minutes together at most 1 % more.

![Ten hubs for each kind and mode](placement.png)

{ASKED}"""


def _table(choice: Choice) -> str:
    first = choice.now[0].task.demand
    before_s = np.minimum(first.existing_s, UNREACHED_S)
    head = (
        f"## {KINDS[choice.kind]}, {MODES[choice.mode]}\n\n"
        f"Without hubs: {_mean_min(before_s, first.people):.2f} min on average.\n\n"
        "| hubs | where, those of the row above unless marked | mean, min | gap | search, s | as good within 1 % |\n"
        "|--:|---|--:|--:|--:|---|"
    )
    lines, last = [], set[str]()
    for answer in choice.now:
        gap = "-" if answer.is_proved else f"{answer.gap_share:.3%}"
        lines.append(
            f"| {len(answer.chosen)} | {_change(last, answer)} | {_mean_min(answer.seconds, first.people):.2f} | {gap} "
            f"| {answer.taken_s:.1f} | {_alternatives(answer)} |"
        )
        last = set(answer.ids)
    return "\n".join([head, *lines])


def _names(answer: Answer, ids: set[str]) -> str:
    sites = answer.task.sites
    return ", ".join(sites.name[row] for row in answer.chosen if sites.id[row] in ids)


def _change(last: set[str], answer: Answer) -> str:
    """What is added to the row above, and what leaves it."""
    sites = answer.task.sites
    gone = ", ".join(sites.name[sites.id.index(name)] for name in sorted(last - set(answer.ids)))
    return f"+ {_names(answer, set(answer.ids) - last)}" + (f", without {gone}" if gone else "")


def _alternatives(answer: Answer) -> str:
    sites, others = answer.task.sites, answer.alternatives
    name = dict(zip(sites.id, sites.name, strict=True))
    as_good = [
        f"{name[site]} for {name[other]} ({loss:.2%})"
        for site, other, loss in zip(others.id, others.instead_of, others.loss_share, strict=True)
        if loss <= AS_GOOD
    ]
    more = f" and {len(as_good) - N_RUNNERS} more" if len(as_good) > N_RUNNERS else ""
    return ", ".join(as_good[:N_RUNNERS]) + more


def _mean_min(seconds: Floats, people: Floats) -> float:
    return float((np.minimum(seconds, UNREACHED_S) * people).sum() / people.sum() / 60)


def _later(year: int, choices: list[Choice]) -> str:
    if not year:
        return "## A later year\n\nNot asked for: run the script with the year, 2040 for instance."
    head = (
        f"## What changes in {year}\n\nThe same sites, facilities and times with the people of {year}.\n\n"
        f"| kind | mode | hubs | leave the choice | enter it | the choice of now costs in {year} |\n|---|---|--:|---|---|--:|"
    )
    lines = []
    for choice in choices:
        for now, later in zip(choice.now, choice.later, strict=True):
            gone, come = set(now.ids) - set(later.ids), set(later.ids) - set(now.ids)
            people = later.task.demand.people
            regret = _mean_min(now.seconds, people) / _mean_min(later.seconds, people) - 1
            if gone or come:
                lines.append(
                    f"| {KINDS[choice.kind]} | {MODES[choice.mode]} | {len(now.chosen)} | {_names(now, gone)} "
                    f"| {_names(later, come)} | {regret:.3%} more |"
                )
    return "\n".join([head, *lines, "", "All other choices stay as they are."])


def _draw(world: World, choices: list[Choice]) -> None:
    """A map for each kind and mode: the ten hubs, numbered in the order in which they first appear."""
    import matplotlib as mpl  # noqa: PLC0415 -- only for the benchmarks

    mpl.use("agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415 -- after the choice of what it draws with

    figure, panels = plt.subplots(2, 3, figsize=(12, 9.5), layout="constrained")
    for panel, choice in zip(panels.flat, choices, strict=True):
        _draw_one(panel, world, choice)
    figure.savefig(DOCS / "placement.png", dpi=90, metadata={"Software": None})
    plt.close(figure)


def _draw_one(panel: Any, world: World, choice: Choice) -> None:
    for outline in world.outlines:
        for ring in outline.rings:
            panel.plot(*np.array(ring).T, color="0.6", linewidth=0.7)
    inside = world.places.in_region
    size = np.sqrt(world.places.inhabitants[inside]) / 6
    lon_deg, lat_deg = world.projection.to_lonlat(world.places.x_m[inside], world.places.y_m[inside])
    panel.scatter(lon_deg, lat_deg, s=size, color="0.75", linewidths=0)
    sites, answer = choice.now[-1].task.sites, choice.now[-1]
    lon_deg, lat_deg = world.projection.to_lonlat(sites.x_m[answer.chosen], sites.y_m[answer.chosen])
    panel.scatter(lon_deg, lat_deg, s=30, color="#0b5fa5", zorder=3)
    for row, lon, lat in zip(answer.chosen, lon_deg, lat_deg, strict=True):
        first = next(number for number, of in zip(NUMBERS, choice.now, strict=True) if row in of.chosen)
        label = f"{first} {sites.name[row]}"
        # To the left of a hub with another one close by on its right.
        is_crowded = ((lon_deg > lon) & (lon_deg < lon + 0.15) & (np.abs(lat_deg - lat) < 0.03)).any()
        place = {"xytext": (-4, 3), "ha": "right"} if is_crowded else {"xytext": (4, 3), "ha": "left"}
        panel.annotate(label, (lon, lat), textcoords="offset points", fontsize=6.5, **place)
    panel.set_aspect(1 / np.cos(np.radians(52.8)))
    panel.set_axis_off()
    panel.set_title(f"{KINDS[choice.kind]}, {MODES[choice.mode]}", fontsize=10)


if __name__ == "__main__":
    main()
