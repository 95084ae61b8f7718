"""What the verbs of `dorpshub` share: options, the progress bar, and what every answer rests on.

What is typed on the command line, turned into values; each mistake is an InputError that says what to type.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from accessibility.asked import kinds_named, modes_named
from accessibility.travel_network import Points, TravelNetwork
from accessibility.travel_times import MODES, TravelMode
from accessibility.world import World, on_date, open_world
from data.build_report import BuildReport
from data.clock import parse_clock
from data.errors import InputError
from data.files.tables import read_points, refuse_far_points
from data.parameters.facility_kinds import load_facility_kinds
from data.progress import Progress
from data.projection import Projection, utm_projection
from data.streets import StreetMap
from data.units import MPS_PER_KMH
from network.modes.modes import PROFILES, Profile, with_speed
from network.transit.departures import Window
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


def scenario(file: Path | None) -> Scenario:
    """Scenario of a file, or the one without edits."""
    return read_scenario(file) if file else EMPTY


def with_scenario(world: World, file: Path | None) -> World:
    """World with the scenario of a file, or as it is."""
    return apply(world, scenario(file), load_facility_kinds())


def modes(text: str) -> list[TravelMode]:
    """The modes named, separated by commas, each once."""
    return modes_named(_parts(text))


def _parts(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def with_limits(modes: list[TravelMode], access_max_min: float) -> list[TravelMode]:
    """The modes with so many minutes at most to the first stop, and from the last."""
    limit_s = round(access_max_min * 60)
    return [replace(mode, access_max_s=limit_s, egress_max_s=limit_s) for mode in modes]


def with_max_rides(world: World, max_rides: int) -> World:
    """World in which so many vehicles are boarded at most; 0 for any number."""
    network = world.network
    limited = replace(network, assumptions=replace(network.assumptions, max_rides=max_rides))
    return replace(world, network=limited)


def kinds(text: str, *worlds: World) -> list[str]:
    """The kinds asked for, or all that occur in any of the worlds, in the order of the table of kinds."""
    return kinds_named(_parts(text), *worlds)


def percents(text: str) -> tuple[float, ...]:
    """Percentages between 0 and 100, separated by commas."""
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    in_range = all(0 <= number <= 100 for number in numbers)
    if not numbers or not in_range or len(set(numbers)) < len(numbers):
        msg = f"--percentiles '{text}': write numbers between 0 and 100, separated by commas, none of them twice."
        raise InputError(msg)
    return numbers


def window(depart: str, window_min: int) -> Window:
    """A departure each minute from HH:MM on."""
    return Window(parse_clock(depart), 60, window_min)


def points(path: Path, streets: StreetMap, projection: Projection) -> tuple[tuple[str, ...], Points]:
    """Ids and points of a table with id, lon, lat, all of them near the streets."""
    ids, lon_deg, lat_deg = read_points(path)
    refuse_far_points(path, ids, lon_deg, lat_deg, streets)
    return ids, Points(*projection.to_metres(lon_deg, lat_deg))


def profiles(options: dict[str, Any]) -> tuple[Profile, ...]:
    """Profiles of all modes, with the traveller's own speeds in km/h where they are given."""
    return tuple(
        profile
        if options.get(f"{profile.name}_kmh") is None
        else with_speed(profile, options[f"{profile.name}_kmh"] * MPS_PER_KMH)
        for profile in PROFILES
    )


def projection(crs: str, streets: StreetMap) -> Projection:
    """The coordinate system named, or the UTM zone of the streets."""
    return Projection(crs) if crs else utm_projection(streets.lon_deg, streets.lat_deg)
