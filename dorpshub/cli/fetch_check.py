"""The verbs of `dorpshub` for live data, checks and calibration: thin, as those of `dorpshub.cli.main`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import click

from data.download.sources import ABROAD, PLACE_NAMES, SOURCES, load_sources
from data.errors import InputError
from data.live.area import Area, Box, Municipalities
from data.live.region_files import Taken, logged_area
from data.names import slug
from data.study_area.region_toml import load_region
from dorpshub.cli.options import flag, opened, out_file, progress_bar, region_argument, shared
from scenarios.reports.document import Block, Words, check_suffix, markdown, write_report
from ui.words.i18n import report_words, texts_in

report_option = click.option("--out", type=out_file, help=".md or .html; shown when left out.")


@click.command(name="fetch")
@click.argument("region")
@click.option("--municipalities", default="", help="Names, separated by commas.")
@click.option("--bbox", default="", help="West,south,east,north in degrees, instead of municipalities.")
@click.option(
    "--sources",
    "sources_file",
    type=click.Path(path_type=Path),
    default=SOURCES,
    help="Your own copy of sources.toml: mirrors, files on disk, other editions.",
)
@shared("--date", show_default="a busy Tuesday")
@click.option(
    "--place-names",
    type=click.Choice(PLACE_NAMES),
    help="Places of the map, or of the register of addresses (BAG); else as the file of sources says.",
)
@click.option(
    "--abroad",
    type=click.Choice(ABROAD),
    help="Large extracts of which only the buffer needs a part: ask Overpass for that strip, take them whole, or skip.",
)
@flag("--offline", "Ask no server; use what was downloaded before.")
@shared("--quiet")
def fetch(
    region: str,
    municipalities: str,
    bbox: str,
    sources_file: Path,
    service_date: dt.datetime | None,
    place_names: str | None,
    abroad: str | None,
    offline: bool,  # noqa: FBT001
    quiet: bool,  # noqa: FBT001
) -> None:
    """Make REGION, a name or a folder, out of observed data: streets, timetable, people, services.

    Without --municipalities or --bbox it renews a region that was fetched before.
    """
    from data.live.fetch import fetch_region  # noqa: PLC0415 -- takes a second
    from data.live.job import Order  # noqa: PLC0415

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


@click.command(name="check")
@region_argument
@shared("--traveller")
@report_option
@shared("--lang")
@shared("--date")
def check(region: str, traveller: str, out: Path | None, lang: str, service_date: dt.datetime | None) -> None:
    """Tell how good the data of REGION are: figures with examples, as .html with maps."""
    from accessibility.data_quality.check import check_quality  # noqa: PLC0415 -- as above
    from scenarios.reports.data_quality import quality_blocks  # noqa: PLC0415

    _refuse_suffix(out)
    world = opened(region, service_date, progress_bar(quiet=out is None), traveller)
    words = report_words(texts_in(lang))
    _give(out, quality_blocks(world, check_quality(world), words), words)


@click.command(name="calibrate")
@region_argument
@report_option
@shared("--lang")
@shared("--date")
def calibrate_command(region: str, out: Path | None, lang: str, service_date: dt.datetime | None) -> None:
    """Put the results of REGION beside published figures: distances, areas, inhabitants."""
    from accessibility.data_quality.calibration import calibrate  # noqa: PLC0415 -- as above
    from data.live.published import compared_areas  # noqa: PLC0415
    from data.study_area.published_figures import read_control  # noqa: PLC0415
    from scenarios.reports.data_quality import calibration_blocks  # noqa: PLC0415

    _refuse_suffix(out)
    world = opened(region, service_date, progress_bar(quiet=out is None))
    hoods, country = compared_areas(world.region.folder)
    words = report_words(texts_in(lang))
    found = calibrate(world, read_control(world.region), hoods, country)
    _give(out, calibration_blocks(found, words), words)


def _refuse_suffix(out: Path | None) -> None:
    """Refuse a report of another kind before anything is worked out for it."""
    if out is not None:
        check_suffix(out)


def _give(out: Path | None, blocks: list[Block], words: Words) -> None:
    """Write a report, or show it."""
    if out is None:
        click.echo(markdown(blocks, words))
    else:
        write_report(out, blocks, words)
        click.echo(f"Report in {out}.")


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
