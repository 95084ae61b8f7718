"""The `dorpshub` command: thin verbs over the layers."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path

import click

from accessibility.assumptions import Assumptions
from accessibility.od_matrix import od_network, od_times
from accessibility.travel_times import refuse_out_of_reach
from data.errors import DorpshubError, InputError
from data.files.tables import write_table
from data.osm.file_names import is_osm_file
from data.osm.street_files import read_streets
from data.study_area.public_transport import read_public_transport
from dorpshub.cli import compare, fetch_check, init, measures, place, rounds, typed
from dorpshub.cli.options import (
    Verbs,
    basis,
    basis_of,
    in_file,
    opened,
    out_file,
    pooled,
    positive,
    progress_bar,
    region_argument,
    shared,
    show_report,
    tell_unknown,
    with_max_rides,
    with_scenario,
)
from dorpshub.library import Region, explain
from network.modes.modes import CAR
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


@click.group(cls=Verbs)
@click.version_option(package_name="dorpshub")
def commands() -> None:
    """Travel times from every village to GPs, supermarkets and hubs, before and after a change."""


@commands.command()
@region_argument
@shared("--date")
@shared("--quiet")
def build(region: str, service_date: dt.datetime | None, quiet: bool) -> None:
    """Turn a region folder into ready arrays, and say what was assumed, repaired or dropped."""
    world = opened(region, service_date, progress_bar(quiet=quiet))
    if not quiet:
        show_report(world.report)
        click.echo(
            f"{world.region.title} is ready: {len(world.places.id)} places, {len(world.facilities.id)} facilities, "
            f"{world.network.streets.n_edges} street edges, {len(world.network.service.stop_x_m)} stops."
        )


@commands.command()
@region_argument
@shared("--scenario")
@shared("--kinds")
@shared("--modes")
@shared("--traveller")
@click.option(
    "--out", type=out_file, default=Path("times.csv"), show_default=True, help=".csv, .parquet or .geojson"
)
@shared("--max-rides")
@shared("--date")
@shared("--quiet")
def times(
    region: str,
    scenario_file: Path | None,
    kinds: str,
    modes: str,
    traveller: str,
    out: Path,
    max_rides: int,
    service_date: dt.datetime | None,
    quiet: bool,
) -> None:
    """Time of every place to its nearest facility, for every kind and mode."""
    world = opened(region, service_date, progress_bar(quiet=quiet), traveller)
    world = with_scenario(with_max_rides(world, max_rides), scenario_file)
    results = outcomes(world, typed.kinds(kinds, world), typed.modes_had(modes, world))
    table = times_table(world, results)
    write_table(out, table)
    if not quiet:
        tell_unknown(results)
        click.echo(f"{len(table)} rows in {out}. {basis(world)}")


@commands.command(name="explain")
@region_argument
@click.option("--from", "origin", required=True, help="Name or id of a place.")
@click.option(
    "--to", "target", required=True, help="Name or id of a place, or a kind of facility: the nearest."
)
@shared("--mode")
@shared("--traveller")
@click.option("--at", "departure", help="Leave at HH:MM.")
@click.option("--arrive-by", help="Be there by HH:MM, leaving as late as possible.")
@shared("--max-rides")
@shared("--scenario")
@shared("--date")
def explain_command(
    region: str,
    origin: str,
    target: str,
    mode: str,
    traveller: str,
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
    world = opened(region, service_date, progress_bar(quiet=True), traveller)
    world = with_scenario(with_max_rides(world, max_rides), scenario_file)
    by = typed.mode(mode, world)
    way = explain(Region(world), origin, target, by.name, at=departure, arrive_by=arrive_by)
    click.echo(str(way))
    if way.legs:
        when = f"leaving at {departure}" if departure else f"to be there by {arrive_by}"
        click.echo(basis_of(world, when))


@commands.command()
@shared("--streets", note="Or a graph of OSMnx (.graphml).")
@shared("--timetable", note="Or a folder.")
@click.option(
    "--routes-from-osm",
    is_flag=True,
    help="Make a timetable of the routes mapped in the streets file, by assumption where tags are missing.",
)
@click.option("--origins", type=in_file, required=True, help="CSV with id, lon, lat")
@click.option("--destinations", type=in_file, required=True, help="CSV with id, lon, lat")
@shared("--modes", default="walk,bike,ebike,car", show_default=True)
@shared("--date", show_default=False, note="Needed for modes that ride.")
@shared("--depart")
@shared("--window-min")
@click.option(
    "--percentiles", default="25,50,75", show_default=True, help="Over the departures of the window."
)
@click.option(
    "--max-min",
    type=positive,
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
    "--car-terminal-min",
    type=click.FloatRange(0, 60),
    default=CAR.terminal_s / 60,
    show_default=True,
    help="At each end of a drive: getting in, finding a place, parking.",
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
@shared("--max-rides")
@shared("--quiet")
def matrix(
    streets: Path,
    feeds: tuple[Path, ...],
    routes_from_osm: bool,
    origins: Path,
    destinations: Path,
    modes: str,
    service_date: dt.datetime | None,
    depart: str,
    window_min: int,
    percentiles: str,
    max_min: float,
    walk_kmh: float | None,
    bike_kmh: float | None,
    ebike_kmh: float | None,
    car_terminal_min: float,
    max_access_min: float,
    crs: str,
    out: Path,
    max_rides: int,
    quiet: bool,
) -> None:
    """Times from every origin to every destination, from any files: no region needed."""
    progress = progress_bar(quiet=quiet)
    asked = typed.with_limits(typed.modes(modes), max_access_min)
    percents = typed.percents(percentiles)
    window = typed.window(depart, window_min)
    if routes_from_osm and not is_osm_file(streets.name):
        msg = f"{streets}: --routes-from-osm needs an OSM file; other files have no routes."
        raise InputError(msg)
    riding = ", ".join(mode.name for mode in asked if mode.is_timed)
    sources = (*feeds, *([streets] if routes_from_osm else []))
    if riding and not (sources and service_date):
        msg = (
            f"Going by {riding} needs --timetable and --date; --routes-from-osm may stand in for --timetable."
        )
        raise InputError(msg)
    date = service_date.date() if riding and service_date else dt.date.min
    transport = read_public_transport(sources if riding else (), date)
    progress("reading the streets", 0.0)
    street_map, streets_report = read_streets(streets)
    projection = typed.projection(crs, street_map)
    origin_id, starting = typed.points(origins, street_map, projection)
    destination_id, ending = typed.points(destinations, street_map, projection)
    speeds_kmh = {"walk": walk_kmh, "bike": bike_kmh, "ebike": ebike_kmh}
    profiles = typed.profiles(speeds_kmh, {CAR.name: car_terminal_min})
    limits = replace(Assumptions(), travel_max_s=round(max_min * 60), max_rides=max_rides)
    network, network_report = od_network(street_map, transport, projection, profiles, limits, progress)
    refuse_out_of_reach(network, asked, starting)
    results = [od_times(network, mode, starting, ending, window, percents) for mode in asked]
    table = matrix_table(origin_id, destination_id, results, percents)
    write_table(out, table)
    if not quiet:
        show_report(streets_report + network_report)
        click.echo(f"{len(table)} rows in {out}. {pooled(network)}".rstrip())


for verb in (
    init.init,
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
