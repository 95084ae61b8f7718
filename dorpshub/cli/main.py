"""The `dorpshub` command: thin verbs over the layers."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from accessibility.assumptions import Assumptions
from data.errors import DorpshubError, InputError
from data.files.tables import write_table
from data.osm.file_names import is_osm_file
from dorpshub.answers import explain
from dorpshub.cli import compare, fetch_check, init, measures, place, rounds, typed
from dorpshub.cli.options import (
    Source,
    Verbs,
    basis,
    basis_of,
    flag,
    in_file,
    of_region,
    opened,
    out_file,
    out_option,
    pooled,
    positive,
    progress_bar,
    region_argument,
    shared,
    show_report,
    unknown_lines,
)
from dorpshub.points import MOST_TERMINAL_MIN, Moment, ground_of, profiles_with, times_between, with_access
from dorpshub.regions import Region, arriving
from network.modes.modes import CAR
from scenarios.comparison.compare import outcomes
from scenarios.comparison.report import times_table


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
@of_region
@shared("--kinds")
@shared("--modes")
@shared("--arrive-by")
@out_option("times.csv", ".csv, .parquet or .geojson")
def times(source: Source, kinds: str, modes: str, arrive_by: str, out: Path) -> None:
    """Time of every place to its nearest facility, for every kind and mode."""
    world = arriving(source.opened().world, arrive_by)
    results = outcomes(world, typed.kinds(kinds, world), typed.modes_had(modes, world))
    table = times_table(world, results)
    write_table(out, table)
    source.tell([*unknown_lines(results), f"{len(table)} rows in {out}. {basis(world)}"])


@commands.command(name="explain")
@of_region
@click.option("--from", "origin", required=True, help="Name or id of a place.")
@click.option(
    "--to", "target", required=True, help="Name or id of a place, or a kind of facility: the nearest."
)
@shared("--mode")
@click.option("--at", "departure", help="Leave at HH:MM.")
@click.option("--arrive-by", help="Be there by HH:MM, leaving as late as possible.")
def explain_command(
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


@commands.command()
@shared("--streets", note="Or a graph of OSMnx (.graphml).")
@shared("--timetable", note="Or a folder.")
@flag(
    "--routes-from-osm",
    "Make a timetable of the routes mapped in the streets file, by assumption where tags are missing.",
)
@click.option("--origins", type=in_file, required=True, help="CSV with id, lon, lat")
@click.option("--destinations", type=in_file, required=True, help="CSV with id, lon, lat")
@shared("--modes", default="walk,bike,ebike,car", show_default=True)
@shared("--date", show_default=False, note="Needed for modes that ride.")
@shared("--window")
@shared("--depart")
@shared("--window-min")
@shared("--arrive-by", note="Instead of --window.")
@click.option(
    "--percentiles", default="25,50,75", show_default=True, help="Over the departures, or times of arrival."
)
@click.option("--max-min", type=positive, default=240.0, show_default=True, help="Longer is not reached.")
@click.option("--walk-kmh", type=click.FloatRange(0.5, 15), help="Walking speed; 4.8 when left out.")
@click.option("--bike-kmh", type=click.FloatRange(3, 50), help="Cycling speed; 15.8 when left out.")
@click.option("--ebike-kmh", type=click.FloatRange(3, 50), help="E-bike speed; 18.7 when left out.")
@click.option(
    "--car-terminal-min",
    type=click.FloatRange(0, MOST_TERMINAL_MIN),
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
@shared("--boarding-slack-s")
@shared("--quiet")
def matrix(
    streets: Path,
    feeds: tuple[Path, ...],
    routes_from_osm: bool,
    origins: Path,
    destinations: Path,
    modes: str,
    service_date: dt.datetime | None,
    window: str,
    depart: str,
    window_min: int,
    arrive_by: str,
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
    boarding_slack_s: int,
    quiet: bool,
) -> None:
    """Times from every origin to every destination, from any files: no region needed."""
    asked = with_access(typed.modes(modes), max_access_min)
    percents = typed.percents(percentiles)
    leaving = typed.arrivals_or(arrive_by, window, depart, window_min)
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
    moment = Moment(service_date.date() if service_date else None, leaving.first)
    speeds = {"walk": walk_kmh, "bike": bike_kmh, "ebike": ebike_kmh}
    profiles = profiles_with({name: kmh for name, kmh in speeds.items() if kmh is not None}, car_terminal_min)
    limits = Assumptions(
        travel_max_s=round(max_min * 60), max_rides=max_rides, first_boarding_slack_s=boarding_slack_s
    )
    ground = ground_of(
        streets, sources if riding else (), moment, profiles, limits, crs, progress_bar(quiet=quiet)
    )
    table, points_report = times_between(ground, origins, destinations, asked, leaving, percents)
    write_table(out, table)
    if not quiet:
        show_report(ground.report + points_report)
        click.echo(f"{len(table)} rows in {out}. {pooled(ground.network)}".rstrip())


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
