"""What is asked on the page "Where a hub?", in the link as plain words like the other choices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Literal, TypeAlias, TypeVar, get_args

from scenarios.edits.base import Spot

Who: TypeAlias = Literal["all", "75plus", "without_car"]
Aim: TypeAlias = Literal["within", "time", "worst", "fewest"]
SiteList: TypeAlias = Literal["village_hall", "primary_school", "places", "points"]
By: TypeAlias = Literal["mode", "mix"]
Word = TypeVar("Word", bound=str)
WHO: tuple[Who, ...] = get_args(Who)
AIMS: tuple[Aim, ...] = get_args(Aim)
SITE_LISTS: tuple[SiteList, ...] = get_args(SiteList)
WAYS: tuple[By, ...] = get_args(By)
MOST_HUBS = 10
SHARES_PCT = (50, 60, 70, 75, 80, 85, 90, 95, 100)
MOST_PEOPLE, LEAST_EUROS, MOST_EUROS, LAST_YEAR = 50_000, 1_000, 100_000_000, 2100
MOST_NAMED, LONGEST_ID = 20, 100
MOST_APART_KM = 50
SEPARATOR = ","
POINT = re.compile(r"(-?\d{1,3}\.\d{1,5}):(-?\d{1,2}\.\d{1,5})", re.ASCII)
"""Longitude and latitude in a link."""


@dataclass(frozen=True, slots=True)
class PlacementChoices:
    """A question of placement beside kind, mode and limit, which all pages share.

    Attributes
    ----------
    who
        For whom.
    aim
        Most people within the limit, least time in all, the worst-off place, or as few hubs as will do.
    hubs
        At most so many; not used by "fewest".
    share
        Percent of the people that "fewest" must bring within the limit.
    by
        How they travel: all by the mode that is chosen for the page, or a mix, each group in its own way.
    sites
        Where hubs could stand, beside the `points`: a list, or nowhere else.
    points
        Spots that were clicked on the map.
    fixed, forbidden
        Ids of sites that must, or may not, get one.
    least
        Every hub must be the nearest for so many inhabitants; 0 for any number.
    later
        ... and for as many in this year; 0 where only the year asked for counts.
    most
        No hub may be the nearest for more inhabitants; 0 for any number.
    apart
        Kilometres between two hubs, as the crow flies; 0 for any distance.
    cost, budget
        Euros per year, of one hub and for all; 0 where nothing is said.
    year
        Population of this year; 0 for that of the data.
    services, money
        What a hub may offer where it may offer several, and euros per year for hubs and services together; () and 0 for the
        usual ones.
    yearly, keep
        Euros of every year for a plan over years, 0 for the usual; and 1 where what is left of a year is kept for later.
    years_from, years_to
        First and last year of that plan; 0 for the usual.

    """

    who: Who = "all"
    aim: Aim = "within"
    hubs: int = 3
    share: int = 90
    sites: SiteList = "places"
    fixed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    least: int = 0
    cost: int = 0
    budget: int = 0
    year: int = 0
    by: By = "mode"
    points: tuple[Spot, ...] = ()
    later: int = 0
    most: int = 0
    apart: int = 0
    services: tuple[str, ...] = ()
    money: int = 0
    yearly: int = 0
    keep: int = 0
    years_from: int = 0
    years_to: int = 0


def read_placement(query: Mapping[str, str]) -> PlacementChoices:
    """Question in a link; a value that is missing or unknown is the default."""
    default = PlacementChoices()
    share = _number(query, "share", 100, default.share)
    return PlacementChoices(
        who=one_of(query, "who", WHO, default.who),
        aim=one_of(query, "aim", AIMS, default.aim),
        hubs=max(1, _number(query, "hubs", MOST_HUBS, default.hubs)),
        share=share if share in SHARES_PCT else default.share,
        sites=one_of(query, "sites", SITE_LISTS, default.sites),
        fixed=_ids(query, "fixed"),
        forbidden=_ids(query, "forbidden"),
        least=_number(query, "least", MOST_PEOPLE, default.least),
        cost=_number(query, "cost", MOST_EUROS, default.cost),
        budget=_number(query, "budget", MOST_EUROS, default.budget),
        year=_number(query, "year", LAST_YEAR, default.year),
        by=one_of(query, "by", WAYS, default.by),
        points=_points(query),
        later=_number(query, "later", LAST_YEAR, default.later),
        most=_number(query, "most", MOST_PEOPLE, default.most),
        apart=_number(query, "apart", MOST_APART_KM, default.apart),
        services=_ids(query, "services"),
        money=_number(query, "money", MOST_EUROS, default.money),
        yearly=_number(query, "yearly", MOST_EUROS, default.yearly),
        keep=_number(query, "keep", 1, default.keep),
        years_from=_number(query, "years_from", LAST_YEAR, default.years_from),
        years_to=_number(query, "years_to", LAST_YEAR, default.years_to),
    )


def one_of(query: Mapping[str, str], name: str, allowed: Iterable[Word], default: Word) -> Word:
    """Value in a link if it is one of those that are allowed, else the default."""
    return next((word for word in allowed if word == query.get(name)), default)


def _number(query: Mapping[str, str], name: str, most: int, default: int) -> int:
    text = query.get(name, "")
    # Digits of other scripts are digits to `isdigit`, and a number of a thousand digits takes long to read.
    is_whole = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    return int(text) if is_whole and int(text) <= most else default


def _ids(query: Mapping[str, str], name: str) -> tuple[str, ...]:
    ids = tuple(dict.fromkeys(part for part in query.get(name, "").split(SEPARATOR) if part))
    return ids[:MOST_NAMED] if all(len(part) <= LONGEST_ID for part in ids) else ()


def _points(query: Mapping[str, str]) -> tuple[Spot, ...]:
    texts = dict.fromkeys(part for part in query.get("points", "").split(SEPARATOR) if part)
    found = [POINT.fullmatch(text) for text in list(texts)[:MOST_NAMED]]
    spots = tuple((float(of[1]), float(of[2])) for of in found if of)
    on_earth = all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in spots)
    return spots if on_earth and len(spots) == len(found) else ()


def point_id(spot: Spot) -> str:
    """Id of a clicked spot, as the site it is."""
    return f"{spot[0]:.5f}-{spot[1]:.5f}"


def placement_query(chosen: PlacementChoices) -> dict[str, str]:
    """Query of a link; only what differs from the defaults."""
    default, query = PlacementChoices(), {}
    for field in fields(PlacementChoices):
        value = getattr(chosen, field.name)
        if value != getattr(default, field.name):
            query[field.name] = SEPARATOR.join(map(_text, value)) if isinstance(value, tuple) else str(value)
    return query


def _text(part: str | Spot) -> str:
    return part if isinstance(part, str) else f"{part[0]:.5f}:{part[1]:.5f}"
