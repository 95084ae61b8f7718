"""The `dorpshub` command: thin verbs over the layers."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from accessibility.asked import mode_or_none
from accessibility.assumptions import Assumptions
from accessibility.od_matrix import od_network, od_times
from accessibility.travel_times import MODES, TAKING_ALONG, refuse_out_of_reach
from accessibility.world import open_world
from data.errors import DorpshubError, InputError
from data.files.tables import write_table
from data.osm.file_names import is_osm_file
from data.osm.street_files import read_streets
from data.study_area.public_transport import read_public_transport
from dorpshub.cli import compare, fetch_check, measures, place, rounds
from dorpshub.cli import options as options_verbs
from dorpshub.cli.options import (
    date_option,
    in_file,
    kinds_option,
    modes_option,
    out_file,
    quiet_option,
    region_argument,
    rides_option,
    scenario_option,
)
from dorpshub.library import Region, explain
from scenarios.comparison.compare import outcomes
from scenarios.comparison.report import matrix_table, times_table


def main() -> None:
    """Run the command; exit with 0, with 2 for what the user can mend, with 1 for anything else."""
    try:
        code = commands(standalone_mode=False)
    except click.exceptions.Abort:
        code = 1
    except click.ClickException as error:
        error.show()
        code = 2
    except DorpshubError as error:
        click.echo(f"dorpshub: {error}", err=True)
        code = 2
    sys.exit(code)


@click.group()
@click.version_option(package_name="dorpshub")
def commands() -> None:
    """Travel times from every village to GPs, supermarkets and hubs, before and after a change."""


@commands.command()
@region_argument
@quiet_option
def build(region: str, quiet: bool) -> None:
    """Turn a region folder into ready arrays, and say what was assumed, repaired or dropped."""
    world = open_world(region, options_verbs.progress(quiet=quiet))
    if not quiet:
        options_verbs.show_report(world.report)
        click.echo(
            f"{world.region.title} is ready: {len(world.places.id)} places, {len(world.facilities.id)} facilities, "
            f"{world.network.streets.n_edges} street edges, {len(world.network.service.stop_x_m)} stops."
        )


@commands.command()
@region_argument
@scenario_option
@kinds_option
@modes_option
@click.option(
    "--out", type=out_file, default=Path("times.csv"), show_default=True, help=".csv, .parquet or .geojson"
)
@rides_option
@date_option
@quiet_option
def times(
    region: str,
    scenario_file: Path | None,
    kinds: str,
    modes: str,
    out: Path,
    max_rides: int,
    service_date: dt.datetime | None,
    quiet: bool,
) -> None:
    """Time of every place to its nearest facility, for every kind and mode."""
    progress = options_verbs.progress(quiet=quiet)
    world = options_verbs.with_max_rides(options_verbs.opened(region, service_date, progress), max_rides)
    world = options_verbs.with_scenario(world, scenario_file)
    by = [mode_or_none(world, mode.name) for mode in options_verbs.modes(modes)]
    owned = [mode for mode in by if mode]
    if not owned:
        msg = f"Traveller {world.traveller.id} has the use of none of the modes {modes}."
        raise InputError(msg)
    results = outcomes(world, options_verbs.kinds(kinds, world), owned)
    table = times_table(world, results)
    write_table(out, table)
    if not quiet:
        click.echo(f"{len(table)} rows in {out}. {options_verbs.basis(world)}")


@commands.command(name="explain")
@region_argument
@click.option("--from", "origin", required=True, help="Name or id of a place.")
@click.option(
    "--to", "target", required=True, help="Name or id of a place, or a kind of facility: the nearest."
)
@click.option("--mode", default="transit", show_default=True)
@click.option("--at", "departure", help="Leave at HH:MM.")
@click.option("--arrive-by", help="Be there by HH:MM, leaving as late as possible.")
@rides_option
@scenario_option
@date_option
def explain_command(
    region: str,
    origin: str,
    target: str,
    mode: str,
    departure: str | None,
    arrive_by: str | None,
    max_rides: int,
    scenario_file: Path | None,
    service_date: dt.datetime | None,
) -> None:
    """Tell the legs of one way: walks, waits, rides and changes."""
    if (departure is None) == (arrive_by is None):
        msg = "Say either --at, when to leave, or --arrive-by, when to be there."
        raise InputError(msg)
    world = options_verbs.opened(region, service_date, options_verbs.progress(quiet=True))
    world = options_verbs.with_max_rides(world, max_rides)
    world = options_verbs.with_scenario(world, scenario_file)
    by, *others = options_verbs.modes(mode)
    if others:
        msg = f"--mode takes one mode, not '{mode}'."
        raise InputError(msg)
    way = explain(Region(world), origin, target, by.name, at=departure, arrive_by=arrive_by)
    click.echo(str(way))
    if way.legs:
        click.echo(options_verbs.basis(world))


@commands.command()
@click.option(
    "--streets",
    type=in_file,
    required=True,
    help="OSM file (.osm.pbf, .osm, .osm.gz), or a graph of OSMnx (.graphml)",
)
@click.option(
    "--timetable", "feeds", type=in_file, multiple=True, help="GTFS zip or folder; may be repeated."
)
@click.option(
    "--routes-from-osm",
    is_flag=True,
    help="Make a timetable of the routes mapped in the streets file, by assumption where tags are missing.",
)
@click.option("--origins", type=in_file, required=True, help="CSV with id, lon, lat")
@click.option("--destinations", type=in_file, required=True, help="CSV with id, lon, lat")
@click.option(
    "--modes",
    default="walk,bike,ebike,car",
    show_default=True,
    help=f"Also {', '.join(mode.name for mode in (*MODES, *TAKING_ALONG) if mode.is_timed)}.",
)
@click.option(
    "--date", "service_date", type=click.DateTime(["%Y-%m-%d"]), help="Service date for public transport."
)
@click.option("--depart", default="09:00", show_default=True, help="First departure, HH:MM")
@click.option(
    "--window-min",
    type=click.IntRange(1, 1440),
    default=60,
    show_default=True,
    help="A departure each minute.",
)
@click.option(
    "--percentiles", default="25,50,75", show_default=True, help="Over the departures of the window."
)
@click.option(
    "--max-min",
    type=click.FloatRange(0, min_open=True),
    default=240.0,
    show_default=True,
    help="Longer is not reached.",
)
@click.option(
    "--walk-kmh", type=click.FloatRange(0.5, 15), default=None, help="Walking speed; 4.8 when left out."
)
@click.option(
    "--bike-kmh", type=click.FloatRange(3, 50), default=None, help="Cycling speed; 15.8 when left out."
)
@click.option(
    "--ebike-kmh", type=click.FloatRange(3, 50), default=None, help="E-bike speed; 18.7 when left out."
)
@click.option(
    "--max-access-min",
    type=click.FloatRange(0),
    default=30.0,
    show_default=True,
    help="To the first stop, and from the last.",
)
@click.option(
    "--crs", default="", help="Projected coordinate system; the UTM zone of the streets when left out."
)
@click.option("--out", type=out_file, required=True, help=".csv or .parquet")
@rides_option
@quiet_option
def matrix(**options: Any) -> None:  # noqa: ANN401 -- click hands over eighteen options, each checked above
    """Times from every origin to every destination, from any files: no region needed."""
    progress = options_verbs.progress(quiet=options["quiet"])
    modes = options_verbs.with_limits(options_verbs.modes(options["modes"]), options["max_access_min"])
    percents = options_verbs.percents(options["percentiles"])
    window = options_verbs.window(options["depart"], options["window_min"])
    if options["routes_from_osm"] and not is_osm_file(options["streets"].name):
        msg = f"{options['streets']}: --routes-from-osm needs an OSM file; other files have no routes."
        raise InputError(msg)
    riding = ", ".join(mode.name for mode in modes if mode.is_timed)
    sources = (*options["feeds"], *([options["streets"]] if options["routes_from_osm"] else []))
    if riding and not (sources and options["service_date"]):
        msg = (
            f"Going by {riding} needs --timetable and --date; --routes-from-osm may stand in for --timetable."
        )
        raise InputError(msg)
    date = options["service_date"].date() if riding else dt.date.min
    transport = read_public_transport(sources if riding else (), date)
    progress("reading the streets", 0.0)
    streets, streets_report = read_streets(options["streets"])
    projection = options_verbs.projection(options["crs"], streets)
    origin_id, origins = options_verbs.points(options["origins"], streets, projection)
    destination_id, destinations = options_verbs.points(options["destinations"], streets, projection)
    limits = replace(
        Assumptions(), travel_max_s=round(options["max_min"] * 60), max_rides=options["max_rides"]
    )
    profiles = options_verbs.profiles(options)
    network, network_report = od_network(streets, transport, projection, profiles, limits, progress)
    refuse_out_of_reach(network, modes, origins)
    results = [od_times(network, mode, origins, destinations, window, percents) for mode in modes]
    table = matrix_table(origin_id, destination_id, results, percents)
    write_table(options["out"], table)
    if not options["quiet"]:
        options_verbs.show_report(streets_report + network_report)
        click.echo(f"{len(table)} rows in {options['out']}. {options_verbs.pooled(network)}".rstrip())


for verb in (
    measures.measures,
    measures.stress,
    rounds.rounds,
    compare.compare_command,
    compare.rerun_command,
    place.place,
    fetch_check.fetch,
    fetch_check.check,
    fetch_check.calibrate_command,
):
    commands.add_command(verb)

if __name__ == "__main__":
    main()
