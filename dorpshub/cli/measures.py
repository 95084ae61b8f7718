"""The verbs of `dorpshub` for measures and the closure stress test: thin, as those of `dorpshub.cli.main`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
import pandas as pd

from accessibility.asked import mode_of
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
from data.parameters.norms import load_norms
from data.progress import Progress
from dorpshub.cli import typed
from dorpshub.cli.options import Source, basis, flag, of_region, out_file, out_option, shared
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
@of_region
@shared("--kinds")
@shared("--modes", show_default=f"{', '.join(USUAL_MODES)}, as far as the traveller has them")
@shared(
    "--limit-min",
    default=(),
    show_default=False,
    multiple=True,
    note="Besides the norms; may be repeated.",
)
@shared("--lang")
@out_option("measures.csv")
@click.option("--curves-out", type=out_file, help="Inhabitants within every limit.")
@click.option("--facilities-out", type=out_file, help="Inhabitants for whom each facility is the nearest.")
@click.option("--later-year", type=int, help="With --facilities-out: the same inhabitants in another year.")
@click.option("--nearest-out", type=out_file, help="The nearest facilities of every place, one row each.")
@click.option("--nearest", type=click.IntRange(1), default=3, show_default=True, help="How many of them.")
@click.option(
    "--gains-out", type=out_file, help="Whom the scenario brings within each limit, and at what cost."
)
def measures(
    source: Source,
    kinds: str,
    modes: str,
    limit_min: tuple[float, ...],
    lang: str,
    out: Path,
    curves_out: Path | None,
    facilities_out: Path | None,
    later_year: int | None,
    nearest_out: Path | None,
    nearest: int,
    gains_out: Path | None,
) -> None:
    """Measures of the region and its municipalities: times, fairness, norms, what is within reach and for how many."""
    show = source.progress()
    if gains_out and not source.scenario_file:
        msg = "--gains-out compares the region with a scenario; name one with --scenario."
        raise InputError(msg)
    base, scenario, world = source.opened()
    later = in_year(base, later_year) if later_year else None
    yardsticks = _yardsticks(base, limit_min, lang)
    usual = ",".join(mode.name for mode in world.modes if mode.name in USUAL_MODES)
    of, by = typed.kinds(kinds, world), typed.modes_of(modes or usual, world)
    results = _found(world, of, by, yardsticks, show)
    write_table(out, measures_table(world, results, yardsticks))
    if curves_out:
        _write_all(curves_out, [curve_table(world, one, yardsticks.behaviour) for one in results])
    if facilities_out:
        then = replace(world, places=later.places, grid=later.grid) if later else world
        _write_all(facilities_out, [viability_table(world, then, one) for one in results])
    if nearest_out:
        _write_all(nearest_out, _nearest_tables(world, of, by, nearest))
    if gains_out:
        before = _found(base, of, [mode_of(base, mode.name) for mode in by], yardsticks, show)
        pairs, cost = list(zip(before, results, strict=True)), _cost_per_year(scenario)
        write_table(gains_out, gains_table((base, world), pairs, cost, yardsticks))
    source.tell(limit_lines(world, results, yardsticks))
    source.tell([f"Every figure, of the region and by municipality, in {out}. {basis(world)}"])


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
    return sum(edit.cost_per_year or 0.0 for edit in scenario.edits if isinstance(edit, PlaceHub))


@click.command()
@of_region
@shared("--kind", required=True)
@shared("--mode", default="bike")
@flag("--pairs", "Close every two together instead of every one.")
@click.option("--top", type=click.IntRange(0), default=10, show_default=True, help="Closures to print.")
@out_option("stress.csv")
def stress(
    source: Source,
    kind: str,
    mode: str,
    pairs: bool,  # noqa: FBT001 -- a flag of click
    top: int,
    out: Path,
) -> None:
    """Close every facility of a kind, one by one or two by two: whom it hits, by how much, and where most."""
    world = source.opened().world
    only, by = typed.kind(kind), typed.mode(mode, world)
    if only not in world.facilities.kind:
        msg = f"--kind '{kind}': there is none of it here to close. Name one kind that occurs."
        raise InputError(msg)
    found = closures(world.network, _access(world, by), world.facilities, only, by, pairs=pairs)
    table = stress_table(world, only, by, (stress_pairs if pairs else stress_singles)(world, found))
    write_table(out, table)
    source.tell(stress_lines(table.head(top)))
    source.tell([f"{len(table)} closures in {out}. {basis(world)}"])
