"""The verb `place`: where hubs should go."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import click
import numpy as np
from msgspec import structs

from accessibility.asked import mode_of
from accessibility.world import NOT_IN_DATA, World, silent
from data.errors import InputError
from data.files.whole import write_file
from data.metadata.about import About
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.uncertainty import load_ranges
from dorpshub.cli import typed
from dorpshub.cli.options import write_result
from dorpshub.cli.placement.question import PlaceOptions, numbers_of, question_of
from dorpshub.cli.source import Opened, Source, basis, show_report
from dorpshub.regions import arriving
from scenarios.comparison.report import about
from scenarios.edits.apply import apply
from scenarios.edits.json_text import to_json
from scenarios.placement.frontier import coverage_against_cost, coverage_against_worst
from scenarios.placement.incumbent import Step, TimeLimit, ignore_progress
from scenarios.placement.question import (
    PlacementQuestion,
    later_years,
    mode_named,
    refuse_years,
    sites_of,
    task_of,
    times_by_mode,
)
from scenarios.placement.robustness import Variant, cases, robustness, variants
from scenarios.placement.sites import as_scenario
from scenarios.placement.solve import Answer, best_answer, first_answer, resolved
from scenarios.placement.tables import (
    alternatives_table,
    answer_lines,
    chosen_table,
    frontier_lines,
    frontier_table,
    robustness_lines,
    robustness_table,
)
from scenarios.placement.task import Fewest, Task

MOST_SETTLED = 30
"""Sites that the exact search is asked about when swaps and bounds do not say whether they are as good."""


def place(source: Source, **options: Unpack[PlaceOptions]) -> None:
    """Say where hubs should go."""
    progress = source.progress()
    _refuse(options)
    question, numbers = question_of(options), numbers_of(options["hubs"])
    before, scenario, world = source.opened()
    before, world = (arriving(of, options["arrive_by"]) for of in (before, world))
    opened = Opened(before, scenario, world)
    for name in question.modes:
        mode_of(before, name)  # refuses what the traveller does not have
    refuse_years(question, before, scenario)
    sites, report = sites_of(question, before, world)
    task = task_of(question, world, sites, times_by_mode(question, world, sites, progress))
    if isinstance(task.objective, Fewest):
        numbers = [max(numbers)]
    if not source.quiet:
        show_report(report)
    if options["frontier"]:
        _frontier(source, options, _with_hubs(task, max(numbers)), about(world, "frontier"))
        return
    answers = [_answer(source, options, _with_hubs(task, number)) for number in numbers]
    write_result(options["out"], chosen_table(world, answers, task.demand.people), about(world, "hubs"))
    if options["alternatives_out"]:
        write_result(options["alternatives_out"], alternatives_table(answers), about(world, "alternatives"))
    if options["scenario_out"]:
        _write_scenario(options["scenario_out"], options, world, answers[-1])
    source.tell(line for answer in answers for line in answer_lines(answer))
    if not world.knows(options["kind"]):
        source.tell(
            [f"{options['kind']}: unknown where it is now, as it is {NOT_IN_DATA}; only the hubs count."]
        )
    source.tell([f"Hub by hub in {options['out']}. {basis(world)}"])
    if options["robust"] is not None:
        _robust(source, options, question, opened, answers[-1])


def _with_hubs(task: Task, n_hubs: int) -> Task:
    return replace(task, rules=replace(task.rules, n_hubs=n_hubs))


def _refuse(options: PlaceOptions) -> None:
    """Refuse options that do not go together."""
    if options["frontier"] and options["objective"] != "coverage":
        raise InputError("--frontier counts people within the limit: ask for it with --objective coverage.")
    if options["frontier"] and options["robust"] is not None:
        raise InputError(
            "Ask either for a --frontier or for --robust: one is of many answers, the other of one."
        )
    if options["robust_out"] and options["robust"] is None:
        raise InputError(
            "--robust-out needs --robust: say how many sets of assumptions are drawn, 12 for instance."
        )
    if options["arrive_by"] and options["round_trips"]:
        raise InputError("--round-trips start at every departure of the day: leave out --arrive-by.")
    if options["stay_min"] is not None and not options["round_trips"]:
        raise InputError("--stay-min needs --round-trips: the way there alone does not depend on the visit.")


def _frontier(source: Source, options: PlaceOptions, task: Task, told: About) -> None:
    """Work a frontier out, write it, and tell it."""
    time_limit = _time_limit(source, options, task)
    if options["frontier"] == "cost":
        points = list(coverage_against_cost(task, time_limit))
    else:
        points = list(coverage_against_worst(task, time_limit, 0.0))
    write_result(options["out"], frontier_table(points), told)
    _end_of_progress(source)
    source.tell(frontier_lines(points))


def _robust(
    source: Source, options: PlaceOptions, question: PlacementQuestion, opened: Opened, answer: Answer
) -> None:
    """Ask the question again under other assumptions, write what comes of it, and tell it."""
    before, scenario, _ = opened
    ranges, kinds = structs.replace(load_ranges(), runs=options["robust"]), load_facility_kinds()
    modes = [mode_named(before, name) for name in question.modes]
    asked = cases(ranges, modes, later_years(before, scenario, question.year))
    progress, sites = source.progress(), answer.task.sites

    def change(drawn: World) -> World:
        return apply(drawn, scenario, kinds)

    def ask(world: World) -> Task:
        by_mode = times_by_mode(question, world, sites, silent)
        return _with_hubs(task_of(question, world, sites, by_mode), answer.task.rules.n_hubs)

    def each() -> Iterator[Variant]:
        for number, variant in enumerate(variants(before, asked, ranges, change, ask)):
            progress("other assumptions", number / len(asked))
            yield variant
        progress("other assumptions", 1.0)

    time_limit = TimeLimit(options["time_limit"], time.perf_counter, ignore_progress)
    found = robustness(answer.task, answer.chosen, each(), time_limit)
    if options["robust_out"]:
        write_result(options["robust_out"], robustness_table(found), about(opened.world, "robustness"))
    source.tell(robustness_lines(answer, found))


def _is_watched(source: Source) -> bool:
    """Whether somebody sees what is redrawn in place; a file or a pipe would keep every line of it."""
    return not source.quiet and sys.stderr.isatty()


def _end_of_progress(source: Source) -> None:
    if _is_watched(source):
        click.echo("", err=True)


def _time_limit(source: Source, options: PlaceOptions, task: Task) -> TimeLimit:
    """How long an answer may take, with its gap on standard error while it is looked for."""

    def show(step: Step) -> bool:
        if _is_watched(source) and np.isfinite(step.value) and np.isfinite(step.bound):
            told = f"{task.rules.n_hubs} hubs: gap {step.gap_share:8.3%} after {step.taken_s:6.1f} s"
            click.echo(f"\r{told}", err=True, nl=False)
        return True

    return TimeLimit(options["time_limit"], time.perf_counter, show)


def _answer(source: Source, options: PlaceOptions, task: Task) -> Answer:
    time_limit = _time_limit(source, options, task)
    if options["quick"]:
        answer = first_answer(task, time_limit)
    else:
        answer = best_answer(task, time_limit)
        left_s = max(options["time_limit"] - answer.taken_s, 0.0)
        answer = resolved(answer, MOST_SETTLED, TimeLimit(left_s, time.perf_counter, ignore_progress))
    _end_of_progress(source)
    return answer


def _write_scenario(path: Path, options: PlaceOptions, world: World, answer: Answer) -> None:
    kinds = tuple(typed.kinds(options["offers"] or options["kind"]))
    name = f"{len(answer.chosen)} hubs, {options['objective']}, {options['kind']}"
    note = " ".join(line.strip() for line in answer_lines(answer))
    text = to_json(as_scenario(world, answer.task.sites, answer.chosen, kinds, name, note))

    def write(beside: Path) -> None:
        beside.write_text(text, encoding="utf-8")

    write_file(path, write)
