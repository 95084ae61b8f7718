"""What the verbs of `dorpshub` share: options, the progress bar, and what every answer rests on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from accessibility.travel_network import Progress, TravelNetwork
from accessibility.travel_times import MODES
from accessibility.world import World, on_date, open_world
from data.build_report import BuildReport
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.comparison.report import window_text
from scenarios.edits.apply import apply
from scenarios.edits.json_text import read_scenario
from scenarios.edits.scenario import EMPTY, Scenario

DEFAULT_REGION = "zuid-oost-drenthe"

region_argument = click.argument("region", default=DEFAULT_REGION)
quiet_option = click.option("--quiet", is_flag=True, help="No progress bars and no summary.")
kinds_option = click.option("--kinds", default="", help="Separated by commas; all that occur when left out.")
modes_option = click.option("--modes", default=",".join(mode.name for mode in MODES), show_default=True)
rides_option = click.option(
    "--max-rides",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Vehicles boarded; 0: any number.",
)
out_file = click.Path(dir_okay=False, path_type=Path)
in_file = click.Path(path_type=Path)
scenario_option = click.option(
    "--scenario", "scenario_file", type=in_file, help="Scenario (JSON) to apply first."
)
date_option = click.option(
    "--date",
    "service_date",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Service date for public transport; that of the region when left out.",
)


def opened(region: str, service_date: dt.datetime | None, bar: Progress) -> World:
    """Open a region on the date of `date_option`."""
    world = open_world(region, bar)
    return on_date(world, service_date.date(), bar) if service_date else world


def progress(*, quiet: bool) -> Progress:
    """One bar on standard error for the thing being done; the next thing closes it."""
    bars: list[tqdm[Any]] = []

    def show(label: str, share: float) -> None:
        if quiet:
            return
        if not bars or bars[-1].desc != label:
            for bar in bars:
                bar.close()
            form = "{desc:<28}{bar:30} {percentage:3.0f}% {elapsed}"
            bars[:] = [tqdm(total=100, desc=label, bar_format=form)]
        bars[-1].update(100 * share - bars[-1].n)

    return show


def show_report(report: BuildReport) -> None:
    """Print what was assumed, repaired or dropped."""
    for found in report.findings:
        examples = f" ({', '.join(found.examples)})" if found.examples else ""
        click.echo(f"{found.layer}: {found.action} {found.count} x {found.what}{examples}")


def basis(world: World) -> str:
    """Say what every figure rests on."""
    region = world.region
    modelled = [source.layer for source in region.layers if source.origin == "modelled"]
    return (
        f"Public transport: {region.service_date.isoformat()}, departures {window_text(world.window)}, traveller: "
        f"{world.traveller.id}. {pooled(world.network)}Modelled layers: {', '.join(modelled) or 'none'}."
    )


def pooled(network: TravelNetwork) -> str:
    """What else the times by public transport rest on, where it is not what one would expect."""
    max_rides, n_draws = network.assumptions.max_rides, network.service.n_draws
    rides = f"At most {max_rides} {'ride' if max_rides == 1 else 'rides'}. " if max_rides else ""
    drawn = "Some lines publish a headway and no times: pooled over"
    return rides + (f"{drawn} {n_draws} draws of them. " if n_draws > 1 else "")


def with_scenario(world: World, file: Path | None) -> World:
    """World with the scenario of a file, or as it is."""
    scenario: Scenario = read_scenario(file) if file else EMPTY
    return apply(world, scenario, load_facility_kinds())
