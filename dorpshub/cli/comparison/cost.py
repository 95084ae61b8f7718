"""The verb `cost`, and what `compare` tells of costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from accessibility.digital import digital_lines
from accessibility.world import AS_IT_IS, World
from data.parameters.behaviour import load_behaviour
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.hub_services import load_hub_services
from data.parameters.norms import load_norms
from data.parameters.rates import Rates, load_rates
from dorpshub.cli import typed
from dorpshub.cli.choices import USUAL_MODES
from dorpshub.cli.options import write_result
from dorpshub.cli.progress_bar import progress_bar
from dorpshub.cli.source import basis, opened
from scenarios.comparison.compare import compare_worlds
from scenarios.comparison.report import about
from scenarios.comparison.run_file import Spec
from scenarios.comparison.tables import Compared
from scenarios.costs.costs import Costs, changes_lines, costs_of, difference
from scenarios.costs.tables import cost_lines, costs_table, value_line, value_table
from scenarios.costs.value import Value, values_of
from scenarios.costs.vehicle_hours import YearDay, year_of
from scenarios.edits.apply import apply
from scenarios.edits.json_text import read_scenario
from scenarios.edits.scenario import Scenario
from scenarios.measures.measures import Yardsticks

if TYPE_CHECKING:
    import pandas as pd

MINUTE_S = 60


def cost(
    region: str,
    scenarios: tuple[Path, ...],
    rates: Path | None,
    kinds: str,
    modes: str,
    limit_min: float,
    traveller: str,
    service_date: dt.datetime | None,
    lang: str,
    out: Path,
    value_out: Path | None,
    quiet: bool,
) -> None:
    """Say what each of the SCENARIOS costs in REGION, change by change, and what each person and hour of travel costs."""
    read = [
        (scenario.name or file.stem, scenario) for file in scenarios for scenario in [read_scenario(file)]
    ]
    world = opened(region, service_date, progress_bar(quiet=quiet), traveller)
    worlds = [apply(world, scenario, load_facility_kinds()) for _, scenario in read]
    usual = ",".join(mode.name for mode in world.modes if mode.name in USUAL_MODES)
    names = [mode.name for mode in typed.modes_of(modes or usual, world)]
    results = compare_worlds(world, worlds, typed.kinds(kinds, world), names)
    asked = Spending(world, load_rates(world.region.folder, rates), [scenario for _, scenario in read])
    yardsticks = _yardsticks(world, limit_min, lang)
    found: list[tuple[str, Costs]] = []
    values: list[tuple[str, str, Value]] = []
    lines: list[str] = []
    for (name, scenario), after, of in zip(read, worlds, results, strict=True):
        costs = asked.of(scenario)
        found.append((name, costs))
        valued = values_of((world, after), of, costs.whole_per_year, yardsticks)
        values += [(AS_IT_IS, name, value) for value in valued]
        lines += [name] if len(read) > 1 else []
        lines += [*cost_lines(costs, asked.rates.days, asked.year), *dict.fromkeys(map(value_line, valued))]
        lines += digital_lines(after)
    write_result(out, costs_table(found), about(world, "costs"))
    if value_out:
        write_result(value_out, value_table(values), about(world, "value"))
    if not quiet:
        for line in [*lines, f"Change by change in {out}. {basis(world)}"]:
            click.echo(line)


class Spending:
    """Rates of a region, and the days of its year where a line changes in any of the scenarios."""

    def __init__(self, world: World, rates: Rates, scenarios: Sequence[Scenario]) -> None:
        self.world, self.rates = world, rates
        self.hubs = load_hub_services(world.region.folder)
        self.year: tuple[YearDay, ...] = year_of(world) if any(map(changes_lines, scenarios)) else ()

    def of(self, scenario: Scenario) -> Costs:
        """Cost of a scenario."""
        return costs_of(self.world, self.year, scenario, self.rates, self.hubs)


class Costed(NamedTuple):
    """Costs of a comparison: its tables by name, and lines of text for each pair of scenarios."""

    tables: dict[str, pd.DataFrame]
    lines: list[list[str]]


def costed(world: World, spec: Spec, found: Sequence[Compared]) -> Costed:
    """Cost of every scenario of a comparison, and what each pair brings for the difference between the two."""
    asked = Spending(world, load_rates(world.region.folder), spec.scenarios)
    before, *afters = (asked.of(scenario) for scenario in spec.scenarios)
    yardsticks = _yardsticks(world, spec.limit_min, "en")
    named = [(found[0].before_name, before)] if spec.scenarios[0].edits else []
    named += [(pair.after_name, costs) for pair, costs in zip(found, afters, strict=True)]
    values: list[tuple[str, str, Value]] = []
    lines = []
    for pair, costs in zip(found, afters, strict=True):
        valued = values_of((pair.before, pair.after), pair.results, difference(before, costs), yardsticks)
        values += [(pair.before_name, pair.after_name, value) for value in valued]
        lines.append(
            [*cost_lines(costs, asked.rates.days, asked.year), *dict.fromkeys(map(value_line, valued))]
        )
    return Costed({"costs": costs_table(named), "value": value_table(values)}, lines)


def _yardsticks(world: World, limit_min: float, language: str) -> Yardsticks:
    folder = world.region.folder
    return Yardsticks(load_norms(folder), load_behaviour(folder), (limit_min * MINUTE_S,), language)
