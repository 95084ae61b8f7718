"""The verbs of `dorpshub` for measures and the closure stress test: thin, as those of `cli`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
import pandas as pd

import cli_input
from accessibility.closures import closures
from accessibility.nearest_times import Start, start
from accessibility.population import in_year
from accessibility.travel_network import Progress
from accessibility.travel_times import TravelMode
from accessibility.world import World, open_world
from data.behaviour import load_behaviour
from data.errors import InputError
from data.features import LANGUAGES, load_facility_kinds
from data.norms import load_norms
from data.tables import write_table
from scenarios.apply import apply
from scenarios.edits import EMPTY, PlaceHub, Scenario
from scenarios.library import read_scenario
from scenarios.measure_tables import curve_table, gains_table, limit_lines, measures_table, viability_table
from scenarios.measures import Found, Yardsticks, find
from scenarios.stress import stress_lines, stress_pairs, stress_singles, stress_table

ProgressMaker = Callable[..., Progress]
MINUTE_S = 60

in_file = click.Path(path_type=Path)
out_file = click.Path(dir_okay=False, path_type=Path)
scenario_option = click.option(
    "--scenario", "scenario_file", type=in_file, help="Scenario (JSON) to apply first."
)
quiet_option = click.option("--quiet", is_flag=True, help="No progress bars and no summary.")


def add_commands(commands: click.Group, default_region: str, progress: ProgressMaker) -> None:
    """Add the verbs of this module to the command; `progress` makes a progress bar, or none when `quiet`."""
    for make in (_measures, _stress):
        commands.add_command(make(default_region, progress))


def _measures(default_region: str, progress: ProgressMaker) -> click.Command:
    @click.command(name="measures")
    @click.argument("region", default=default_region)
    @scenario_option
    @click.option("--kinds", "--kind", default="", help="Separated by commas; all that occur when left out.")
    @click.option("--modes", "--mode", default="walk,bike,car,transit", show_default=True)
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
        "--later-year", type=int, help="Year in which facilities are counted too, see --facilities-out."
    )
    @click.option(
        "--out", type=out_file, default=Path("measures.csv"), show_default=True, help=".csv or .parquet"
    )
    @click.option("--curves-out", type=out_file, help="Inhabitants within every limit.")
    @click.option(
        "--facilities-out", type=out_file, help="Inhabitants for whom each facility is the nearest."
    )
    @click.option(
        "--gains-out", type=out_file, help="Whom the scenario brings within each limit, and at what cost."
    )
    @quiet_option
    def measures(
        region: str,
        scenario_file: Path | None,
        kinds: str,
        modes: str,
        limit_min: tuple[float, ...],
        language: str,
        later_year: int | None,
        out: Path,
        curves_out: Path | None,
        facilities_out: Path | None,
        gains_out: Path | None,
        quiet: bool,  # noqa: FBT001
    ) -> None:
        """Measures of the region and its municipalities: times, fairness, norms, what is within reach and for how many."""
        show = progress(quiet=quiet)
        if gains_out and not scenario_file:
            msg = "--gains-out compares the region with a scenario; name one with --scenario."
            raise InputError(msg)
        base = open_world(region, show)
        scenario = read_scenario(scenario_file) if scenario_file else EMPTY
        world = apply(base, scenario, load_facility_kinds())
        later = in_year(base, later_year) if later_year else base
        folder = base.region.folder
        yardsticks = Yardsticks(
            load_norms(folder),
            load_behaviour(folder),
            tuple(minutes * MINUTE_S for minutes in limit_min),
            language,
        )
        asked = cli_input.kinds(kinds, world)
        results = _found(world, asked, modes, yardsticks, show)
        write_table(out, measures_table(world, results, yardsticks))
        if curves_out:
            curves = [curve_table(world, found, yardsticks.behaviour) for found in results]
            write_table(curves_out, pd.concat(curves, ignore_index=True))
        if facilities_out:
            then = replace(world, places=later.places, grid=later.grid) if later_year else world
            counted = [viability_table(world, then, found) for found in results]
            write_table(facilities_out, pd.concat(counted, ignore_index=True))
        if gains_out:
            before = _found(base, asked, modes, yardsticks, show)
            pairs = list(zip(before, results, strict=True))
            write_table(gains_out, gains_table((base, world), pairs, _cost_per_year(scenario), yardsticks))
        if not quiet:
            for line in limit_lines(world, results, yardsticks):
                click.echo(line)
            click.echo(f"Every figure, of the region and by municipality, in {out}.")

    return measures


def _found(
    world: World, kinds: list[str], modes: str, yardsticks: Yardsticks, progress: Progress
) -> list[Found]:
    """Search every kind and mode, kind by kind within a mode."""
    asked = _modes(modes, world)
    results = []
    for number, mode in enumerate(asked):
        progress("measures", number / len(asked))
        setting_out = _start(world, mode)
        results += [find(world, setting_out, kind, mode, yardsticks) for kind in kinds]
    progress("measures", 1.0)
    return results


def _start(world: World, mode: TravelMode) -> Start:
    return start(world.network, world.residents, mode, world.window)


def _modes(text: str, world: World) -> list[TravelMode]:
    """The modes named, as the traveller of the world has them."""
    names = [mode.name for mode in cli_input.modes(text)]
    has = {mode.name: mode for mode in world.modes}
    lacking = [name for name in names if name not in has]
    if lacking:
        msg = f"The traveller '{world.traveller.id}' does not go by {', '.join(lacking)}; modes are {', '.join(has)}."
        raise InputError(msg)
    return [has[name] for name in names]


def _cost_per_year(scenario: Scenario) -> float:
    return sum(edit.cost_per_year for edit in scenario.edits if isinstance(edit, PlaceHub))


def _stress(default_region: str, progress: ProgressMaker) -> click.Command:
    @click.command(name="stress")
    @click.argument("region", default=default_region)
    @scenario_option
    @click.option("--kind", required=True, help="Kind of facility that closes.")
    @click.option("--mode", default="bike", show_default=True)
    @click.option("--pairs", is_flag=True, help="Close every two together instead of every one.")
    @click.option("--top", type=click.IntRange(0), default=10, show_default=True, help="Closures to print.")
    @click.option(
        "--out", type=out_file, default=Path("stress.csv"), show_default=True, help=".csv or .parquet"
    )
    @quiet_option
    def stress(
        region: str,
        scenario_file: Path | None,
        kind: str,
        mode: str,
        pairs: bool,  # noqa: FBT001
        top: int,
        out: Path,
        quiet: bool,  # noqa: FBT001
    ) -> None:
        """Close every facility of a kind, one by one or two by two: whom it hits, by how much, and where most."""
        scenario = read_scenario(scenario_file) if scenario_file else EMPTY
        world = apply(open_world(region, progress(quiet=quiet)), scenario, load_facility_kinds())
        (only,) = cli_input.kinds(kind, world) if "," not in kind else ("",)
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
            click.echo(f"{len(table)} closures in {out}.")

    return stress
