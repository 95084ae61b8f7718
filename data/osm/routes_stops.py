"""In which order the vehicles of a mapped route call at its stops, in each direction.

Source: OSM wiki, Public transport, and Relation:route. In version 2 of the scheme a relation is one direction, with
stops and platforms in order; in version 1 it may be both, with forward and backward stops, in order or numbered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from data.build_report import BuildReport, finding
from data.columns import Floats
from data.osm.routes_read import Member, Route, Spot
from data.projection import geod

PAIR_M = 75.0
"""A platform this close to a stop position is that stop's: vehicles are up to 60 m long, and stop anywhere along it."""

_ROLE = re.compile(
    r"(?:(?P<way>forward|backward)[_:])?(?P<kind>stop|platform)(?:_position)?(?:_(?P<only>entry|exit)_only)?"
    r"(?:[_:](?P<number>\d+))?"
)


class Call(NamedTuple):
    """A stop or platform where vehicles of a route call, in direction `way` ("" for both)."""

    stop: str
    kind: str
    way: str
    number: int
    pickup: bool
    dropoff: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """One direction of a route.

    Attributes
    ----------
    id
        Of the route; "/forward" or "/backward" behind it where one relation holds both directions.
    headsign
        Where it goes.
    calls
        At least two, all of them with a known place.
    whole
        Whether the file has all stops of the direction.

    """

    id: str
    route: Route
    headsign: str
    calls: tuple[Call, ...]
    whole: bool


def patterns_of(routes: Sequence[Route], spots: Mapping[str, Spot]) -> tuple[list[Pattern], BuildReport]:
    """Directions of `routes` with at least two stops, and what was left out or assumed."""
    n_of_line = Counter(route.line for route in routes)
    calls = {route.id: _calls(route.members) for route in routes}
    patterns: list[Pattern] = []
    assumed, stray, short = [], [], []
    for route in routes:
        directions, strays = _directions(route, calls[route.id], spots)
        stray += strays
        if not directions:
            short.append(route.id)
        elif n_of_line[route.line] == 1 and _is_both_ways(directions[0], spots):
            directions = [replace(directions[0], id=f"{route.id}/forward"), _way_back(directions[0], spots)]
            assumed.append(route.id)
        patterns += directions
    absent = {call.stop for found in calls.values() for call in found if call.stop not in spots}
    return patterns, (
        finding("timetable", "dropped", "routes with fewer than two stops in the file", short)
        + finding("timetable", "dropped", "stops and platforms of routes that the file lacks", sorted(absent))
        + finding(
            "timetable",
            "dropped",
            f"stops or platforms without the other within {PAIR_M:.0f} m, on a route mapped by the other",
            list(dict.fromkeys(stray)),
        )
        + finding("timetable", "assumed", "lines mapped in one direction only, driven in both alike", assumed)
    )


def same_way(one: Pattern, other: Pattern, spots: Mapping[str, Spot]) -> bool:
    """Whether two patterns call at two or more stops of the same names, mostly in the same order."""
    place = {spots[call.stop].name or call.stop: number for number, call in enumerate(one.calls)}
    common = [place[name] for call in other.calls if (name := spots[call.stop].name or call.stop) in place]
    return bool(np.sign(np.diff(common)).sum() > 0)


def lon_lat(calls: Iterable[Call], spots: Mapping[str, Spot]) -> tuple[Floats, Floats]:
    """Longitude and latitude of each call, both (N,) float64."""
    places = [spots[call.stop][1:] for call in calls]
    lon_deg, lat_deg = np.array(places, dtype=np.float64).reshape(-1, 2).T
    return lon_deg, lat_deg


def _calls(members: Iterable[Member]) -> list[Call]:
    """Members with a role of stops or platforms; a role such as "forward_stop_8;backward_stop_0" is two calls."""
    roles = [
        (member.id, _ROLE.fullmatch(role.strip())) for member in members for role in member.role.split(";")
    ]
    return [
        Call(
            stop=stop,
            kind=role["kind"],
            way=role["way"] or "",
            number=int(role["number"] or -1),
            pickup=role["only"] != "exit",
            dropoff=role["only"] != "entry",
        )
        for stop, role in roles
        if role
    ]


