"""The verb `matrix`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from accessibility.assumptions import Assumptions
from accessibility.od_matrix import OdTimes
from accessibility.travel_network import Points
from data.errors import InputError
from data.metadata.about import About, Credit, made_by
from data.osm.file_names import is_osm_file
from data.study_area.region_toml import digest
from data.user_cache import user_cache
from dorpshub.cli import typed
from dorpshub.cli.options import write_result
from dorpshub.cli.progress_bar import progress_bar
from dorpshub.cli.source import pooled, show_report
from dorpshub.points import Moment, ground_of, profiles_with, times_between, with_access
from scenarios.blocks.matrix import od_times_in_blocks
from scenarios.blocks.workers import Workers, forget, parts_folder


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
    no_cache: bool,
    quiet: bool,
    workers: Workers | None,
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
    bar = progress_bar(quiet=quiet)
    kept = None if no_cache else user_cache("networks")
    ground = ground_of(streets, sources if riding else (), moment, profiles, asked, limits, crs, bar, kept)
    network, between = ground.network, None
    if workers is not None:
        files = digest(_files([streets, *sources, origins, destinations]))
        folder = parts_folder(
            out, files, repr((asked, leaving, percents, moment, speeds, car_terminal_min, limits, crs))
        )

        def between(start: Points, end: Points) -> list[OdTimes]:
            return od_times_in_blocks(network, asked, start, end, leaving, percents, folder, workers, bar)

    table, points_report = times_between(ground, origins, destinations, asked, leaving, percents, between)
    when = () if moment.day is None else (("service date", moment.day.isoformat()),)
    layers = (("streets", streets), *(("timetable", feed) for feed in feeds))
    sources_of = tuple(Credit(layer, "", file.name, "", "") for layer, file in layers)
    write_result(
        out, table, About("matrix", streets.name, ground.projection.crs, made_by(), when, sources_of)
    )
    if workers is not None:
        forget(folder)
    if not quiet:
        show_report(ground.report + points_report)
        click.echo(f"{len(table)} rows in {out}. {pooled(ground.network)}".rstrip())


def _files(paths: list[Path]) -> list[Path]:
    """Files, and those in folders."""
    return [
        file
        for path in paths
        for file in (sorted(path.rglob("*")) if path.is_dir() else [path])
        if file.is_file()
    ]
