"""The verbs of `dorpshub` for measures and the closure stress test: thin, as those of `dorpshub.cli.main`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pandas as pd

from accessibility.catchments import k_nearest
from accessibility.closures import closures
from accessibility.nearest_times import OriginAccess, origin_access
from accessibility.origins import place_origins
from accessibility.population import in_year
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.errors import InputError
from data.files.tables import write_table
from data.parameters.behaviour import load_behaviour
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.norms import load_norms
from data.progress import Progress
from dorpshub.cli import typed
from dorpshub.cli.options import (
    basis,
    opened,
    out_file,
    progress_bar,
    region_argument,
    scenario_of,
    shared,
    with_scenario,
)
from scenarios.edits.apply import apply
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from scenarios.measures.closures import stress_lines, stress_pairs, stress_singles, stress_table
from scenarios.measures.measures import Found, Yardsticks, find
from scenarios.measures.tables import (
    curve_table,
    gains_table,
    limit_lines,
    measures_table,
    nearest_table,
    viability_table,
)

MINUTE_S = 60
USUAL_MODES = ("walk", "bike", "car", "transit")
"""All modes would take many times as long."""


@click.command()
@region_argument
@shared("--scenario")
@shared("--kinds")
@shared("--modes", show_default=f"{', '.join(USUAL_MODES)}, as far as the traveller has them")
@shared("--traveller")
@shared(
    "--limit-min",
    default=(),
    show_default=False,
    multiple=True,
    note="Besides the norms; may be repeated.",
)
@shared("--lang")
@click.option(
    "--out", type=out_file, default=Path("measures.csv"), show_default=True, help=".csv or .parquet"
)
@click.option("--curves-out", type=out_file, help="Inhabitants within every limit.")
@click.option("--facilities-out", type=out_file, help="Inhabitants for whom each facility is the nearest.")
@click.option("--later-year", type=int, help="With --facilities-out: the same inhabitants in another year.")
@click.option("--nearest-out", type=out_file, help="The nearest facilities of every place, one row each.")
@click.option("--nearest", type=click.IntRange(1), default=3, show_default=True, help="How many of them.")
@click.option(
    "--gains-out", type=out_file, help="Whom the scenario brings within each limit, and at what cost."
)
@shared("--date")
@shared("--quiet")
def measures(**options: Any) -> None:  # noqa: ANN401 -- click hands over a dozen options, each checked above
    """Measures of the region and its municipalities: times, fairness, norms, what is within reach and for how many."""
    show = progress_bar(quiet=options["quiet"])
    if options["gains_out"] and not options["scenario_file"]:
        msg = "--gains-out compares the region with a scenario; name one with --scenario."
        raise InputError(msg)
    base = opened(options["region"], options["service_date"], show, options["traveller"])
    scenario = scenario_of(options["scenario_file"])
    world = apply(base, scenario, load_facility_kinds())
    later = in_year(base, options["later_year"]) if options["later_year"] else None
    yardsticks = _yardsticks(base, options["limit_min"], options["lang"])
    usual = ",".join(mode.name for mode in world.modes if mode.name in USUAL_MODES)
    kinds, modes = typed.kinds(options["kinds"], world), typed.modes_of(options["modes"] or usual, world)
    results = _found(world, kinds, modes, yardsticks, show)
    write_table(options["out"], measures_table(world, results, yardsticks))
    if options["curves_out"]:
        _write_all(options["curves_out"], [curve_table(world, one, yardsticks.behaviour) for one in results])
    if options["facilities_out"]:
        then = replace(world, places=later.places, grid=later.grid) if later else world
        _write_all(options["facilities_out"], [viability_table(world, then, one) for one in results])
    if options["nearest_out"]:
        _write_all(options["nearest_out"], _nearest_tables(world, kinds, modes, options["nearest"]))
    if options["gains_out"]:
        by = typed.modes_of(",".join(mode.name for mode in modes), base)
        before = _found(base, kinds, by, yardsticks, show)
        pairs, cost = list(zip(before, results, strict=True)), _cost_per_year(scenario)
        write_table(options["gains_out"], gains_table((base, world), pairs, cost, yardsticks))
    if not options["quiet"]:
        for line in limit_lines(world, results, yardsticks):
            click.echo(line)
        click.echo(f"Every figure, of the region and by municipality, in {options['out']}. {basis(world)}")


def _yardsticks(world: World, limits_min: tuple[float, ...], language: str) -> Yardsticks:
    folder = world.region.folder
    limits_s = tuple(minutes * MINUTE_S for minutes in limits_min)
    return Yardsticks(load_norms(folder), load_behaviour(folder), limits_s, language)


def _write_all(path: Path, tables: list[pd.DataFrame]) -> None:
    write_table(path, pd.concat(tables, ignore_index=True))


def _nearest_tables(
    world: World, kinds: list[str], modes: list[TravelMode], n_nearest: int
) -> list[pd.DataFrame]:
    """The nearest of every place, kind by kind within a mode."""
    tables = []
    for mode in modes:
        access = origin_access(world.network, place_origins(world.places), mode, world.window)
        for kind in kinds:
            near = k_nearest(world.network, access, world.facilities, kind, mode, n_nearest)
            tables.append(nearest_table(world, kind, mode, near))
    return tables


def _found(
    world: World,
    kinds: list[str],
    modes: list[TravelMode],
    yardsticks: Yardsticks,
    progress: Progress,
) -> list[Found]:
    """Search every kind and mode, kind by kind within a mode."""
    results = []
    for number, mode in enumerate(modes):
        progress("measures", number / len(modes))
        access = _access(world, mode)
        results += [find(world, access, kind, mode, yardsticks) for kind in kinds]
    progress("measures", 1.0)
    return results


def _access(world: World, mode: TravelMode) -> OriginAccess:
    return origin_access(world.network, world.residents, mode, world.window)


def _cost_per_year(scenario: Scenario) -> float:
    return sum(edit.cost_per_year for edit in scenario.edits if isinstance(edit, PlaceHub))


@click.command()
@region_argument
@shared("--scenario")
@shared("--kind", required=True)
@shared("--mode", default="bike")
@shared("--traveller")
@click.option("--pairs", is_flag=True, help="Close every two together instead of every one.")
@click.option("--top", type=click.IntRange(0), default=10, show_default=True, help="Closures to print.")
@click.option("--out", type=out_file, default=Path("stress.csv"), show_default=True, help=".csv or .parquet")
@shared("--date")
@shared("--quiet")
def stress(
    region: str,
    scenario_file: Path | None,
    kind: str,
    mode: str,
    traveller: str,
    pairs: bool,  # noqa: FBT001
    top: int,
    out: Path,
    service_date: dt.datetime | None,
    quiet: bool,  # noqa: FBT001
) -> None:
    """Close every facility of a kind, one by one or two by two: whom it hits, by how much, and where most."""
    base = opened(region, service_date, progress_bar(quiet=quiet), traveller)
    world = with_scenario(base, scenario_file)
    only, by = typed.kind(kind), typed.mode(mode, world)
    if only not in world.facilities.kind:
        msg = f"--kind '{kind}': there is none of it here to close. Name one kind that occurs."
        raise InputError(msg)
    found = closures(world.network, _access(world, by), world.facilities, only, by, pairs=pairs)
    table = stress_table(world, only, by, (stress_pairs if pairs else stress_singles)(world, found))
    write_table(out, table)
    if not quiet:
        for line in stress_lines(table.head(top)):
            click.echo(line)
        click.echo(f"{len(table)} closures in {out}. {basis(world)}")
