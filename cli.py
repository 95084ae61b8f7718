"""The `dorpshub` command: thin verbs over the layers."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from accessibility.assumptions import Assumptions
from accessibility.od_matrix import od_times
from accessibility.place_times import place_departing, place_times
from accessibility.travel_network import Points, Progress, TravelNetwork, build_travel_network
from accessibility.travel_times import MODES, TravelMode
from accessibility.world import World, open_world
from data.build_report import BuildReport
from data.clock import clock_text, parse_clock
from data.errors import DorpshubError, InputError
from data.features import load_facility_kinds
from data.gtfs import read_timetable
from data.osm import OsmExtract, read_osm
from data.projection import Projection, utm_projection
from data.streets import StreetMap
from data.tables import read_points, refuse_far_points, write_table
from data.timetable import NO_TIMETABLE
from network.departures import Window
from network.modes import PROFILES, with_speed
from scenarios.edits import EMPTY, Scenario, apply
from scenarios.evaluate import compare
from scenarios.library import read_scenario
from scenarios.report import comparison_table, matrix_table, times_table, totals_line

DEFAULT_REGION = "zuid-oost-drenthe"
MPS_PER_KMH = 1 / 3.6

region_argument = click.argument("region", default=DEFAULT_REGION)
quiet_option = click.option("--quiet", is_flag=True, help="No progress bars and no summary.")
kinds_option = click.option("--kinds", default="", help="Separated by commas; all that occur when left out.")
modes_option = click.option("--modes", default=",".join(mode.name for mode in MODES), show_default=True)
out_file = click.Path(dir_okay=False, path_type=Path)
in_file = click.Path(path_type=Path)


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
    world = open_world(region, _progress(quiet=quiet))
    if not quiet:
        _show_report(world.report)
        click.echo(
            f"{world.region.title} is ready: {len(world.places.id)} places, {len(world.facilities.id)} facilities, "
            f"{world.network.streets.n_edges} street edges, {len(world.network.service.stop_x_m)} stops."
        )


@commands.command()
@region_argument
@click.option("--scenario", "scenario_file", type=in_file, help="Scenario (JSON) to apply first.")
@kinds_option
@modes_option
@click.option(
    "--out", type=out_file, default=Path("times.csv"), show_default=True, help=".csv, .parquet or .geojson"
)
@quiet_option
def times(region: str, scenario_file: Path | None, kinds: str, modes: str, out: Path, quiet: bool) -> None:
    """Time of every place to its nearest facility, for every kind and mode."""
    progress = _progress(quiet=quiet)
    world = _with_scenario(open_world(region, progress), scenario_file)
    results = []
    for mode in _modes(modes):
        leaving = place_departing(world, mode)
        results += [(mode, place_times(world, kind, mode, leaving)) for kind in _kinds(kinds, world)]
    table = times_table(world, results)
    write_table(out, table)
    if not quiet:
        click.echo(f"{len(table)} rows in {out}. {_basis(world)}")


@commands.command(name="compare")
@region_argument
@click.argument("first", type=in_file)
@click.argument("second", type=in_file, required=False)
@kinds_option
@modes_option
@click.option(
    "--limit-min", default=10.0, show_default=True, help="Minutes within which inhabitants are counted."
)
@click.option(
    "--out",
    type=out_file,
    default=Path("comparison.csv"),
    show_default=True,
    help=".csv, .parquet or .geojson",
)
@quiet_option
def compare_command(
    region: str,
    first: Path,
    second: Path | None,
    kinds: str,
    modes: str,
    limit_min: float,
    out: Path,
    quiet: bool,
) -> None:
    """Compare the region with scenario FIRST, or scenario FIRST with scenario SECOND."""
    progress = _progress(quiet=quiet)
    world = open_world(region, progress)
    before = _with_scenario(world, first if second else None)
    after = _with_scenario(world, second or first)
    results = []
    for mode in _modes(modes):
        leaving = place_departing(world, mode)
        results += [
            (mode, compare(before, after, kind, mode, leaving)) for kind in _kinds(kinds, before, after)
        ]
    write_table(out, comparison_table(before, after, results))
    if not quiet:
        for _, comparison in results:
            click.echo(totals_line(comparison, limit_min * 60))
        click.echo(f"Place by place in {out}. {_basis(world)}")


@commands.command()
@click.option("--streets", type=in_file, required=True, help="OSM file: .osm.pbf, .osm or .osm.gz")
@click.option(
    "--timetable", "feeds", type=in_file, multiple=True, help="GTFS zip or folder; may be repeated."
)
@click.option("--origins", type=in_file, required=True, help="CSV with id, lon, lat")
@click.option("--destinations", type=in_file, required=True, help="CSV with id, lon, lat")
@click.option(
    "--modes", default="walk,bike,ebike,car", show_default=True, help="Also transit and bike_transit."
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
@quiet_option
def matrix(**options: Any) -> None:  # noqa: ANN401 -- click hands over eighteen options, each checked above
    """Times from every origin to every destination, from any files: no region needed."""
    progress = _progress(quiet=options["quiet"])
    modes, percents = _modes(options["modes"]), _percents(options["percentiles"])
    window = _window(options["depart"], options["window_min"])
    if any(mode.rides for mode in modes) and not (options["feeds"] and options["service_date"]):
        msg = "Modes transit and bike_transit need --timetable and --date."
        raise InputError(msg)
    progress("reading the streets", 0.0)
    extract = read_osm(options["streets"], load_facility_kinds())
    projection = _projection(options["crs"], extract.streets)
    origin_id, origins = _points(options["origins"], extract.streets, projection)
    destination_id, destinations = _points(options["destinations"], extract.streets, projection)
    network, report = _network(options, extract, modes, projection, progress)
    results = [od_times(network, mode, origins, destinations, window, percents) for mode in modes]
    table = matrix_table(origin_id, destination_id, results, percents)
    write_table(options["out"], table)
    if not options["quiet"]:
        _show_report(report)
        click.echo(f"{len(table)} rows in {options['out']}.")


def _network(
    options: dict[str, Any],
    extract: OsmExtract,
    modes: list[TravelMode],
    projection: Projection,
    progress: Progress,
) -> tuple[TravelNetwork, BuildReport]:
    """Streets of the extract, with the timetable of the feeds when a mode rides."""
    report, timetable = extract.report, NO_TIMETABLE
    if any(mode.rides for mode in modes):
        timetable, timetable_report = read_timetable(options["feeds"], options["service_date"].date())
        report += timetable_report
    assumptions = replace(
        Assumptions(),
        access_max_s=round(options["max_access_min"] * 60),
        travel_max_s=round(options["max_min"] * 60),
    )
    network, network_report = build_travel_network(
        extract.streets, timetable, projection, _profiles(options), assumptions, progress
    )
    return network, report + network_report


def _projection(crs: str, streets: StreetMap) -> Projection:
    return Projection(crs) if crs else utm_projection(streets.lon_deg, streets.lat_deg)


def _progress(*, quiet: bool) -> Progress:
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


def _show_report(report: BuildReport) -> None:
    for found in report.findings:
        examples = f" ({', '.join(found.examples)})" if found.examples else ""
        click.echo(f"{found.layer}: {found.action} {found.count} x {found.what}{examples}")


def _basis(world: World) -> str:
    region = world.region
    modelled = [source.layer for source in region.layers if source.origin == "modelled"]
    return (
        f"Public transport: {region.service_date.isoformat()}, departures {clock_text(region.window_start)} to "
        f"{clock_text(region.window_end)}, travellers at the speeds of adults. "
        f"Modelled layers: {', '.join(modelled) or 'none'}."
    )


def _with_scenario(world: World, file: Path | None) -> World:
    scenario: Scenario = read_scenario(file) if file else EMPTY
    return apply(world, scenario, load_facility_kinds())


def _modes(text: str) -> list[TravelMode]:
    known = {mode.name: mode for mode in MODES}
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        msg = f"Unknown modes '{', '.join(unknown)}'. Modes are {', '.join(known)}, separated by commas."
        raise InputError(msg)
    return [known[name] for name in dict.fromkeys(names)]


def _kinds(text: str, *worlds: World) -> list[str]:
    """The kinds asked for, or all that occur in any of the worlds, in the order of the table of kinds."""
    known = load_facility_kinds().ids
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown:
        msg = f"Unknown kinds '{', '.join(unknown)}'. Kinds are {', '.join(known)}, separated by commas."
        raise InputError(msg)
    occurring = {kind for world in worlds for kind in world.facilities.kind}
    return names or [kind for kind in known if kind in occurring]


def _percents(text: str) -> tuple[float, ...]:
    try:
        percents = tuple(float(part) for part in text.split(","))
    except ValueError:
        percents = ()
    if (
        not percents
        or not all(0 <= percent <= 100 for percent in percents)
        or len(set(percents)) < len(percents)
    ):
        msg = f"--percentiles '{text}': write numbers between 0 and 100, separated by commas, none of them twice."
        raise InputError(msg)
    return percents


def _window(depart: str, window_min: int) -> Window:
    return Window(parse_clock(depart), 60, window_min)


def _points(path: Path, streets: StreetMap, projection: Projection) -> tuple[tuple[str, ...], Points]:
    ids, lon_deg, lat_deg = read_points(path)
    refuse_far_points(path, ids, lon_deg, lat_deg, streets)
    return ids, Points(*projection.to_metres(lon_deg, lat_deg))


def _profiles(options: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(
        profile
        if options.get(f"{profile.name}_kmh") is None
        else with_speed(profile, options[f"{profile.name}_kmh"] * MPS_PER_KMH)
        for profile in PROFILES
    )


if __name__ == "__main__":
    main()