def _directions(
    route: Route, calls: list[Call], spots: Mapping[str, Spot]
) -> tuple[list[Pattern], list[str]]:
    """One pattern, or two where there are forward and backward stops, and the ids of calls left out as strays."""
    ways = ("forward", "backward") if any(call.way for call in calls) else ("",)
    patterns: list[Pattern] = []
    strays: list[str] = []
    ahead: list[Call] = []
    for way in ways:
        chosen, stray = _of_one_kind([call for call in calls if call.way in (way, "")], spots)
        strays += stray
        whole = all(call.stop in spots for call in chosen)
        here = _in_order([call for call in chosen if call.stop in spots])
        if way == "backward":
            here = _turned(here, ahead, spots)
        ahead = here
        if len(here) > 1:
            end = route.tags.get("from" if way == "backward" else "to", spots[here[-1].stop].name)
            pattern_id = f"{route.id}/{way}" if way else route.id
            patterns.append(Pattern(pattern_id, route, end, tuple(here), whole))
    return patterns, strays


def _of_one_kind(calls: list[Call], spots: Mapping[str, Spot]) -> tuple[list[Call], list[str]]:
    """Keep the stops, or the platforms where the file has more of them: most are mapped as both. And who then lack."""
    by_kind = {kind: [call for call in calls if call.kind == kind] for kind in ("stop", "platform")}
    found = {kind: [call for call in of_kind if call.stop in spots] for kind, of_kind in by_kind.items()}
    kept, other = sorted(by_kind, key=lambda kind: -len(found[kind]))
    if not found[other]:
        return by_kind[kept], []
    kept_at, other_at = lon_lat(found[kept], spots), lon_lat(found[other], spots)
    pair_m = _between_m(other_at, kept_at).min(axis=1)
    return by_kind[kept], [
        call.stop for call, metres in zip(found[other], pair_m, strict=True) if metres > PAIR_M
    ]


def _in_order(calls: list[Call]) -> list[Call]:
    """Calls by their numbers where all have one, else as they are; a stop named twice in a row counts once."""
    if all(call.number >= 0 for call in calls):
        calls = sorted(calls, key=lambda call: call.number)
    return [call for number, call in enumerate(calls) if number == 0 or call.stop != calls[number - 1].stop]


def _turned(calls: list[Call], ahead: list[Call], spots: Mapping[str, Spot]) -> list[Call]:
    """Backward calls in the order of driving, whatever their order in the relation.

    Numbers say it; else the backward stops are turned round if they begin near the start of those `ahead`, and the
    stops of both directions are put where they make the way the least longer.
    """
    if all(call.number >= 0 for call in calls) or not ahead:
        return calls
    own = [call for call in calls if call.way]
    both = [call for call in calls if not call.way]
    if len(own) > 1:
        ends_m = _between_m(lon_lat((own[0], own[-1]), spots), lon_lat((ahead[0], ahead[-1]), spots))
        if np.trace(ends_m) < np.trace(ends_m[::-1]):
            own.reverse()
    if not own:
        return both[::-1]
    for call in reversed(both):
        way_m = _between_m(lon_lat([call], spots), lon_lat(own, spots))[0]
        own_lon, own_lat = lon_lat(own, spots)
        hop_m = np.asarray(geod().inv(own_lon[:-1], own_lat[:-1], own_lon[1:], own_lat[1:])[2])
        longer_m = np.concatenate([way_m[:1], way_m[:-1] + way_m[1:] - hop_m, way_m[-1:]])
        own.insert(int(longer_m.argmin()), call)
    return own


def _is_both_ways(pattern: Pattern, spots: Mapping[str, Spot]) -> bool:
    """Whether the only relation of a line stands for both directions: not if it says which, nor round a loop."""
    tags = pattern.route.tags
    ends = lon_lat(pattern.calls[:1], spots), lon_lat(pattern.calls[-1:], spots)
    return (
        pattern.id == pattern.route.id
        and tags.get("public_transport:version") != "2"
        and tags.get("roundtrip") != "yes"
        and bool(_between_m(*ends)[0, 0] > PAIR_M)
    )


def _way_back(pattern: Pattern, spots: Mapping[str, Spot]) -> Pattern:
    """The same stops the other way round, where one gets on instead of off."""
    calls = tuple(call._replace(pickup=call.dropoff, dropoff=call.pickup) for call in reversed(pattern.calls))
    end = pattern.route.tags.get("from", spots[calls[-1].stop].name)
    return replace(pattern, id=f"{pattern.route.id}/backward", calls=calls, headsign=end)


def _between_m(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Floats:
    """(A, B) metres between all points of two sets of longitudes and latitudes."""
    (from_lon, to_lon), (from_lat, to_lat) = (
        np.broadcast_arrays(own[:, np.newaxis], others[np.newaxis])
        for own, others in zip(one, other, strict=True)
    )
    return np.asarray(geod().inv(from_lon, from_lat, to_lon, to_lat)[2], dtype=np.float64)
