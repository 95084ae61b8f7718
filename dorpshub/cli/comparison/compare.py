"""The verbs `compare` and `rerun`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import msgspec

from accessibility.travel_times import MODES
from accessibility.world import World, on_date, open_world
from data.errors import InputError
from data.parameters.facility_kinds import load_facility_kinds
from data.progress import Progress
from data.study_area.region_toml import load_region
from dorpshub.cli import typed
from dorpshub.cli.comparison.cost import costed
from dorpshub.cli.options import keeps_formulas
from dorpshub.cli.progress_bar import progress_bar
from dorpshub.cli.source import basis, opened, with_riding
from dorpshub.regions import arriving
from scenarios.blocks.workers import Workers, forget, parts_folder
from scenarios.comparison.compare import Comparison, compare_worlds
from scenarios.comparison.files import RUN, check_ending, run_path, write_comparison
from scenarios.comparison.report import totals_line
from scenarios.comparison.run import WorldsCompared, compared, tables_of
from scenarios.comparison.run_file import (
    RunFile,
    Spec,
    assumptions_of,
    code_digest,
    read_run,
    refuse_other_inputs,
    run_file,
)
from scenarios.comparison.tables import Compared
from scenarios.edits.json_text import read_scenario
from scenarios.edits.scenario import EMPTY, Scenario

FROM_OPTIONS = (
    *("traveller", "max_rides", "boarding_slack_s", "limit_min", "same_below_min"),
    *("cells", "legs", "contributions", "band", "equity", "costs"),
)
"""Fields of a Spec that are options of the same name."""


def compare(scenarios: tuple[Path, ...], workers: Workers | None, **options: Any) -> None:  # noqa: ANN401 -- click's options
    """Compare REGION with each of the SCENARIOS.

    Writes a .run.json beside the tables, from which `dorpshub rerun` makes them again.
    """
    bar, out = progress_bar(quiet=options["quiet"]), options["out"]
    check_ending(out)
    if run_path(out) in scenarios:
        msg = f"{run_path(out)}: this would overwrite a scenario; choose another file."
        raise InputError(msg)
    if options["with_first"] and len(scenarios) == 1:
        raise InputError("--with-first compares the first scenario with others: name two or more.")
    if options["legs"] and options["arrive_by"]:
        raise InputError("--legs tells the ways of one departure: leave out --legs or --arrive-by.")
    read = [_named(read_scenario(file), file) for file in scenarios]
    world = opened(options["region"], options["service_date"], bar)
    world = with_riding(world, options["max_rides"], options["boarding_slack_s"])
    world = arriving(world, options["arrive_by"])
    year, now = options["in_year"], EMPTY
    if year is not None:
        now, read = now.at(year), [scenario.at(year) for scenario in read]
    asked = typed.modes(options["modes"]) if options["modes"] else MODES
    spec = Spec(
        region=options["region"],
        scenarios=(*([] if options["with_first"] else [now]), *read),
        kinds=tuple(typed.kinds(options["kinds"], world)),
        modes=tuple(mode.name for mode in asked),
        **{name: options[name] for name in FROM_OPTIONS},
    )
    if workers is None:
        found = _write(world, spec, out, bar)
    else:
        found = _write_by_workers(world, spec, out, bar, workers)
    if not options["quiet"]:
        told = costed(world, spec, found).lines if spec.costs else [()] * len(found)
        _tell(found, spec, told, out, basis(world))


def rerun(run: Path, out: Path, quiet: bool) -> None:
    """Make a comparison again from its RUN file (.run.json), and say whether all numbers are the same."""
    bar, before = progress_bar(quiet=quiet), read_run(run)
    check_ending(out)
    if run_path(out) == run:
        msg = f"{out}: this would overwrite the first run; choose another file."
        raise InputError(msg)
    beside = run.parent / before.spec.region
    region = str(beside) if (beside / "region.toml").is_file() else before.spec.region
    refuse_other_inputs(run, before, load_region(region))
    world = replace(on_date(open_world(region, bar), before.service_date, bar), window=before.departures)
    world = with_riding(world, before.spec.max_rides, before.spec.boarding_slack_s)
    _write(world, msgspec.structs.replace(before.spec, region=region), out, bar)
    _tell_sameness(_files(before, run), _files(read_run(run_path(out)), out), before, world)


def _named(scenario: Scenario, file: Path) -> Scenario:
    """Scenario with a name, that of its file where it has none."""
    return scenario if scenario.name else Scenario(file.stem, scenario.note, scenario.edits)


def _write_by_workers(world: World, spec: Spec, out: Path, bar: Progress, workers: Workers) -> list[Compared]:
    """Compare, with the times of all worlds worked out by workers, and write tables and run file."""
    from scenarios.blocks.nearest import comparisons_in_blocks, world_of  # noqa: PLC0415 -- for who has workers

    of = [world_of(world, scenario, spec.traveller, world.window) for scenario in spec.scenarios]
    folder = parts_folder(out, world.digest, repr((of, spec.kinds, spec.modes)))

    def by_workers(
        before: World, afters: Sequence[World], kinds: Sequence[str], modes: Sequence[str]
    ) -> list[list[Comparison]]:
        return comparisons_in_blocks([before, *afters], of, kinds, modes, folder, workers, bar)

    found = _write(world, spec, out, bar, by_workers)
    forget(folder)
    return found


def _write(
    world: World, spec: Spec, out: Path, bar: Progress, compare: WorldsCompared = compare_worlds
) -> list[Compared]:
    """Compare, and write tables and run file."""
    kinds = load_facility_kinds()
    found = compared(world, spec, kinds, compare)
    region = spec.region
    if (Path(region) / "region.toml").is_file():
        region = Path(os.path.relpath(region, out.parent)).as_posix()
    told = msgspec.structs.replace(spec, region=region)
    tables = tables_of(world, spec, found, kinds, bar)
    if spec.costs:
        tables.more.update(costed(world, spec, found).tables)
    kept = keeps_formulas()
    write_comparison(out, found, tables, lambda files: run_file(world, told, files), keep_formulas=kept)
    return found


def _tell(found: list[Compared], spec: Spec, costs: Sequence[Sequence[str]], out: Path, basis: str) -> None:
    for pair, lines in zip(found, costs, strict=True):
        if len(found) > 1:
            click.echo(f"{pair.before_name} -> {pair.after_name}")
        for comparison in pair.results:
            click.echo(totals_line(comparison, spec.limit_min * 60))
        for line in lines:
            click.echo(line)
    click.echo(f"Place by place in {out}; what it rests on in {run_path(out)}. {basis}")


def _files(run: RunFile, path: Path) -> dict[str, str]:
    """Digests of the files of a run, by what follows their common stem."""
    stem = path.name.removesuffix(RUN).removesuffix(path.suffix)
    return {name.removeprefix(stem): digest for name, digest in run.files.items()}


def _tell_sameness(first: dict[str, str], second: dict[str, str], before: RunFile, world: World) -> None:
    """Say that the same came out, or else why not."""
    if first == second:
        click.echo(f"The same to the last byte: {len(second)} files.")
        return
    reasons = []
    if first.keys() != second.keys():
        reasons.append("the files are of another kind")
    if before.code != code_digest():
        reasons.append(f"this program is not that of the run (version {before.version})")
    if before.assumptions != assumptions_of(world):
        reasons.append("assumptions have changed")
    msg = f"Not the same: {' and '.join(reasons) or 'the libraries may be others'}."
    raise InputError(msg)
