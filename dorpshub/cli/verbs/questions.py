"""What is asked of a region as it is, or as a scenario makes it."""

from __future__ import annotations

import click

from dorpshub.cli import choices
from dorpshub.cli.options import (
    EACH_MINUTE,
    OneOf,
    by_workers,
    done_by,
    flag,
    in_file,
    of_named_region,
    of_pupils,
    of_region,
    out_file,
    out_option,
    positive,
    shared,
)

verbs = click.Group()


@verbs.command()
@of_region
@shared("--kinds")
@shared("--modes")
@shared("--arrive-by", note=EACH_MINUTE)
@out_option("times.csv", ".csv, .parquet or .geojson")
@by_workers
@done_by("times.times")
def times() -> None:
    """Time of every place to its nearest facility, for every kind and mode."""


@verbs.command()
@of_region
@click.option("--from", "origin", required=True, help="Name or id of a place.")
@click.option(
    "--to", "target", required=True, help="Name or id of a place, or a kind of facility: the nearest."
)
@shared("--mode")
@click.option("--at", "departure", help="Leave at HH:MM.")
@shared("--arrive-by", default=None)
@done_by("explain.explain_way")
def explain() -> None:
    """Tell the legs of one way: walks, waits, rides and changes."""


@verbs.command()
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
@shared("--arrive-by", note=f"{EACH_MINUTE} Instead of --window.")
@click.option(
    "--percentiles", default="25,50,75", show_default=True, help="Over the departures, or times of arrival."
)
@click.option("--max-min", type=positive, default=240.0, show_default=True, help="Longer is not reached.")
@click.option("--walk-kmh", type=click.FloatRange(0.5, 15), help="Walking speed; 4.8 when left out.")
@click.option("--bike-kmh", type=click.FloatRange(3, 50), help="Cycling speed; 15.8 when left out.")
@click.option("--ebike-kmh", type=click.FloatRange(3, 50), help="E-bike speed; 18.7 when left out.")
@click.option(
    "--car-terminal-min",
    type=click.FloatRange(0, choices.MOST_TERMINAL_MIN),
    default=choices.CAR_TERMINAL_MIN,
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
@out_option("")
@shared("--max-rides")
@shared("--boarding-slack-s")
@flag("--no-cache", "Make the network of the streets anew, and keep nothing in your cache folder.")
@by_workers
@shared("--quiet")
@done_by("matrix.matrix")
def matrix() -> None:
    """Times from every origin to every destination, from any files: no region needed."""


@verbs.command()
@of_region
@click.option(
    "--of",
    "target",
    required=True,
    help="A facility or a place, by id or name, or a kind of facility: the nearest of them.",
)
@shared("--mode", default="bike")
@click.option(
    "--direction",
    type=OneOf(choices.DIRECTIONS),
    default=choices.DIRECTIONS[0],
    show_default=True,
    help="How far people come to it, or get from it.",
)
@click.option(
    "--within-min",
    default=choices.REACH_MIN,
    show_default=True,
    help="Minutes, separated by commas: an area for each.",
)
@click.option("--at", "departure", help="With public transport leave at HH:MM, instead of in a window.")
@shared("--window")
@shared("--depart", show_default="the window of the region")
@shared("--window-min")
@out_option("reach.geojson", ".geojson or .gpkg")
@done_by("reach.reach")
def reach() -> None:
    """How far one gets in 5, 10, 15 ... minutes, as areas with their inhabitants, before and after a scenario."""


@verbs.command()
@of_region
@shared("--kind", default="supermarket")
@shared("--mode")
@shared("--window")
@shared("--depart", default=choices.DAY_START)
@shared("--window-min", default=None, show_default=f"until {choices.DAY_END}")
@click.option("--until", hidden=True)
@shared("--stay-min")
@click.option("--appointment", help="Be there at HH:MM instead, leaving as late as possible.")
@click.option(
    "--from-base", "base", help="Instead, a carer's visits from this place to every village and back."
)
@out_option("rounds.csv", ".csv, .parquet or .geojson")
@done_by("rounds.rounds")
def rounds() -> None:
    """Trips there and back: how long people are away from home, the visit within opening hours included."""


@verbs.command()
@of_region
@shared("--kinds")
@shared("--modes", show_default=f"{', '.join(choices.USUAL_MODES)}, as far as the traveller has them")
@shared(
    "--limit-min",
    default=(),
    show_default=False,
    multiple=True,
    note="Besides the norms; may be repeated.",
)
@shared("--lang")
@out_option("measures.csv")
@click.option("--curves-out", type=out_file, help="Inhabitants within every limit.")
@click.option("--facilities-out", type=out_file, help="Inhabitants for whom each facility is the nearest.")
@click.option("--later-year", type=int, help="With --facilities-out: the same inhabitants in another year.")
@click.option("--nearest-out", type=out_file, help="The nearest facilities of every place, one row each.")
@click.option("--nearest", type=click.IntRange(1), default=3, show_default=True, help="How many of them.")
@click.option(
    "--gains-out", type=out_file, help="Whom the scenario brings within each limit, and at what cost."
)
@done_by("measures.measures")
def measures() -> None:
    """Measures of the region and its municipalities: times, fairness, norms, what is within reach and for how many."""


@verbs.command()
@of_region
@shared("--kind", required=True)
@shared("--mode", default="bike")
@flag("--pairs", "Close every two together instead of every one.")
@click.option("--top", type=click.IntRange(0), default=10, show_default=True, help="Closures to print.")
@out_option("stress.csv")
@by_workers
@done_by("stress.stress")
def stress() -> None:
    """Close every facility of a kind, one by one or two by two: whom it hits, by how much, and where most."""


@verbs.command()
@of_region
@click.option("--municipality", default="", help="Its name; the whole region when left out.")
@flag("--booklet", "The region and each of its municipalities, a chapter each.")
@shared("--kind", default="gp", note="What people go to the hubs for.")
@shared("--mode", default="bike")
@shared("--limit-min")
@click.option(
    "--propose",
    "hubs",
    type=click.IntRange(1, 10),
    default=2,
    show_default=True,
    help="How many hubs are proposed, where no --scenario says what is to change.",
)
@click.option(
    "--later-year", "year", type=int, show_default="the last one known", help="The year beside now."
)
@flag("--no-band", "Leave out how sure the change is, which takes a minute for each area.")
@shared("--lang")
@out_option("report.pdf", ".pdf")
@done_by("report.report")
def report() -> None:
    """Report on paper of a municipality, or of the region: who lives there, how near services are, what hubs change."""


@verbs.command()
@of_pupils
@shared("--kind", default="primary_school", note="Of school, with school days in school_days.toml.")
@shared("--limit-min", default=15.0, note="By bike; on foot for those who do not cycle alone.")
@click.option(
    "--from-age",
    type=click.IntRange(0, 20),
    show_default="as in school_days.toml",
    help="Age from which pupils cycle alone.",
)
@click.option(
    "--bell",
    default="",
    show_default="as in school_days.toml",
    help="HH:MM at which all schools begin.",
)
@flag("--no-counts", "Leave out the counted journeys of pupils, which take some seconds.")
@out_option("school.csv", ".csv, .parquet or .geojson")
@click.option("--schools-out", type=out_file, help="Every school: bell, first bus, pupils, counts and room.")
@click.option(
    "--moves-out", type=out_file, help="How many pupils the scenario moves from which school to which."
)
@done_by("observed.school.school")
def school() -> None:
    """Who gets to school before the bell, how, and who moves when the scenario closes one.

    Pupils are the people of 0 to 19, spread evenly over those ages; all go to the nearest school.
    """


@verbs.command()
@of_named_region
@click.argument("figures", type=in_file)
@click.option("--from-year", type=int, show_default="the first", help="First year to look at.")
@click.option("--to-year", type=int, show_default="the last", help="Last year to look at.")
@out_option("monitor.csv")
@click.option("--years-out", type=out_file, help="Every figure, with its change since the year before it.")
@done_by("observed.monitor.monitor")
def monitor() -> None:
    """Put FIGURES, published year by year, beside the model of REGION and what a scenario promised of the same.

    FIGURES has the columns year, area, indicator, value, unit, source, and where known code and definition.
    """
