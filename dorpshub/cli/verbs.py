"""What can be typed: the verbs of `dorpshub` and their options, each with the function that does its work."""

from __future__ import annotations

import math
from pathlib import Path

import click

from data.download.sources import ABROAD, PLACE_NAMES, SOURCES
from dorpshub.cli import choices
from dorpshub.cli.options import (
    OneOf,
    Verbs,
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
    region_argument,
    shared,
)

EACH_MINUTE = "Or in each minute of 08:00-09:00."
report_option = click.option("--out", type=out_file, help=".md or .html; shown when left out.")


@click.group(cls=Verbs)
@click.version_option(package_name="dorpshub")
def commands() -> None:
    """Travel times from every village to GPs, supermarkets and hubs, before and after a change."""


@commands.command()
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


@commands.command()
@region_argument
@shared("--date")
@shared("--quiet")
@done_by("build.build")
def build() -> None:
    """Turn a region folder into ready arrays, and say what was assumed, repaired or dropped."""


@commands.command()
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


@commands.command()
@of_region
@shared("--kinds")
@shared("--modes")
@shared("--arrive-by", note=EACH_MINUTE)
@out_option("times.csv", ".csv, .parquet or .geojson")
@by_workers
@done_by("times.times")
def times() -> None:
    """Time of every place to its nearest facility, for every kind and mode."""


@commands.command()
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


@commands.command()
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


@commands.command()
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


@commands.command()
@of_region
@shared("--kind", required=True)
@shared("--mode", default="bike")
@flag("--pairs", "Close every two together instead of every one.")
@click.option("--top", type=click.IntRange(0), default=10, show_default=True, help="Closures to print.")
@out_option("stress.csv")
@done_by("stress.stress")
def stress() -> None:
    """Close every facility of a kind, one by one or two by two: whom it hits, by how much, and where most."""


@commands.command()
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


@commands.command()
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


@commands.command("care-rounds")
@of_region
@click.option(
    "--base", required=True, help="Places where people begin and end, by name or id, separated by commas."
)
@click.option("--staff", type=int, default=5, show_default=True, help="People in each shift at each base.")
@shared("--mode", default="ebike", note="bike, ebike, car or walk.")
@click.option(
    "--clients",
    type=in_file,
    help="CSV with a row per visit: client, place (or lon, lat), minutes, from, until; drawn when left out.",
)
@click.option("--n-clients", type=int, show_default="as in home_care.toml", help="How many to draw.")
@click.option(
    "--around-min",
    "within_min",
    type=positive,
    default=20.0,
    show_default=True,
    help="Clients are drawn so many minutes around a base.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Another one draws others."
)
@click.option(
    "--shift",
    "shifts",
    multiple=True,
    show_default="as in home_care.toml",
    help="From when to when people work, 07:00-15:00; may be repeated.",
)
@click.option(
    "--break-min",
    type=click.FloatRange(0),
    show_default="as in home_care.toml",
    help="Minutes of the break of a long shift; 0 for none.",
)
@click.option(
    "--gap-min",
    type=click.FloatRange(0),
    show_default="as in home_care.toml",
    help="Least minutes between two visits of one client.",
)
@click.option("--then-base", default="", help="Other bases after the change.")
@click.option("--then-staff", type=int, help="Another number of people after the change.")
@click.option("--then-mode", default="", help="Another mode after the change.")
@click.option(
    "--steps",
    type=click.IntRange(1, choices.MOST_STEPS),
    default=choices.STEPS_PER_VISIT,
    show_default=True,
    help="How long to search, per visit; the same steps give the same plan.",
)
@out_option("care-rounds.csv", ".csv, .parquet or .geojson")
@click.option("--plan-out", type=out_file, help="Every stop of every round.")
@done_by("care.rounds.care_rounds")
def care_rounds() -> None:
    """Plan rounds of home care: travel of each client by village, before and after a scenario or another change.

    Needs the extra `rounds`. Who has home care, visits, shifts and breaks are those of data/parameters/home_care.toml; a
    region's own file of that name replaces them.
    """


