"""The verb `build`."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import click

from accessibility.asked import mode_of, modes_in
from accessibility.world import World
from data.progress import Progress
from dorpshub.cli.progress_bar import progress_bar
from dorpshub.cli.source import opened, show_report

ANSWERED = "answered"
"""File in a ready folder that says that the first questions were asked of it."""


def build(region: str, service_date: dt.datetime | None, quiet: bool) -> None:
    """Build a region, and tell what was assumed, repaired or dropped."""
    bar = progress_bar(quiet=quiet)
    world = opened(region, service_date, bar)
    _answer_once(world, bar)
    if not quiet:
        show_report(world.report)
        click.echo(
            f"{world.region.title} is ready: {len(world.places.id)} places, {len(world.facilities.id)} facilities, "
            f"{world.network.streets.n_edges} street edges, {len(world.network.service.stop_x_m)} stops."
        )


def _answer_once(world: World, bar: Progress) -> None:
    """Ask what the app asks first, so that its machine code is there before anybody waits for it."""
    told = world.ready / ANSWERED
    if told.is_file() or not world.facilities.kind:
        return
    from scenarios.comparison.compare import outcomes  # noqa: PLC0415 -- once for each build
    from ui.views.day import day_view  # noqa: PLC0415

    kind, modes = world.facilities.kind[0], [mode_of(world, name) for name in modes_in(world)]
    for number, mode in enumerate(modes):
        bar("compiling the searches", number / len(modes))
        outcomes(world, [kind], [mode])
        if mode.rides:
            day_view(world, 0, kind, mode)
    bar("compiling the searches", 1.0)
    with suppress(OSError):  # where nothing can be written it is asked again next time
        told.touch()
