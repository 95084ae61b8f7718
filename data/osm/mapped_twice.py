"""Which features of one kind are one and the same thing that is mapped twice.

A shop is often both an outline and a node in it or beside it, a school a site, a ground, a building and a node, a
health centre a building around its practices; the one has the brand as its name, the other the branch. Nothing here
depends on the order of the features, or on their ids.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
import shapely

from data.columns import Floats
from data.parameters.facility_kinds import Tags

_RADIUS_M = 6_371_000.0
_SMALL_WORDS = frozenset(
    "de het een t s en van of the a and of la le les l der die das und el".split()  # noqa: SIM905 -- reads as words
)
_SPELLINGS = {"sint": "st", "saint": "st", "sankt": "st", "sainte": "ste"}

_NAME_KEYS = ("name", "brand", "official_name", "short_name", "alt_name")

Words = frozenset[str]


class Names(NamedTuple):
    """What a feature is called, each name as its telling words. Operators are compared with names, not with each other."""

    own: frozenset[Words]
    operator: frozenset[Words] = frozenset()

    def alike(self, other: Names) -> bool:
        """Whether a name of the one is all in a name of the other: a brand in a branch."""
        return (
            _any_within(self.own, other.own)
            or _any_within(self.own, other.operator)
            or _any_within(self.operator, other.own)
        )


@dataclass(frozen=True, slots=True)
class Mapped:
    """A feature as one of a kind; without `names` it may be any.

    Attributes
    ----------
    shape
        Its outline or point, degrees.
    is_house
        Whether it only houses others of the kind.
    is_one
        Whether it certainly is one of the kind, or is none; these are never the same. None leaves it open.

    """

    shape: shapely.Geometry
    names: Names
    is_house: bool = False
    is_one: bool | None = None


class Twins(NamedTuple):
    """What is left of features that were mapped more than once, all by their positions.

    Attributes
    ----------
    services
        Features of each service, in rising order; one that has no twin stands alone.
    gave_way
        Features that are the ground or the house of several services and none themselves.
    nested
        Pairs of outline and feature in it that have other names: two services.

    """

    services: list[tuple[int, ...]]
    gave_way: list[int]
    nested: list[tuple[int, int]]


def names_of(tags: Tags, generic: Words) -> Names:
    """What a feature is called by its tags; words of `generic` say nothing.

    The operator is a name of its own only where there is no other: a school board runs many schools.
    """
    texts = [text for key in _NAME_KEYS for text in tags.get(key, "").split(";")]
    own = frozenset(name for text in texts for name in _spelt(text, generic))
    operator = frozenset(_spelt(tags.get("operator", ""), generic))
    return Names(own, operator - own) if own else Names(operator)


def _spelt(text: str, generic: Words) -> Iterator[Words]:
    """Words of a name without accents, articles and what says nothing; and these written as one."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = re.sub(
        r"['\u2019\u2018.]", "", "".join(sign for sign in plain if not unicodedata.combining(sign))
    )
    words = [_SPELLINGS.get(word, word) for word in re.findall(r"\w+", plain)]
    words = [word for word in words if word not in generic and word not in _SMALL_WORDS]
    if words:
        yield frozenset(words)
        yield frozenset(("".join(words),))


def same_services(features: Sequence[Mapped], reach_m: float, *, shares_ground: bool) -> Twins:
    """Group features of one kind that are one service.

    1. Names that go together within `reach_m` are one. A name that goes with two that differ ("De Brink" with "De Brink
       Jansen" and "De Brink Smit") is theirs: it gives way.
    2. Where the ground may be shared, an outline with two or more other services in it gives way to them.
    3. A feature without a name belongs to what it contains or lies in, else to the nearest within `reach_m`; one of
       both must be an outline: two points of which one has a name may well be two cash machines.
    4. A house gives way to what is in it or has a name that goes with its own, or, without an outline, is near.

    Parameters
    ----------
    features
        All of one kind.
    reach_m
        Between outlines, metres.
    shares_ground
        Whether rule 2 holds.

    """
    at = _Neighbours(features, reach_m)
    houses = [number for number, feature in enumerate(features) if feature.is_house]
    others = [number for number, feature in enumerate(features) if not feature.is_house]
    services, gave_way = _grouped(at, others, shares_ground=shares_ground)
    centres, more = _grouped(at, houses, shares_ground=shares_ground)
    gave_way += more
    alone = []
    of = _service_of(services)
    for centre in centres:
        theirs = {of[two] for one in centre for two in at.near[one] if two in of and at.houses(one, two)}
        if len(theirs) == 1:
            services[theirs.pop()].extend(centre)
        elif theirs:
            gave_way += centre
        else:
            alone.append(centre)
    services += alone
    of = _service_of(services)
    nested = [
        (one, two)
        for one in of
        for two in at.near[one]
        if two in of and of[one] != of[two] and at.holds(one, two)
    ]
    found = sorted(tuple(sorted(service)) for service in services)
    return Twins(found, sorted(gave_way), sorted(nested))


