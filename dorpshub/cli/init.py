"""The verb `init`: a region out of a map and timetables."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import click
from pyproj import CRS

from data.own.new_region import Given, Made, make_region
from data.parameters.facility_kinds import load_facility_kinds
from dorpshub.cli.progress_bar import progress_bar
from dorpshub.cli.source import show_report


def init(
    folder: Path,
    streets: Path,
    feeds: tuple[Path, ...],
    places: Path | None,
    facilities: Path | None,
    title: str,
    force: bool,
    quiet: bool,
) -> None:
    """Make a region in FOLDER of your own files, and say what was proposed and assumed."""
    given = Given(title or _title(folder), streets, feeds, places, facilities)
    today = dt.datetime.now().astimezone().date()
    made: Made = make_region(given, folder, today, progress_bar(quiet=quiet), force=force)
    if quiet:
        return
    area, service = made.area, made.service
    crs = CRS.from_user_input(area.projection.crs).name
    click.echo(f"{given.title} is a region now: {folder / 'region.toml'}.")
    click.echo(f"Coordinate system: {area.projection.crs} ({crs}), for where the streets lie.")
    click.echo(
        f"Service date: {service.date:%A} {service.date}, departures {'-'.join(service.window)}: {service.why}."
    )
    if not feeds:
        click.echo("There is no public transport in it; give a GTFS zip with --timetable.")
    where = "your table" if places else f"the map, written to {folder / 'places.csv'}: mend the numbers there"
    click.echo(f"Places: {len(area.places.id)}, {area.places.inhabitants.sum():,} inhabitants, of {where}.")
    found = Counter(area.facilities.kind)
    of_kind = ", ".join(f"{number} {kind}" for kind, number in found.most_common()) or "none"
    click.echo(f"Services: {of_kind}, of {'your table' if facilities else 'the map'}.")
    absent = [kind for kind in load_facility_kinds().ids if kind not in found and kind != "hub"]
    if absent:
        click.echo(f"Unknown, as there is no data of them: {', '.join(absent)}.")
    show_report(made.report)
    click.echo(f"Next: dorpshub build {folder}, dorpshub measures {folder}")


def _title(folder: Path) -> str:
    """Name of a folder as a title: "my-region" is My region."""
    text = folder.resolve().name.replace("-", " ").replace("_", " ").strip()
    return text[:1].upper() + text[1:] or "Region"