@commands.command()
@click.argument("region")
@click.argument("scenarios", type=in_file, nargs=-1, required=True)
@shared("--in-year", note="What it is compared with has that population too.")
@shared("--kinds")
@shared("--modes")
@shared("--traveller")
@shared("--arrive-by", note=EACH_MINUTE)
@shared("--max-rides")
@shared("--boarding-slack-s")
@shared("--date")
@shared("--limit-min")
@click.option(
    "--same-below-min", default=1.0, show_default=True, help="A smaller difference makes nobody win or lose."
)
@flag("--with-first", "Compare the first scenario with the others, instead of the region.")
@flag("--cells", "Also every population cell.")
@flag("--legs", "Also the legs of every time that changed.")
@flag("--contributions", "Also what each edit changes alone, and adds to the others.")
@flag("--band", "Also how sure each difference is: many runs with other assumptions.")
@flag("--equity", "Also how much of the gain goes to people without a car, by municipality.")
@flag("--costs", "Also what each edit costs, by the rates of the region, and what people get for it.")
@out_option("comparison.csv", ".csv, .parquet, .geojson or .gpkg; further tables get names beside it.")
@shared("--quiet")
@done_by("comparison.compare.compare")
def compare() -> None:
    """Compare REGION with each of the SCENARIOS.

    Writes a .run.json beside the tables, from which `dorpshub rerun` makes them again.
    """


@commands.command()
@click.argument("region")
@click.argument("scenarios", type=in_file, nargs=-1, required=True)
@click.option(
    "--rates", type=in_file, help="Rates of your own (TOML), as rates.toml: they replace those of the region."
)
@shared("--kinds")
@shared("--modes", show_default=f"{', '.join(choices.USUAL_MODES)}, as far as the traveller has them")
@shared("--limit-min", note="Besides the norms.")
@shared("--traveller")
@shared("--date")
@shared("--lang")
@out_option("costs.csv")
@click.option("--value-out", type=out_file, help="What people get for it, by kind, mode and limit.")
@shared("--quiet")
@done_by("comparison.cost.cost")
def cost() -> None:
    """Say what each of the SCENARIOS costs in REGION, change by change, and what each person and hour of travel costs."""


@commands.command()
@click.argument("run", type=in_file)
@out_option("", "Another file than before, with the same ending.")
@shared("--quiet")
@done_by("comparison.compare.rerun")
def rerun() -> None:
    """Make a comparison again from its RUN file (.run.json), and say whether all numbers are the same."""


@commands.command()
@of_region
@click.option("--hubs", default="1..10", show_default=True, help="How many: 3, or 1..10 for each.")
@click.option("--objective", type=OneOf(choices.GOALS), default="median", show_default=True)
@shared("--kind", note="What people go to the hub for.")
@shared("--offers")
@shared("--modes", default="bike", show_default=True, note="The quickest counts.")
@shared("--group")
@shared("--age-weights")
@shared("--year")
@shared("--demand")
@shared("--sites")
@shared("--fix")
@shared("--forbid")
@click.option(
    "--cost",
    type=click.FloatRange(0),
    default=0.0,
    help="Euros per year of a hub, where sites have no own.",
)
@shared("--budget")
@shared("--limit-min", default=15.0, note="For coverage, excess, shares.")
@click.option("--share", type=click.FloatRange(0, 1), help="This share must be within the limit.")
@click.option(
    "--share-of", default=choices.EVERYBODY, show_default=True, help="... of these: all, or an age band."
)
@click.option("--longest-min", type=positive, default=math.inf, help="Nobody may have further than this.")
@shared("--unreached-min")
@click.option(
    "--min-people", type=click.FloatRange(0), default=0.0, help="Every hub must be the nearest for so many."
)
@click.option("--later-year", type=int, help="... and in this year as well.")
@click.option("--max-people", type=positive, default=math.inf, help="No hub may be the nearest for more.")
@click.option(
    "--apart-km", type=click.FloatRange(0), default=0.0, help="Between two hubs, as the crow flies."
)
@shared("--percentile")
@shared("--arrive-by", note=EACH_MINUTE)
@flag("--round-trips", "Count the time away from home, the visit included, not the way there.")
@shared("--stay-min")
@shared("--time-limit")
@flag("--quick", "Swaps alone, without proof.")
@click.option(
    "--frontier",
    type=OneOf(("cost", "worst")),
    help="All best trade-offs of people within the limit against euros or hubs, or against the worst-off.",
)
@click.option(
    "--robust",
    type=click.IntRange(0),
    help="Ask the last answer again under this many drawn sets of assumptions, beside each at its ends and later years.",
)
@click.option("--robust-out", type=out_file, help="What each of them says.")
@out_option("hubs.csv", ".csv, .parquet or .geojson")
@click.option(
    "--alternatives-out", type=out_file, help="Every other site, and what it would cost to take it."
)
@shared("--scenario-out")
@done_by("placement.hubs.place")
def place() -> None:
    """Say where hubs should go."""


