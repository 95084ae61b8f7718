"""The verb `measures`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from accessibility.asked import mode_of
from accessibility.catchments import k_nearest
from accessibility.nearest_times import OriginAccess, origin_access
from accessibility.origins import place_origins
from accessibility.population import in_year
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.errors import InputError
from data.metadata.about import About
from data.parameters.behaviour import load_behaviour
from data.parameters.norms import load_norms
from data.parameters.uncertainty import load_ranges
from data.progress import Progress
from dorpshub.cli import typed
from dorpshub.cli.choices import USUAL_MODES
from dorpshub.cli.options import write_result
from dorpshub.cli.source import Source, basis
from scenarios.comparison.report import about
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
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
    write_result(out, measures_table(world, results, yardsticks), about(world, "measures"))
    if curves_out:
        curves = [curve_table(world, one, yardsticks.behaviour) for one in results]
        _write_all(curves_out, curves, about(world, "curves"))
    if facilities_out:
        then = replace(world, places=later.places, grid=later.grid) if later else world
        facilities = [viability_table(world, then, one) for one in results]
        _write_all(facilities_out, facilities, about(world, "facilities"))
    if nearest_out:
        _write_all(nearest_out, _nearest_tables(world, of, by, nearest), about(world, "nearest"))
    if gains_out:
        before = _found(base, of, [mode_of(base, mode.name) for mode in by], yardsticks, show)
        pairs, cost = list(zip(before, results, strict=True)), _cost_per_year(scenario)
        write_result(gains_out, gains_table((base, world), pairs, cost, yardsticks), about(world, "gains"))
    source.tell(limit_lines(world, results, yardsticks))
    source.tell([f"Every figure, of the region and by municipality, in {out}. {basis(world)}"])


def _yardsticks(world: World, limits_min: tuple[float, ...], language: str) -> Yardsticks:
    folder = world.region.folder
    limits_s = tuple(minutes * MINUTE_S for minutes in limits_min)
    odds = load_ranges().without_car
    return Yardsticks(load_norms(folder), load_behaviour(folder), limits_s, language, (odds.low, odds.high))


def _write_all(path: Path, tables: list[pd.DataFrame], told: About) -> None:
    write_result(path, pd.concat(tables, ignore_index=True), told)


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
    return sum(edit.cost_per_year or 0.0 for edit in scenario.in_force.edits if isinstance(edit, PlaceHub))