class _Neighbours:
    """Features within reach of each other, and how they lie."""

    def __init__(self, features: Sequence[Mapped], reach_m: float) -> None:
        self.features = features
        shapes = np.array([feature.shape for feature in features], dtype=object)
        self._shapes = shapely.transform(shapes, _mercator) if len(shapes) else shapes
        self._scale = (
            np.cos(np.radians(shapely.get_y(shapely.centroid(shapes)))) if len(shapes) else np.zeros(0)
        )
        self._area = shapely.area(self._shapes)
        self._spot = shapely.point_on_surface(self._shapes)
        self.near: list[list[int]] = [[] for _ in features]
        if len(shapes):
            tree = shapely.STRtree(self._shapes)
            found = tree.query(self._shapes, predicate="dwithin", distance=reach_m / self._scale)
            for one, two in found.T.tolist():
                if one != two:
                    self.near[one].append(two)
                    self.near[two].append(one)
            self.near = [sorted(set(row)) for row in self.near]

    def named(self, number: int) -> bool:
        names = self.features[number].names
        return bool(names.own or names.operator)

    def alike(self, one: int, two: int) -> bool:
        a, b = self.features[one], self.features[two]
        return {a.is_one, b.is_one} != {True, False} and a.names.alike(b.names)

    def is_outline(self, number: int) -> bool:
        return bool(self._area[number] > 0)

    def holds(self, outline: int, number: int) -> bool:
        """Whether a feature lies in an outline that is larger."""
        return bool(
            self._area[outline] > self._area[number]
            and shapely.intersects(self._shapes[outline], self._spot[number])
        )

    def houses(self, house: int, number: int) -> bool:
        """Whether a house is that of a feature within reach."""
        return not self.is_outline(house) or self.alike(house, number) or self.holds(house, number)

    def distance(self, one: int, two: int) -> tuple[float, float, float, float]:
        """How far apart two features are, in an order without ties: the nearer, the smaller, then by where it is."""
        spot = self._spot[two]
        apart_m = shapely.distance(self._shapes[one], self._shapes[two]) * self._scale[one]
        return float(apart_m), float(self._area[two]), spot.x, spot.y


def _grouped(
    at: _Neighbours, numbers: list[int], *, shares_ground: bool
) -> tuple[list[list[int]], list[int]]:
    """Rules 1 to 3 for some of the features: the services, and what gave way."""
    named = [number for number in numbers if at.named(number)]
    services, gave_way = _by_name(at, named)
    if shares_ground:
        services, more = _off_the_ground(at, services)
        gave_way += more
    left = []
    of = _service_of(services)
    joining: list[tuple[int, int]] = []
    for number in numbers:
        if at.named(number):
            continue
        links = [
            two for two in at.near[number] if two in of and (at.is_outline(number) or at.is_outline(two))
        ]
        held = {of[two] for two in links if at.holds(number, two)}
        if len(held) > 1:
            gave_way.append(number)
        elif links:
            nearest = min(links, key=lambda two: at.distance(number, two))
            joining.append((held.pop() if held else of[nearest], number))
        else:
            left.append(number)
    for service, number in joining:
        services[service].append(number)
    return services + _parts(left, lambda one: at.near[one]), gave_way


def _by_name(at: _Neighbours, named: list[int]) -> tuple[list[list[int]], list[int]]:
    """Rule 1: features whose names go together, and those whose name goes with several of these."""
    among = set(named)
    links = {one: [two for two in at.near[one] if two in among and at.alike(one, two)] for one in named}
    general = {
        hub
        for part in _parts(named, links.__getitem__)
        for one, two in combinations(part, 2)
        if not at.alike(one, two)
        for hub in part
        if hub not in (one, two) and at.alike(hub, one) and at.alike(hub, two)
    }
    services = _parts([one for one in named if one not in general], links.__getitem__)
    of = _service_of(services)
    gave_way: list[int] = []
    left: list[int] = []
    for hub in sorted(general):
        theirs = {of[two] for two in links[hub] if two in of}
        if len(theirs) == 1:
            services[theirs.pop()].append(hub)
        else:
            (gave_way if theirs else left).append(hub)
    return services + _parts(left, links.__getitem__), gave_way


def _off_the_ground(at: _Neighbours, services: list[list[int]]) -> tuple[list[list[int]], list[int]]:
    """Rule 2: services without those that are but the ground of two or more others, and what these consist of."""
    of = _service_of(services)
    left: list[list[int]] = []
    gave_way: list[int] = []
    for number, service in enumerate(services):
        inside = {of[two] for one in service for two in at.near[one] if two in of and at.holds(one, two)}
        if len(inside - {number}) > 1 and all(map(at.is_outline, service)):
            gave_way += service
        else:
            left.append(service)
    return left, gave_way


def _service_of(services: Iterable[Sequence[int]]) -> dict[int, int]:
    return {number: service for service, numbers in enumerate(services) for number in numbers}


def _parts(numbers: Sequence[int], links: Callable[[int], Iterable[int]]) -> list[list[int]]:
    """Connected parts of the graph of `links` among `numbers`."""
    unseen = dict.fromkeys(numbers)
    parts = []
    while unseen:
        first, _ = unseen.popitem()
        part = [first]
        for one in part:
            for two in links(one):
                if two in unseen:
                    del unseen[two]
                    part.append(two)
        parts.append(part)
    return parts


def _any_within(some: frozenset[Words], others: frozenset[Words]) -> bool:
    return any(one <= other or other <= one for one in some for other in others)


def _mercator(lonlat: Floats) -> Floats:
    """Metres of the equator; distances around a place are larger by one over the cosine of its latitude."""
    lon, lat = np.radians(lonlat).T
    return np.column_stack([lon, np.arcsinh(np.tan(lat))]) * _RADIUS_M
