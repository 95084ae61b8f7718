"""The verb `times`."""

from __future__ import annotations

from pathlib import Path

from dorpshub.cli import typed
from dorpshub.cli.options import write_result
from dorpshub.cli.source import Source, basis, unknown_lines
from dorpshub.regions import arriving
from scenarios.blocks.nearest import outcomes_in_blocks
from scenarios.blocks.workers import Workers, forget, parts_folder
from scenarios.comparison.compare import outcomes
from scenarios.comparison.report import about, times_table


def times(source: Source, kinds: str, modes: str, arrive_by: str, out: Path, workers: Workers | None) -> None:
    """Time of every place to its nearest facility, for every kind and mode."""
    found = source.opened()
    world = arriving(found.world, arrive_by)
    asked = typed.kinds(kinds, world)
    by = typed.modes_had(modes, world)
    if workers is None:
        results = outcomes(world, asked, by)
    else:
        of = source.world_of(found, world.window)
        folder = parts_folder(out, world.digest, repr((of, asked, by)))
        results = outcomes_in_blocks(world, of, asked, by, folder, workers, source.progress())
    table = times_table(world, results)
    write_result(out, table, about(world, "times"))
    if workers is not None:
        forget(folder)
    source.tell([*unknown_lines(results), f"{len(table)} rows in {out}. {basis(world)}"])
