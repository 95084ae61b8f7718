"""Checks of places, facilities and population cells."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from accessibility.data_quality.findings import Check, Municipalities, Section, Table, spotted
from accessibility.travel_network import WALK, Points, snap_points, street_nearest
from accessibility.travel_times import MODES
from accessibility.world import World
from data.columns import Bools, Floats, Strings
from data.parameters.expected_density import Density, load_densities

FAR_M = 250.0
"""A place or cell further from any street one may walk on is in the wrong place, or its street is not mapped."""
SAME_M = 50.0
"""Two services of one kind this close are perhaps one that was mapped twice; the reader has merged those whose names go together."""
SAME_NAME_M = 250.0
"""The same with one name."""
FEW, MANY = 0.5, 2.0
"""Fewer or more than these shares of what the country has per inhabitant is worth a look."""


def people_checks(world: World, places: Municipalities) -> tuple[list[Check], list[Table]]:
    """Checks of where people live and what they travel to."""
    density = load_densities()
    checks = [*_places(world), *_facilities(world), _cells(world)]
    return checks, [_density_table(world, places, density), _modelled_table(world)]


def _places(world: World) -> list[Check]:
    places, network = world.places, world.network
    inside = np.flatnonzero(places.in_region)
    points = Points(places.x_m[inside], places.y_m[inside])
    snapped = snap_points(network, WALK, points)
    off_street = (snapped.edge < 0) | (snapped.off_street_m > FAR_M)
    (transit,) = (mode for mode in MODES if mode.name == "transit")
    to_stop = street_nearest(network, WALK, points, network.service.stops).seconds
    labels = [
        f"{name} ({people} inhabitants)" for name, people in zip(places.name, places.inhabitants, strict=True)
    ]

    def check(what: str, found: Bools) -> Check:
        # The largest first: they matter most.
        rows = inside[found]
        rows = rows[np.argsort(-places.inhabitants[rows], kind="stable")]
        xy = (places.x_m, places.y_m)
        return spotted(world, Check("places", what, 0, len(inside)), rows, labels, xy)

    return [
        check(f"places further than {FAR_M:.0f} m from any street one may walk on", off_street),
        check(
            f"places without a stop within {transit.access_max_s // 60} min on foot",
            to_stop > transit.access_max_s,
        ),
        check("places without inhabitants", places.inhabitants[inside] == 0),
    ]


def _facilities(world: World) -> list[Check]:
    facilities = world.facilities
    xy = (facilities.x_m, facilities.y_m)
    labels = [f"{kind} {name}".strip() for kind, name in zip(facilities.kind, facilities.name, strict=True)]

    def check(what: str, found: Bools) -> Check:
        return spotted(world, Check("facilities", what, 0, len(labels)), np.flatnonzero(found), labels, xy)

    snapped = snap_points(world.network, WALK, Points(*xy))
    twice = _twice(facilities.kind, facilities.name, xy)
    return [
        check(
            f"facilities further than {FAR_M:.0f} m from any street",
            (snapped.edge < 0) | (snapped.off_street_m > FAR_M),
        ),
        check(
            f"facilities of one kind within {SAME_M:.0f} m, or of one name within {SAME_NAME_M:.0f} m", twice
        ),
        check("facilities without a name", np.array([not name for name in facilities.name], np.bool_)),
        check(
            "facilities without opening hours",
            np.array([not hours for hours in facilities.opening], np.bool_),
        ),
    ]


def _twice(kind: Strings, name: Strings, xy: tuple[Floats, Floats]) -> Bools:
    """(F,) bool, facilities that are perhaps one with an earlier one."""
    found = np.zeros(len(kind), np.bool_)
    if len(kind):
        points = np.column_stack(xy)
        for one, other in sorted(cKDTree(points).query_pairs(SAME_NAME_M)):
            near = float(np.hypot(*(points[one] - points[other]))) <= SAME_M
            same_name = bool(name[one]) and name[one].casefold() == name[other].casefold()
            if kind[one] == kind[other] and (near or same_name):
                found[max(one, other)] = True
    return found


def _cells(world: World) -> Check:
    residents = world.residents
    section: Section = "population"
    snapped = snap_points(world.network, WALK, residents.points)
    far = residents.in_region & (residents.people > 0) & ((snapped.edge < 0) | (snapped.off_street_m > FAR_M))
    names = [
        f"{people} persons at {x:.0f}, {y:.0f}"
        for people, x, y in zip(residents.people, *residents.points, strict=True)
    ]
    n_inside = int(residents.in_region.sum())
    what = f"inhabited cells further than {FAR_M:.0f} m from any street one may walk on"
    return spotted(world, Check(section, what, 0, n_inside), np.flatnonzero(far), names, residents.points)


def _density_table(world: World, places: Municipalities, density: dict[str, Density]) -> Table:
    """Facilities per kind and municipality beside what the country would have for as many inhabitants."""
    facilities, residents = world.facilities, world.residents
    by_rule = world.region.is_modelled("facilities")
    of_facility = places.of((facilities.x_m, facilities.y_m))
    of_resident = places.of((residents.points.x_m, residents.points.y_m))
    rows: list[tuple[str | float, ...]] = []
    for kind in dict.fromkeys([*density, *facilities.kind]):
        is_kind = np.array([of == kind for of in facilities.kind], np.bool_)
        for row, name in enumerate(places.names):
            people = int(residents.people[(of_resident == row) & residents.in_region].sum(dtype=np.int64))
            here = is_kind & (of_facility == row)
            modelled = int(facilities.modelled[here].sum())
            expected = people / density[kind].inhabitants_each if kind in density else np.nan
            rows.append(
                (
                    kind,
                    name,
                    int(here.sum()),
                    modelled,
                    round(expected, 1),
                    _verdict(int(here.sum()), expected, by_rule=by_rule),
                )
            )
    note = "Expected: as many per inhabitant as in the whole country. " + "; ".join(
        f"{one.kind}: {one.number:,} {one.source}" for one in density.values()
    )
    columns = ("kind", "municipality", "facilities", "of which modelled", "expected", "")
    return Table("facilities", "Facilities per kind and municipality", columns, tuple(rows), note)


def _verdict(count: int, expected: float, *, by_rule: bool) -> str:
    if not np.isfinite(expected) or expected < 1:
        return ""
    if count < FEW * expected:
        return "few: not looked up, or the rule places too few" if by_rule else "few: perhaps not mapped"
    return "many: perhaps mapped twice, or a centre for others" if count > MANY * expected else ""


def _modelled_table(world: World) -> Table:
    """Share of what is modelled, in persons for places and in number for facilities."""
    places, facilities = world.places, world.facilities
    inside = places.in_region
    rows: list[tuple[str | float, ...]] = [
        (layer.layer, layer.origin, layer.date, layer.source) for layer in world.region.layers
    ]
    people = places.inhabitants[inside].astype(np.int64)
    share = float(people[places.modelled[inside]].sum() / max(people.sum(), 1))
    rows.append(("inhabitants by a rule", f"{share:.0%}", "", "share of the inhabitants of the region"))
    share = float(facilities.modelled.mean()) if len(facilities.id) else 0.0
    rows.append(("facilities by a rule", f"{share:.0%}", "", "share of all facilities"))
    columns = ("layer", "origin", "date", "source")
    return Table("places", "Observed and modelled", columns, tuple(rows))
