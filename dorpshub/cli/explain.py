"""The verb `explain`."""

from __future__ import annotations

import click

from data.errors import InputError
from dorpshub.answers import explain
from dorpshub.cli import typed
from dorpshub.cli.source import Source, basis_of
from dorpshub.regions import Region


def explain_way(
    source: Source, origin: str, target: str, mode: str, departure: str | None, arrive_by: str | None
) -> None:
    """Tell the legs of one way: walks, waits, rides and changes."""
    if (departure is None) == (arrive_by is None):
        msg = "Say either --at, when to leave, or --arrive-by, when to be there."
        raise InputError(msg)
    world = source.opened().world
    by = typed.mode(mode, world)
    way = explain(Region(world), origin, target, by.name, at=departure, arrive_by=arrive_by)
    click.echo(str(way))
    when = f"leaving at {departure}" if departure else f"to be there by {arrive_by}"
    source.tell([basis_of(world, when)] if way.legs else [])
