"""The verb `build`."""

from __future__ import annotations

import datetime as dt

import click

from dorpshub.cli.progress_bar import progress_bar
from dorpshub.cli.source import opened, show_report


def build(region: str, service_date: dt.datetime | None, quiet: bool) -> None:
    """Build a region, and tell what was assumed, repaired or dropped."""
    world = opened(region, service_date, progress_bar(quiet=quiet))
    if not quiet:
        show_report(world.report)
        click.echo(
            f"{world.region.title} is ready: {len(world.places.id)} places, {len(world.facilities.id)} facilities, "
            f"{world.network.streets.n_edges} street edges, {len(world.network.service.stop_x_m)} stops."
        )
