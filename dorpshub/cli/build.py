"""The verb `build`."""

from __future__ import annotations

import datetime as dt
import hashlib
from contextlib import suppress

import click
import numpy as np

from accessibility.asked import mode_of, modes_in
from accessibility.world import World
from data.errors import DorpshubError
from data.progress import Progress
from dorpshub.cli.progress_bar import progress_bar
from dorpshub.cli.source import opened, show_report

ANSWERED = "answered"
"""File beside the machine code that says by which modes a region was asked, and whether it has several samples."""


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


def _between(world: World) -> tuple[tuple[float, float], ...]:
    """Line (lon, lat) from the first place to the one nearest to it."""
    x_m, y_m = world.places.x_m, world.places.y_m
    nearest = np.hypot(x_m - x_m[0], y_m - y_m[0]).argsort(kind="stable")[:2]
    lon_deg, lat_deg = world.projection.to_lonlat(x_m[nearest], y_m[nearest])
    return tuple(zip(lon_deg.tolist(), lat_deg.tolist(), strict=True))


def _answer_once(world: World, bar: Progress) -> None:
    """Ask what the app asks first, so that its machine code is there before anybody waits for it.

    The code is that of all regions: who builds again, or another one alike, does not ask again.
    """
    from network.jit import machine_code  # noqa: PLC0415 -- numba is loaded by now

    modes = [mode_of(world, name) for name in modes_in(world)]
    alike = " ".join([*(mode.name for mode in modes), str(world.network.service.n_samples > 1)])
    told = machine_code() / f"{ANSWERED}-{hashlib.sha256(alike.encode()).hexdigest()[:16]}"
    if told.is_file() or not world.facilities.kind:
        return
    from data.parameters.facility_kinds import load_facility_kinds  # noqa: PLC0415
    from scenarios.comparison.compare import outcomes  # noqa: PLC0415 -- once for each version
    from scenarios.edits.apply import apply  # noqa: PLC0415
    from scenarios.edits.scenario import Scenario  # noqa: PLC0415
    from scenarios.edits.streets import DrawPath  # noqa: PLC0415
    from ui.views.day import day_view  # noqa: PLC0415

    kind = world.facilities.kind[0]
    for number, mode in enumerate(modes):
        bar("compiling the searches", number / len(modes))
        outcomes(world, [kind], [mode])
        if mode.rides:
            day_view(world, 0, kind, mode)
    # What is drawn through the streets has searches of its own; a region in which nothing can be drawn there is left.
    with suppress(DorpshubError):
        drawn = apply(
            world,
            Scenario("", "", (DrawPath(line=_between(world), kind="cycle_path"),)),
            load_facility_kinds(),
        )
        outcomes(drawn, [kind], modes)
    bar("compiling the searches", 1.0)
    with suppress(OSError):  # where nothing can be written it is asked again next time
        told.parent.mkdir(parents=True, exist_ok=True)
        told.touch()
