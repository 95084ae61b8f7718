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
from accessibility.nearest_times import Start, start
from accessibility.origins import place_origins
from accessibility.population import in_year
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.errors import InputError
from data.files.tables import write_table
from data.parameters.behaviour import load_behaviour
from data.parameters.facility_kinds import LANGUAGES, load_facility_kinds
from data.parameters.norms import load_norms
from data.progress import Progress
from dorpshub.cli import options as options_verbs
from dorpshub.cli.options import date_option, out_file, quiet_option, region_argument, scenario_option
from scenarios.edits.apply import apply
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.json_text import read_scenario
from scenarios.edits.scenario import EMPTY, Scenario
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
DEFAULT_MODES = ("walk", "bike", "car", "transit")


@click.command()
@region_argument
@scenario_option
@click.option("--kinds", "--kind", default="", help="Separated by commas; all that occur when left out.")
@click.option(
    "--modes",
    "--mode",
    default="",
    help=f"Separated by commas; {', '.join(DEFAULT_MODES)} when left out, as far as the traveller has them.",
)
@click.option(
    "--limit-min",
    type=click.FloatRange(0, min_open=True),
    multiple=True,
    help="Another limit besides the norms; may be repeated.",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Of the norms' text.",
)
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
@date_option
@quiet_option
def measures(**options: Any) -> None:  # noqa: ANN401 -- click hands over a dozen options, each checked above
    """Measures of the region and its municipalities: times, fairness, norms, what is within reach and for how many."""
    show = options_verbs.progress(quiet=options["quiet"])
    if options["gains_out"] and not options["scenario_file"]:
        msg = "--gains-out compares the region with a scenario; name one with --scenario."
        raise InputError(msg)
    base = options_verbs.opened(options["region"], options["service_date"], show)
    scenario = _scenario(options["scenario_file"])
    world = apply(base, scenario, load_facility_kinds())
    later = in_year(base, options["later_year"]) if options["later_year"] else None
    yardsticks = _yardsticks(base, options["limit_min"], options["language"])
    kinds, modes = options_verbs.kinds(options["kinds"], world), _modes(options["modes"], world)
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
        before = _found(base, kinds, _modes(",".join(mode.name for mode in modes), base), yardsticks, show)
        pairs, cost = list(zip(before, results, strict=True)), _cost_per_year(scenario)
        write_table(options["gains_out"], gains_table((base, world), pairs, cost, yardsticks))
    if not options["quiet"]:
        for line in limit_lines(world, results, yardsticks):
            click.echo(line)
        click.echo(
            f"Every figure, of the region and by municipality, in {options['out']}. {options_verbs.basis(world)}"
        )


def _yardsticks(world: World, limits_min: tuple[float, ...], language: str) -> Yardsticks:
    folder = world.region.folder
    limits_s = tuple(minutes * MINUTE_S for minutes in limits_min)
    return Yardsticks(load_norms(folder), load_behaviour(folder), limits_s, language)


def _scenario(file: Path | None) -> Scenario:
    return read_scenario(file) if file else EMPTY


def _write_all(path: Path, tables: list[pd.DataFrame]) -> None:
    write_table(path, pd.concat(tables, ignore_index=True))


def _nearest_tables(
    world: World, kinds: list[str], modes: list[TravelMode], n_nearest: int
) -> list[pd.DataFrame]:
    """The nearest of every place, kind by kind within a mode."""
    tables = []
    for mode in modes:
        setting_out = start(world.network, place_origins(world.places), mode, world.window)
        for kind in kinds:
            near = k_nearest(world.network, setting_out, world.facilities, kind, mode, n_nearest)
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
        setting_out = _start(world, mode)
        results += [find(world, setting_out, kind, mode, yardsticks) for kind in kinds]
    progress("measures", 1.0)
    return results


def _start(world: World, mode: TravelMode) -> Start:
    return start(world.network, world.residents, mode, world.window)


def _modes(text: str, world: World) -> list[TravelMode]:
    """The modes named, or the usual ones, as the traveller of the world has them."""
    has = {mode.name: mode for mode in world.modes}
    if not text:
        return [has[name] for name in DEFAULT_MODES if name in has]
    names = [mode.name for mode in options_verbs.modes(text)]
    lacking = [name for name in names if name not in has]
    if lacking:
        msg = f"The traveller '{world.traveller.id}' does not go by {', '.join(lacking)}; modes are {', '.join(has)}."
        raise InputError(msg)
    return [has[name] for name in names]


def _cost_per_year(scenario: Scenario) -> float:
    return sum(edit.cost_per_year for edit in scenario.edits if isinstance(edit, PlaceHub))


@click.command()
@region_argument
@scenario_option
@click.option("--kind", required=True, help="Kind of facility that closes.")
@click.option("--mode", default="bike", show_default=True)
@click.option("--pairs", is_flag=True, help="Close every two together instead of every one.")
@click.option("--top", type=click.IntRange(0), default=10, show_default=True, help="Closures to print.")
@click.option("--out", type=out_file, default=Path("stress.csv"), show_default=True, help=".csv or .parquet")
@date_option
@quiet_option
def stress(
    region: str,
    scenario_file: Path | None,
    kind: str,
    mode: str,
    pairs: bool,  # noqa: FBT001
    top: int,
    out: Path,
    service_date: dt.datetime | None,
    quiet: bool,  # noqa: FBT001
) -> None:
    """Close every facility of a kind, one by one or two by two: whom it hits, by how much, and where most."""
    base = options_verbs.opened(region, service_date, options_verbs.progress(quiet=quiet))
    world = options_verbs.with_scenario(base, scenario_file)
    (only,) = options_verbs.kinds(kind, world) if "," not in kind else ("",)
    if only not in world.facilities.kind:
        msg = f"--kind '{kind}': there is none of it here to close. Name one kind that occurs."
        raise InputError(msg)
    (by,) = _modes(mode, world) if "," not in mode else (None,)
    if by is None:
        msg = f"--mode '{mode}': name one mode."
        raise InputError(msg)
    found = closures(world.network, _start(world, by), world.facilities, only, by, pairs=pairs)
    table = stress_table(world, only, by, (stress_pairs if pairs else stress_singles)(world, found))
    write_table(out, table)
    if not quiet:
        for line in stress_lines(table.head(top)):
            click.echo(line)
        click.echo(f"{len(table)} closures in {out}. {options_verbs.basis(world)}")
