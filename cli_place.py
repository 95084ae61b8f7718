"""The verb of `dorpshub` that says where hubs should go: thin, as those of `cli`."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

import cli_input
import cli_parts
from accessibility.world import World
from cli_parts import out_file, quiet_option, region_argument, scenario_option
from cli_place_ask import ALL, OBJECTIVES, numbers_of, sites_of, task_of, worlds
from data.build_report import BuildReport
from data.store import write_file
from data.tables import write_table
from scenarios.library import to_json
from scenarios.placement import Answer, best_answer, first_answer
from scenarios.placement_report import answer_lines, chosen_table, runners_up_table
from scenarios.placement_search import Patience, Step
from scenarios.placement_sites import as_scenario
from scenarios.placement_task import Fewest, Task

positive = click.FloatRange(0, min_open=True)


@click.command(name="place")
@region_argument
@scenario_option
@click.option("--hubs", default="1..10", show_default=True, help="How many: 3, or 1..10 for each.")
@click.option("--objective", type=click.Choice(OBJECTIVES), default="median", show_default=True)
@click.option("--kind", default="gp", show_default=True, help="What people go to the hub for.")
@click.option(
    "--offers",
    default="",
    help="Kinds the hubs offer, separated by commas; the kind alone when left out.",
)
@click.option(
    "--mode", "modes", default="bike", show_default=True, help="Or several, commas: the quickest counts."
)
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
@click.option(
    "--limit-min",
    type=positive,
    default=15.0,
    show_default=True,
    help="Minutes, for coverage, excess, shares.",
)
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
@click.option("--time-limit", type=positive, default=60.0, show_default=True, help="Seconds per answer.")
@click.option("--quick", is_flag=True, help="Swaps alone, without proof.")
@click.option(
    "--out", type=out_file, default=Path("hubs.csv"), show_default=True, help=".csv, .parquet or .geojson"
)
@click.option("--runners-up-out", type=out_file, help="Every other site, and what it would cost to take it.")
@click.option("--scenario-out", type=out_file, help="The last answer as a scenario (JSON).")
@quiet_option
def place(**options: Any) -> None:  # noqa: ANN401 -- click hands over all options, each checked above
    """Say where hubs should go."""
    before, world = worlds(options, cli_parts.progress(quiet=options["quiet"]))
    numbers = numbers_of(options["hubs"])
    sites, report = sites_of(options, before, world)
    task = task_of(options, world, sites)
    if isinstance(task.objective, Fewest):
        numbers = [max(numbers)]
    answers = [
        _answer(options, replace(task, rules=replace(task.rules, n_hubs=number))) for number in numbers
    ]
    write_table(options["out"], chosen_table(world, answers, task.demand.people))
    if options["runners_up_out"]:
        write_table(options["runners_up_out"], runners_up_table(answers))
    if options["scenario_out"]:
        _write_scenario(options, world, answers[-1])
    if not options["quiet"]:
        _show(report, answers)


def _answer(options: dict[str, Any], task: Task) -> Answer:
    def tell(step: Step) -> bool:
        if not options["quiet"] and np.isfinite(step.value) and np.isfinite(step.bound):
            gap = abs(step.value - step.bound) / max(abs(step.value), 1e-9)
            click.echo(
                f"\r{task.rules.n_hubs} hubs: gap {gap:8.3%} after {step.taken_s:6.1f} s", err=True, nl=False
            )
        return True

    patience = Patience(options["time_limit"], time.perf_counter, tell)
    answer = first_answer(task, patience) if options["quick"] else best_answer(task, patience)
    if not options["quiet"]:
        click.echo("", err=True)
    return answer


def _write_scenario(options: dict[str, Any], world: World, answer: Answer) -> None:
    kinds = tuple(cli_input.kinds(options["offers"] or options["kind"]))
    name = f"{len(answer.chosen)} hubs, {options['objective']}, {options['kind']}"
    note = " ".join(line.strip() for line in answer_lines(answer))
    text = to_json(as_scenario(world, answer.task.sites, answer.chosen, kinds, name, note))

    def write(beside: Path) -> None:
        beside.write_text(text, encoding="utf-8")

    write_file(options["scenario_out"], write)


def _show(report: BuildReport, answers: list[Answer]) -> None:
    for found in report.findings:
        click.echo(
            f"{found.layer}: {found.action} {found.count} x {found.what} ({', '.join(found.examples)})"
        )
    for answer in answers:
        for line in answer_lines(answer):
            click.echo(line)
