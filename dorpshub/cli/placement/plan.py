"""The verb `plan`: which hub first, for the money of every year."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Literal, TypedDict, Unpack

from accessibility.asked import mode_of
from accessibility.world import World
from data.files.whole import write_file
from data.parameters.behaviour import load_behaviour
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.hub_services import load_hub_services
from data.parameters.plan import load_plan
from dorpshub.cli import typed
from dorpshub.cli.options import write_result
from dorpshub.cli.placement.question import age_weights, groups_of, sites_named
from dorpshub.cli.source import Source, basis, show_report
from scenarios.comparison.report import about
from scenarios.edits.json_text import to_json
from scenarios.placement.incumbent import TimeLimit, ignore_progress
from scenarios.placement.question import CarShare, Goal, PlacementQuestion, Start, TravelGroup
from scenarios.plan.question import (
    PlanQuestion,
    planned_years,
    setting_of,
    task_in,
)
from scenarios.plan.regret import regret
from scenarios.plan.solve import best_plan, quick_plan
from scenarios.plan.tables import as_scenario, plan_lines, plan_table, years_table

IN_A_YEAR = re.compile(r"(?P<site>.+):(?P<year>[12][0-9]{3})", re.ASCII)
GOALS: dict[str, Goal] = {"people": "coverage", "time": "median", "beyond": "excess"}


class PlanOptions(TypedDict):
    """Options of the verb, as click hands them over."""

    budget: float
    first_year: int | None
    last_year: int | None
    carry_over: bool
    opening_cost: float | None
    hub_cost: float | None
    discount_rate: float | None
    cars_change: float | None
    per_year: int | None
    hubs: int | None
    goal: Literal["people", "time", "beyond"]
    kind: str
    offers: str
    modes: str
    groups: tuple[str, ...]
    without_car: bool
    age_weights: str
    limit_min: float
    unreached_min: float
    where: Start
    sites: str
    fix: tuple[str, ...]
    forbid: tuple[str, ...]
    percentile: float
    time_limit: float
    quick: bool
    no_regret: bool
    out: Path
    years_out: Path | None
    scenario_out: Path | None


def plan(source: Source, **options: Unpack[PlanOptions]) -> None:
    """Say which hub opens in which year."""
    progress = source.progress()
    before, scenario, _ = source.opened()
    question = _question(options, before)
    for name in question.placement.modes:
        mode_of(before, name)  # refuses what the traveller does not have
    setting = setting_of(question, before, scenario, load_facility_kinds())
    if not source.quiet:
        show_report(setting.report)
    task = task_in(setting, progress)
    limit = TimeLimit(options["time_limit"], time.perf_counter, ignore_progress)
    answer = quick_plan(task, limit) if options["quick"] else best_plan(task, limit)
    lost = None if options["quick"] or options["no_regret"] else regret(answer, limit)
    last = setting.at_end
    write_result(options["out"], plan_table(last, answer, lost), about(last, "plan"))
    if options["years_out"]:
        write_result(options["years_out"], years_table(answer, scenario), about(last, "plan_years"))
    lines = plan_lines(last, question, scenario, answer, lost)
    if options["scenario_out"]:
        kinds = tuple(typed.kinds(options["offers"] or options["kind"]))
        name = f"Plan {question.first_year}-{question.last_year}, {len(answer.site)} hubs, {options['kind']}"
        note = " ".join(line.strip() for line in lines)
        _write(options["scenario_out"], to_json(as_scenario(last, answer, scenario, kinds, name, note)))
    source.tell([*lines, f"Hub by hub in {options['out']}. {basis(last)}"])


def _question(options: PlanOptions, world: World) -> PlanQuestion:
    folder = world.region.folder
    known, first, last = load_plan(folder), options["first_year"], options["last_year"]
    hub_cost = (
        load_hub_services(folder).hub.cost_per_year if options["hub_cost"] is None else options["hub_cost"]
    )
    in_a_year = [IN_A_YEAR.fullmatch(text) for text in options["fix"]]
    placement = PlacementQuestion(
        kind=typed.kind(options["kind"], "write one kind; --offers takes several."),
        groups=_groups(options, folder),
        goal=GOALS[options["goal"]],
        limit_s=options["limit_min"] * 60,
        hubs=options["hubs"],
        sites=sites_named(options["sites"]),
        cost=hub_cost,
        fixed=tuple(text for text, of in zip(options["fix"], in_a_year, strict=True) if of is None),
        forbidden=options["forbid"],
        unreached_s=options["unreached_min"] * 60,
        age_weights=age_weights(options["age_weights"]),
        start=options["where"],
        percent=options["percentile"],
    )
    usual = planned_years(world)
    return PlanQuestion(
        placement,
        usual[0] if first is None else first,
        usual[1] if last is None else last,
        options["budget"],
        options["carry_over"],
        known.opening.cost if options["opening_cost"] is None else options["opening_cost"],
        known.discount.rate_share if options["discount_rate"] is None else options["discount_rate"],
        options["per_year"],
        tuple((of["site"], int(of["year"])) for of in in_a_year if of is not None),
        known.cars.change_share if options["cars_change"] is None else options["cars_change"],
    )


def _groups(options: PlanOptions, folder: Path) -> tuple[TravelGroup, ...]:
    """Travellers, or those of them without a car."""
    groups = groups_of(options["groups"], options["modes"])
    if not options["without_car"]:
        return groups
    share = CarShare(load_behaviour(folder).without_car, has_car=False)
    return tuple(group._replace(asked_car=share, everybody_car=share) for group in groups)


def _write(path: Path, text: str) -> None:
    def write(beside: Path) -> None:
        beside.write_text(text, encoding="utf-8")

    write_file(path, write)
