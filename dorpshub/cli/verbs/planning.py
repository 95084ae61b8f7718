"""Where and when hubs should open, what they should offer, and how rounds of care should go."""

from __future__ import annotations

import math

import click

from dorpshub.cli import choices
from dorpshub.cli.options import (
    EACH_MINUTE,
    OneOf,
    among_sites,
    at_most_hubs,
    done_by,
    flag,
    in_file,
    of_hub_users,
    of_region,
    out_file,
    out_option,
    positive,
    shared,
)

verbs = click.Group()


@verbs.command()
@of_region
@click.option("--hubs", default="1..10", show_default=True, help="How many: 3, or 1..10 for each.")
@click.option("--objective", type=OneOf(choices.GOALS), default="median", show_default=True)
@of_hub_users
@shared("--year")
@shared("--demand")
@among_sites()
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


@verbs.command("place-services")
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
@at_most_hubs()
@shared("--modes", show_default="as in hub_services.toml", note="One, for all services.")
@shared("--limit-min", default=None, show_default="as in hub_services.toml", note="For all services.")
@shared("--year")
@shared("--demand", default="cells")
@among_sites()
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


@verbs.command()
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
@at_most_hubs(note="In all years together.")
@click.option(
    "--goal",
    type=OneOf(choices.PLAN_GOALS),
    default=choices.PLAN_GOALS[0],
    show_default=True,
    help="Most people within the limit, most time saved, or most time saved beyond the limit.",
)
@of_hub_users
@flag("--without-car", "Count only those without a car, modelled from the cars per household.")
@shared("--limit-min")
@shared("--unreached-min", note="For a goal of time.")
@shared("--demand")
@among_sites(fixed="ID:2030 says in which year it opens.")
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


@verbs.command("care-rounds")
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