@commands.command("place-services")
@of_region
@click.option(
    "--services",
    default="",
    show_default="all of hub_services.toml",
    help="Kinds that a hub may offer, separated by commas.",
)
@shared("--budget", required=True, note="And their services.")
@shared("--hub-cost")
@click.option(
    "--weights", default="", help="What a person counts by service: gp:3,library:0.5; 1 when left out."
)
@click.option("--hubs", type=click.IntRange(1), help="At most so many; any number when left out.")
@shared("--modes", show_default="as in hub_services.toml", note="One, for all services.")
@shared("--limit-min", default=None, show_default="as in hub_services.toml", note="For all services.")
@shared("--year")
@shared("--demand", default="cells")
@shared("--sites")
@shared("--fix")
@shared("--forbid")
@shared("--time-limit")
@flag("--quick", "A good answer at once, with how far it can be from the best.")
@out_option("services.csv", ".csv, .parquet or .geojson")
@shared("--scenario-out")
@done_by("placement.services.place_services")
def place_services() -> None:
    """Say where hubs should go and what each should offer, for a budget.

    Whoever has no such service within reach goes to a hub within reach that has room. Costs, room and least use are those of
    data/parameters/hub_services.toml; a region's own file of that name replaces them.
    """


@commands.command()
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


@commands.command()
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


@commands.command()
@of_region
@click.option(
    "--budget-per-year", "budget", type=positive, required=True, help="Euros of each year for all hubs."
)
@click.option(
    "--from",
    "first_year",
    type=int,
    show_default="the year after the date of the region",
    help="First year of the plan.",
)
@click.option(
    "--to", "last_year", type=int, show_default="the last year known of", help="Last year of the plan."
)
@flag("--carry-over", "What is left of a year can be spent later; without it it is gone.")
@click.option(
    "--opening-cost",
    type=click.FloatRange(0),
    show_default="as in plan.toml",
    help="Euros of a hub in the year in which it opens.",
)
@shared("--hub-cost")
@click.option(
    "--discount-rate",
    type=click.FloatRange(0, 1),
    show_default="as in plan.toml",
    help="By how much a year counts for less than the one before it: 0.0225 for 2.25 %.",
)
@click.option(
    "--cars-change",
    type=click.FloatRange(-0.5, 0.5),
    show_default="as in plan.toml",
    help="By which share cars per household change every year, with --without-car.",
)
@click.option("--per-year", type=click.IntRange(1), help="At most so many hubs open in a year.")
@click.option("--hubs", type=click.IntRange(1), help="At most so many in all; any number when left out.")
@click.option(
    "--goal",
    type=OneOf(choices.PLAN_GOALS),
    default=choices.PLAN_GOALS[0],
    show_default=True,
    help="Most people within the limit, most time saved, or most time saved beyond the limit.",
)
@shared("--kind", note="What people go to the hub for.")
@shared("--offers")
@shared("--modes", default="bike", show_default=True, note="The quickest counts.")
@shared("--group")
@flag("--without-car", "Count only those without a car, modelled from the cars per household.")
@shared("--age-weights")
@shared("--limit-min")
@shared("--unreached-min", note="For a goal of time.")
@shared("--demand")
@shared("--sites")
@shared("--fix", note="ID:2030 says in which year it opens.")
@shared("--forbid")
@shared("--percentile")
@shared("--time-limit")
@flag("--quick", "A good plan at once, with how far it can be from the best.")
@flag("--no-regret", "Leave out what knowing the last year alone would lose.")
@out_option("plan.csv", ".csv, .parquet or .geojson")
@click.option(
    "--years-out", type=out_file, help="Year by year: what opens and changes, people within reach, money."
)
@shared("--scenario-out")
@done_by("placement.plan.plan")
def plan() -> None:
    """Say which hub opens in which year, for a budget of every year, so that most people are helped soonest.

    A scenario whose edits have a from_year says what else opens and closes meanwhile. Hubs stay open.
    """


@commands.command()
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


@commands.command()
@region_argument
@shared("--traveller")
@report_option
@shared("--lang")
@shared("--date")
@done_by("check.check")
def check() -> None:
    """Tell how good the data of REGION are: figures with examples, as .html with maps."""


@commands.command()
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


@commands.command()
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


@commands.command("import")
@click.argument("file", type=in_file)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
@shared("--quiet")
@done_by("share.import_")
def import_() -> None:
    """Make a region of its one FILE, in a new FOLDER; in one of its own name when left out."""


@commands.command()
@region_argument
@report_option
@shared("--lang")
@shared("--date")
@done_by("check.calibrate")
def calibrate() -> None:
    """Put the results of REGION beside published figures: distances, areas, inhabitants."""
