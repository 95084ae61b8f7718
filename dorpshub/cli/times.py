"""The verb `times`."""

from __future__ import annotations

from pathlib import Path

from data.files.tables import write_table
from dorpshub.cli import typed
from dorpshub.cli.source import Source, basis, unknown_lines
from scenarios.comparison.compare import outcomes
from scenarios.comparison.report import times_table


def times(source: Source, kinds: str, modes: str, out: Path) -> None:
    """Time of every place to its nearest facility, for every kind and mode."""
    world = source.opened().world
    results = outcomes(world, typed.kinds(kinds, world), typed.modes_had(modes, world))
    table = times_table(world, results)
    write_table(out, table)
    source.tell([*unknown_lines(results), f"{len(table)} rows in {out}. {basis(world)}"])
