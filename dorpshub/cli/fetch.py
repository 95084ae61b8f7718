"""The verb `fetch`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import click

from data.download.sources import load_sources
from data.errors import InputError
from data.live.area import Area, Box, Municipalities
from data.live.fetch import fetch_region
from data.live.job import Order
from data.live.region_files import Taken, logged_area
from data.names import slug
from data.study_area.region_toml import load_region
from dorpshub.cli.progress_bar import progress_bar


def fetch(
    region: str,
    municipalities: str,
    bbox: str,
    sources_file: Path,
    service_date: dt.datetime | None,
    place_names: str | None,
    abroad: str | None,
    offline: bool,
    quiet: bool,
) -> None:
    """Make REGION, a name or a folder, out of observed data: streets, timetable, people, services.

    Without --municipalities or --bbox it renews a region that was fetched before.
    """
    target = Path(region)
    folder = target.parent / slug(target.name)
    area, title = _area(folder, municipalities, bbox), target.name
    if not (municipalities or bbox):
        title = load_region(folder).title  # renewed under the name it had
    order = Order(title, folder, area, service_date.date() if service_date else None)
    sources = load_sources(sources_file)
    sources = replace(
        sources, place_names=place_names or sources.place_names, abroad=abroad or sources.abroad
    )
    made = fetch_region(order, sources, progress_bar(quiet=quiet), offline=offline)
    for one in made.taken:
        if one.trouble:
            click.echo(f"{one.what}: {one.state}. {one.trouble}", err=True)
    if not quiet:
        for one in made.taken:
            click.echo(_line(one))
        click.echo(f"Ready in {folder}. Next: dorpshub build {folder}, dorpshub check {folder}")


def _area(folder: Path, municipalities: str, bbox: str) -> Area:
    if bool(municipalities) and bool(bbox):
        msg = "Name either --municipalities or a --bbox, not both."
        raise InputError(msg)
    if municipalities:
        return Municipalities(tuple(name.strip() for name in municipalities.split(",") if name.strip()))
    if bbox:
        try:
            west, south, east, north = (float(part) for part in bbox.split(","))
        except ValueError as error:
            msg = f"--bbox {bbox}: write west,south,east,north in degrees, for example 6.5,52.6,7.1,53.1."
            raise InputError(msg) from error
        return Box(west, south, east, north)
    before = logged_area(folder)
    if before is None:
        msg = f"Nothing was fetched to {folder} before. Name the --municipalities, separated by commas, or a --bbox."
        raise InputError(msg)
    return before


def _line(one: Taken) -> str:
    date = f" of {one.date}" if one.date else ""
    return f"{one.what}: {one.credit}{date}, {one.licence} ({one.state})"
