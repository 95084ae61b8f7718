"""How a region is made, built, opened, judged, described and passed on."""

from __future__ import annotations

from pathlib import Path

import click

from data.download.sources import ABROAD, PLACE_NAMES, SOURCES
from dorpshub.cli import choices
from dorpshub.cli.options import OneOf, done_by, flag, in_file, out_file, region_argument, shared

verbs = click.Group()
report_option = click.option("--out", type=out_file, help=".md or .html; shown when left out.")


@verbs.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@shared("--streets")
@shared("--timetable")
@click.option(
    "--places", type=in_file, help="Table with name, lon, lat, inhabitants; those of the map when left out."
)
@click.option(
    "--facilities", type=in_file, help="Table with kind, name, lon, lat; those of the map when left out."
)
@click.option("--title", default="", help="Name of the region; that of the folder when left out.")
@click.option("--force", is_flag=True, help="Write over a region that is there.")
@shared("--quiet")
@done_by("init.init")
def init() -> None:
    """Make a region in FOLDER of your own files, and say what was proposed and assumed."""


@verbs.command()
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
    type=OneOf(PLACE_NAMES),
    help="Places of the map, or of the register of addresses (BAG); else as the file of sources says.",
)
@click.option(
    "--abroad",
    type=OneOf(ABROAD),
    help="Large extracts of which only the buffer needs a part: ask Overpass for that strip, take them whole, or skip.",
)
@flag("--offline", "Ask no server; use what was downloaded before.")
@shared("--quiet")
@done_by("fetch.fetch")
def fetch() -> None:
    """Make REGION, a name or a folder, out of observed data: streets, timetable, people, services.

    Without --municipalities or --bbox it renews a region that was fetched before.
    """


@verbs.command()
@region_argument
@shared("--date")
@shared("--quiet")
@done_by("build.build")
def build() -> None:
    """Turn a region folder into ready arrays, and say what was assumed, repaired or dropped."""


@verbs.command()
@region_argument
@click.option(
    "--address",
    default="localhost",
    show_default=True,
    help="Whom to let in: localhost is this machine alone, 0.0.0.0 everybody who can reach it.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8501,
    show_default=True,
    help="Of this machine; 0 is any that is free.",
)
@click.option("--open/--no-open", "opens", default=True, show_default=True, help="Open it in a browser.")
@shared("--quiet")
@done_by("app.app")
def app() -> None:
    """Serve the app with REGION, built first where that was not done yet."""


@verbs.command()
@region_argument
@shared("--traveller")
@report_option
@shared("--lang")
@shared("--date")
@done_by("check.check")
def check() -> None:
    """Tell how good the data of REGION are: figures with examples, as .html with maps."""


@verbs.command()
@region_argument
@report_option
@shared("--lang")
@shared("--date")
@done_by("check.calibrate")
def calibrate() -> None:
    """Put the results of REGION beside published figures: distances, areas, inhabitants."""


@verbs.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--publisher", required=True, help="Who publishes: the name of the organisation.")
@click.option(
    "--publisher-uri", required=True, help="Address that stands for it, as in the register of TOOI."
)
@click.option("--contact", required=True, help="E-mail address for questions.")
@click.option("--address", required=True, help="Where on the web the files of the folder will stand.")
@click.option(
    "--licence",
    default="",
    help="Address of the licence; that of the sources when left out, if all are under one.",
)
@click.option(
    "--access",
    type=OneOf(choices.ACCESS),
    default=choices.ACCESS[0],
    show_default=True,
    help="Who may have them.",
)
@shared("--quiet")
@done_by("describe.describe")
def describe() -> None:
    """Describe the results and regions in FOLDER for a data portal: dcat.jsonld, after DCAT-AP-NL."""


@verbs.command()
@click.argument("region")
@click.argument("scenarios", type=in_file, nargs=-1)
@click.option(
    "--out",
    type=out_file,
    help="File that ends in .dorpshub; named after the region, in the working folder, when left out.",
)
@shared("--quiet")
@done_by("share.export")
def export() -> None:
    """Write REGION with SCENARIOS to one file, for a colleague or an archive."""


@verbs.command("import")
@click.argument("file", type=in_file)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
@shared("--quiet")
@done_by("share.import_")
def import_() -> None:
    """Make a region of its one FILE, in a new FOLDER; in one of its own name when left out."""
