"""The verb of `dorpshub` that says where hubs should go: thin, as those of `dorpshub.cli.main`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np
from msgspec import structs

from accessibility.world import World
from data.build_report import BuildReport
from data.errors import InputError
from data.files.ready_arrays import write_file
from data.files.tables import write_table
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.uncertainty import load_ranges
from dorpshub.cli import typed
from dorpshub.cli.options import (
    opened,
    out_file,
    positive,
    progress_bar,
    region_argument,
    scenario_of,
    shared,
)
from dorpshub.cli.place_question import ALL, numbers_of, question_of
from scenarios.edits.apply import apply
from scenarios.edits.json_text import to_json
from scenarios.edits.scenario import Scenario
from scenarios.placement.frontier import coverage_against_cost, coverage_against_worst
from scenarios.placement.incumbent import Step, TimeLimit, ignore_progress
from scenarios.placement.question import (
    GOALS,
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


@click.command(name="place")
@region_argument
@shared("--scenario")
@click.option("--hubs", default="1..10", show_default=True, help="How many: 3, or 1..10 for each.")
@click.option("--objective", type=click.Choice(GOALS), default="median", show_default=True)
@shared("--kind", note="What people go to the hub for.")
@click.option(
    "--offers",
    default="",
    help="Kinds the hubs offer, separated by commas; the kind alone when left out.",
)
@shared("--modes", default="bike", show_default=True, note="The quickest counts.")
@click.option(
    "--group",
    "groups",
    multiple=True,
    help="Travellers as AGES:SHARE:MODES, 75plus:0.4:bike+transit; may be repeated. AGES is 'all' or bands with +.",
)
@click.option("--age-weights", default="", help="What a visit counts: 75plus:2,65_74:1.5; 1 when left out.")
@click.option("--year", type=int, help="Population of this year; that of the region's data when left out.")
@click.option(
    "--demand", "where", type=click.Choice(("places", "cells")), default="places", show_default=True
)
@click.option(
    "--sites",
    default="places",
    show_default=True,
    help="places, kinds of building (village_hall), closed:KIND, or a CSV with id, lon, lat; commas.",
)
@click.option("--fix", multiple=True, help="Id of a site that must have a hub; may be repeated.")
@click.option("--forbid", multiple=True, help="Id of a site that may not have one; may be repeated.")
@click.option(
    "--cost",
    type=click.FloatRange(0),
    default=0.0,
    help="Euros per year of a hub, where sites have no own.",
)
@click.option("--budget", type=positive, help="Euros per year for all hubs.")
@shared("--limit-min", default=15.0, note="For coverage, excess, shares.")
@click.option("--share", type=click.FloatRange(0, 1), help="This share must be within the limit.")
@click.option("--share-of", default=ALL, show_default=True, help="... of these: all, or an age band.")
@click.option("--longest-min", type=positive, help="Nobody may have further than this.")
@click.option(
    "--unreached-min", type=positive, help="What reaching none counts as; everybody must when left out."
)
@click.option("--min-people", type=positive, help="Every hub must be the nearest for so many.")
@click.option("--later-year", type=int, help="... and in this year as well.")
@click.option("--max-people", type=positive, help="No hub may be the nearest for more.")
@click.option("--apart-km", type=positive, help="Between two hubs, as the crow flies.")
@click.option(
    "--percentile", type=click.FloatRange(0, 100), default=50.0, show_default=True, help="Of departures."
)
@click.option(
    "--round-trips",
    is_flag=True,
    help="Count the time away from home, the visit included, not the way there.",
)
@shared("--stay-min")
@click.option("--time-limit", type=positive, default=60.0, show_default=True, help="Seconds per answer.")
@click.option("--quick", is_flag=True, help="Swaps alone, without proof.")
@click.option(
    "--frontier",
    type=click.Choice(("cost", "worst")),
    help="All best trade-offs of people within the limit against euros or hubs, or against the worst-off.",
)
@click.option(
    "--robust",
    type=click.IntRange(0),
    help="Ask the last answer again under this many drawn sets of assumptions, beside each at its ends and later years.",
)
@click.option("--robust-out", type=out_file, help="What each of them says.")
@click.option(
    "--out", type=out_file, default=Path("hubs.csv"), show_default=True, help=".csv, .parquet or .geojson"
)
@click.option("--runners-up-out", type=out_file, help="Every other site, and what it would cost to take it.")
@click.option("--scenario-out", type=out_file, help="The last answer as a scenario (JSON).")
@shared("--date")
@shared("--quiet")
def place(**options: Any) -> None:  # noqa: ANN401 -- click hands over all options, each checked above
    """Say where hubs should go."""
    progress = progress_bar(quiet=options["quiet"])
    _refuse(options)
    question, numbers = question_of(options), numbers_of(options["hubs"])
    scenario = scenario_of(options["scenario_file"])
    before = opened(options["region"], options["service_date"], progress)
    refuse_years(question, before, scenario)
    world = apply(before, scenario, load_facility_kinds())
    sites, report = sites_of(question, before, world)
    task = task_of(question, world, sites, times_by_mode(question, world, sites, progress))
    if isinstance(task.objective, Fewest):
        numbers = [max(numbers)]
    if not options["quiet"]:
        _show(report)
    if options["frontier"]:
        _frontier(options, replace(task, rules=replace(task.rules, n_hubs=max(numbers))))
        return
    answers = [
        _answer(options, replace(task, rules=replace(task.rules, n_hubs=number))) for number in numbers
    ]
    write_table(options["out"], chosen_table(world, answers, task.demand.people))
    if options["runners_up_out"]:
        write_table(options["runners_up_out"], alternatives_table(answers))
    if options["scenario_out"]:
        _write_scenario(options, world, answers[-1])
    if not options["quiet"]:
        _echo([line for answer in answers for line in answer_lines(answer)])
    if options["robust"] is not None:
        _robust(options, question, (before, scenario), answers[-1])


def _refuse(options: dict[str, Any]) -> None:
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
    if options["stay_min"] is not None and not options["round_trips"]:
        raise InputError("--stay-min needs --round-trips: the way there alone does not depend on the visit.")


def _frontier(options: dict[str, Any], task: Task) -> None:
    """Work a frontier out, write it, and tell it."""
    time_limit = _patience(options, task)
    if options["frontier"] == "cost":
        points = list(coverage_against_cost(task, time_limit))
    else:
        points = list(coverage_against_worst(task, time_limit, 0.0))
    write_table(options["out"], frontier_table(points))
    if _is_watched(options):
        click.echo("", err=True)
    if not options["quiet"]:
        _echo(frontier_lines(points))


def _robust(
    options: dict[str, Any], question: PlacementQuestion, start: tuple[World, Scenario], answer: Answer
) -> None:
    """Ask the question again under other assumptions, write what comes of it, and tell it."""
    before, scenario = start
    ranges, kinds = structs.replace(load_ranges(), runs=options["robust"]), load_facility_kinds()
    modes = [mode_named(before, name) for name in question.modes]
    asked = cases(ranges, modes, later_years(before, scenario, question.year))
    progress, sites = progress_bar(quiet=options["quiet"]), answer.task.sites

    def change(drawn: World) -> World:
        return apply(drawn, scenario, kinds)

    def ask(world: World) -> Task:
        by_mode = times_by_mode(question, world, sites, progress_bar(quiet=True))
        task = task_of(question, world, sites, by_mode)
        return replace(task, rules=replace(task.rules, n_hubs=answer.task.rules.n_hubs))

    def told() -> Iterator[Variant]:
        for number, variant in enumerate(variants(before, asked, ranges, change, ask)):
            progress("other assumptions", number / len(asked))
            yield variant
        progress("other assumptions", 1.0)

    time_limit = TimeLimit(options["time_limit"], time.perf_counter, ignore_progress)
    found = robustness(answer.task, answer.chosen, told(), time_limit)
    if options["robust_out"]:
        write_table(options["robust_out"], robustness_table(found))
    if not options["quiet"]:
        _echo(robustness_lines(answer, found))


def _is_watched(options: dict[str, Any]) -> bool:
    """Whether somebody sees what is redrawn in place; a file or a pipe would keep every line of it."""
    return not options["quiet"] and sys.stderr.isatty()


def _patience(options: dict[str, Any], task: Task) -> TimeLimit:
    """How long an answer may take, with its gap on standard error while it is looked for."""

    def tell(step: Step) -> bool:
        if _is_watched(options) and np.isfinite(step.value) and np.isfinite(step.bound):
            click.echo(
                f"\r{task.rules.n_hubs} hubs: gap {step.gap_share:8.3%} after {step.taken_s:6.1f} s",
                err=True,
                nl=False,
            )
        return True

    return TimeLimit(options["time_limit"], time.perf_counter, tell)


def _answer(options: dict[str, Any], task: Task) -> Answer:
    time_limit = _patience(options, task)
    if options["quick"]:
        answer = first_answer(task, time_limit)
    else:
        answer = best_answer(task, time_limit)
        left_s = max(options["time_limit"] - answer.taken_s, 0.0)
        answer = resolved(answer, MOST_SETTLED, TimeLimit(left_s, time.perf_counter, ignore_progress))
    if _is_watched(options):
        click.echo("", err=True)
    return answer


def _write_scenario(options: dict[str, Any], world: World, answer: Answer) -> None:
    kinds = tuple(typed.kinds(options["offers"] or options["kind"]))
    name = f"{len(answer.chosen)} hubs, {options['objective']}, {options['kind']}"
    note = " ".join(line.strip() for line in answer_lines(answer))
    text = to_json(as_scenario(world, answer.task.sites, answer.chosen, kinds, name, note))

    def write(beside: Path) -> None:
        beside.write_text(text, encoding="utf-8")

    write_file(options["scenario_out"], write)


def _show(report: BuildReport) -> None:
    for found in report.findings:
        click.echo(
            f"{found.layer}: {found.action} {found.count} x {found.what} ({', '.join(found.examples)})"
        )


def _echo(lines: list[str]) -> None:
    for line in lines:
        click.echo(line)
