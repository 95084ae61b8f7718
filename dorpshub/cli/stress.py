"""The verb `stress`."""

from __future__ import annotations

from pathlib import Path

from accessibility.closures import closures
from accessibility.nearest_times import origin_access
from data.errors import InputError
from dorpshub.cli import typed
from dorpshub.cli.options import write_result
from dorpshub.cli.source import Source, basis
from scenarios.blocks.closures import closures_in_blocks
from scenarios.blocks.workers import Workers, forget, parts_folder
from scenarios.comparison.report import about
from scenarios.measures.closures import stress_lines, stress_pairs, stress_singles, stress_table


def stress(
    source: Source,
    kind: str,
    mode: str,
    pairs: bool,
    top: int,
    out: Path,
    workers: Workers | None,
) -> None:
    """Close every facility of a kind, one by one or two by two: whom it hits, by how much, and where most."""
    opened = source.opened()
    world = opened.world
    only, by = typed.kind(kind), typed.mode(mode, world)
    if only not in world.facilities.kind:
        msg = f"--kind '{kind}': there is none of it here to close. Name one kind that occurs."
        raise InputError(msg)
    if workers is None:
        access = origin_access(world.network, world.residents, by, world.window)
        found = closures(world.network, access, world.facilities, only, by, pairs=pairs)
    else:
        of = source.world_of(opened, world.window)
        folder = parts_folder(out, world.digest, repr((of, only, by, pairs)))
        bar = source.progress()
        found = closures_in_blocks(world, of, only, by, folder, workers, bar, pairs=pairs)
    table = stress_table(world, only, by, (stress_pairs if pairs else stress_singles)(world, found))
    write_result(out, table, about(world, "stress"))
    if workers is not None:
        forget(folder)
    source.tell(stress_lines(table.head(top)))
    source.tell([f"{len(table)} closures in {out}. {basis(world)}"])
