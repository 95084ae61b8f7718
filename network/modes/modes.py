"""Modes of travel as rows of numbers, and what the tags of a street mean to each.

Which seconds are *not* in the speeds: waiting at signals and giving way. `Profile.signals_s` and `give_way_s` are added
at the junctions where they are lost, see `network.streets.delays`.

What tags mean to those who walk, cycle and drive, side by side: one line per value, one column per way of moving.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from data.build_report import BuildReport
from data.columns import Floats, Int8s
from data.errors import InputError
from data.streets import TagSet
from data.units import MPS_PER_KMH
from network.modes.access import (
    AccessRules,
    Direction,
    OnewayRules,
    Passage,
    barrier_passage,
    directions,
    passage,
    street_kind,
)
from network.modes.speeds import SpeedRules, speed_mps
from network.modes.tag_findings import ReadingRules, tag_findings

Cell = TypeVar("Cell")
WALKING, CYCLING, DRIVING = range(3)
"""Columns of the tables."""

_NO, _ENDS, _YES = Passage.CLOSED, Passage.ENDS, Passage.OPEN


def column(table: Mapping[str, tuple[Cell, Cell, Cell]], index: int) -> dict[str, Cell]:
    """One column of a table, by value of the tag."""
    return {value: row[index] for value, row in table.items()}


def _rows(values: Iterable[str], row: tuple[Cell, Cell, Cell]) -> dict[str, tuple[Cell, Cell, Cell]]:
    return dict.fromkeys(values, row)


ACCESS_VALUES: dict[str, tuple[Passage | None, Passage | None, Passage | None]] = {
    **_rows(("yes", "designated", "permissive", "public", "discouraged"), (_YES, _YES, _YES)),
    # "Bestemmingsverkeer": signs that keep motor traffic from passing; who walks or cycles passes nearly everywhere.
    "destination": (_YES, _YES, _ENDS),
    # An old way to write `designated` for foot and bicycle; on motor traffic it means officials.
    "official": (_YES, _YES, _NO),
    "optional_sidepath": (_YES, _YES, _YES),
    # The path beside the road is a way of its own.
    "use_sidepath": (_NO, _NO, _NO),
    # Who pushes a bike is a pedestrian (RVV 1990, article 2) and goes where pedestrians may, see `Profile.pushed_as`.
    "dismount": (None, _NO, None),
    # For those who live, work, shop or farm there and for who visits them, never a way through.
    **_rows(("private", "residents", "permit", "license", "employees", "staff"), (_ENDS, _ENDS, _ENDS)),
    **_rows(("customers", "delivery", "agricultural", "forestry"), (_ENDS, _ENDS, _ENDS)),
    **_rows(("no", "military", "emergency", "restricted"), (_NO, _NO, _NO)),
    **_rows(("bus", "psv", "taxi", "hgv"), (_NO, _NO, _NO)),
}
"""Values of access keys (OSM wiki: Key:access); `unknown` and the like are not here: the next more general key decides."""


def access_values(index: int) -> dict[str, Passage]:
    """Column of `ACCESS_VALUES`, without the values that say nothing to that way of moving."""
    return {value: read for value, read in column(ACCESS_VALUES, index).items() if read is not None}


KINDS: dict[str, tuple[Passage, Passage, Passage]] = {
    # RVV 1990, article 42: motorways are for motor vehicles that reach 60 km/h. Whether walkers and cyclists are kept off
    # `trunk` differs by country: `data/parameters/access_by_country.toml`.
    **_rows(("motorway", "motorway_link"), (_NO, _NO, _YES)),
    **_rows(("trunk", "trunk_link"), (_YES, _YES, _YES)),
    **_rows(("primary", "primary_link", "secondary", "secondary_link"), (_YES, _YES, _YES)),
    **_rows(("tertiary", "tertiary_link", "unclassified", "residential"), (_YES, _YES, _YES)),
    **_rows(("living_street", "service", "road", "track"), (_YES, _YES, _YES)),
    # RVV 1990, article 4: pedestrians use the cycle path where there is no pavement.
    "cycleway": (_YES, _YES, _NO),
    "path": (_YES, _YES, _NO),
    **_rows(("footway", "pedestrian", "steps", "corridor", "platform", "crossing"), (_YES, _NO, _NO)),
    "elevator": (_YES, _NO, _NO),
    # RVV 1990, sign G9: riders only.
    "bridleway": (_NO, _NO, _NO),
    "busway": (_NO, _NO, _NO),
    # Most ferries carry bikes; one that carries cars says so.
    "ferry": (_YES, _YES, _NO),
}
"""Values of `highway=*` and what else is travelled (OSM wiki: OSM tags for routing/Access restrictions)."""

BARRIERS: dict[str, tuple[bool, bool, bool]] = {
    **_rows(("gate", "sliding_gate", "bump_gate", "cattle_grid", "toll_booth"), (True, True, True)),
    **_rows(("border_control", "sally_port", "height_restrictor", "kerb"), (True, True, True)),
    **_rows(("entrance", "no", "coupure"), (True, True, True)),
    # Booms and swing gates keep motor traffic out unless tagged otherwise (OSM wiki, both tags).
    **_rows(("lift_gate", "swing_gate", "bollard", "rising_bollard", "chain", "rope"), (True, True, False)),
    **_rows(("cycle_barrier", "motorcycle_barrier", "block", "planter", "boulder"), (True, True, False)),
    **_rows(("jersey_barrier", "debris", "bus_trap", "sump_buster", "spikes"), (True, True, False)),
    **_rows(("wicket_gate", "hampshire_gate", "door", "tank_trap"), (True, True, False)),
    **_rows(("kissing_gate", "stile", "horse_stile", "turnstile"), (True, False, False)),
    **_rows(("full-height_turnstile", "log"), (True, False, False)),
    **_rows(("wall", "fence", "hedge", "ditch", "guard_rail"), (False, False, False)),
    **_rows(("retaining_wall", "city_wall", "handrail", "cable_barrier"), (False, False, False)),
}
"""Values of `barrier=*` on a node of the way: who passes where nothing else is tagged (OSM wiki: Key:barrier)."""

SURFACE: dict[str, tuple[float, float, float]] = {
    **_rows(("asphalt", "paved", "concrete", "chipseal", "rubber", "tartan"), (1.0, 1.0, 1.0)),
    **_rows(("paving_stones", "bricks", "brick", "concrete:plates"), (1.0, 0.95, 1.0)),
    **_rows(("concrete:lanes", "metal", "metal_grid", "wood"), (1.0, 0.9, 0.8)),
    "sett": (1.0, 0.8, 0.85),
    "cobblestone:flattened": (1.0, 0.75, 0.8),
    "cobblestone": (1.0, 0.65, 0.7),
    "unhewn_cobblestone": (0.95, 0.5, 0.5),
    "compacted": (1.0, 0.9, 0.8),
    **_rows(("fine_gravel", "shells"), (1.0, 0.85, 0.75)),
    **_rows(("gravel", "stepping_stones"), (0.95, 0.65, 0.6)),
    "pebblestone": (0.9, 0.55, 0.5),
    **_rows(("grass_paver", "unpaved", "artificial_turf"), (1.0, 0.7, 0.6)),
    **_rows(("ground", "dirt", "earth", "soil"), (0.95, 0.6, 0.5)),
    **_rows(("grass", "woodchips", "clay"), (0.9, 0.5, 0.4)),
    **_rows(("rock", "stone", "rocky"), (0.8, 0.4, 0.3)),
    **_rows(("sand", "snow", "ice"), (0.75, 0.3, 0.3)),
    "mud": (0.65, 0.25, 0.25),
}
"""Shares of the speed by `surface=*`: assumptions, ranked as routing profiles in the field rank them; calibrate against
measured rides on surfaces of known kind."""

SMOOTHNESS: dict[str, tuple[float, float, float]] = {
    **_rows(("excellent", "good"), (1.0, 1.0, 1.0)),
    "intermediate": (1.0, 0.9, 0.9),
    "bad": (1.0, 0.75, 0.7),
    "very_bad": (0.95, 0.55, 0.4),
    "horrible": (0.9, 0.4, 0.2),
    "very_horrible": (0.8, 0.25, 0.0),
    # Impassable for wheels (OSM wiki: Key:smoothness).
    "impassable": (0.6, 0.0, 0.0),
}
"""Shares of the speed by `smoothness=*`: assumptions, as above; the wiki's definitions say what can still pass."""

TRACKTYPE: dict[str, tuple[float, float, float]] = {
    "grade1": (1.0, 1.0, 1.0),
    "grade2": (1.0, 0.85, 0.75),
    "grade3": (1.0, 0.7, 0.6),
    "grade4": (0.95, 0.55, 0.45),
    "grade5": (0.9, 0.4, 0.3),
}
"""Shares of the speed by `tracktype=*`, from solid (1) to soft (5): assumptions, as above."""

ASSUMED_SURFACE = dict.fromkeys(["path", "track", "bridleway"], "unpaved")
"""What paths and tracks are made of where nothing is tagged (OSM wiki: both are usually unpaved)."""


WALKING_MPS = 1.33
"""Adults' comfortable walking speed (Bohannon & Andrews 2011)."""
CYCLING_KMH = 15.8
"""Mean speed of cyclists in Drenthe (Fiets Telweek 2015), taken for the speed on a good way."""
EBIKE_KMH = 18.7
"""Mean speed of e-bikes (Fietsberaad), likewise."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A mode of travel: one row of numbers and tables.

    Attributes
    ----------
    name
        Short name, as in options and exports.
    access, oneway, speed
        How the mode reads the tags that say whether, in which direction and how fast.
    pushed_as
        Mode as which one goes where that mode may and is quicker: a bike is pushed wherever walking is allowed. "" for none.
    obeys_turn_restrictions
        Whether the turns that are forbidden to cars bind the mode; cyclists may mostly make them or walk a few metres.
    max_snap_m
        Farthest straight distance from a point to the street it is attached to, an assumption: 1 km is a walk of 12.5
        minutes, longer than any field path from a village; more points to streets missing from the map.
    off_street_mps
        Walking speed between a point and its street.
    cruises_on_foot
        Whether cruising is walking, so that one's own cruising speed holds off the street too.
    signals_s
        Mean delay at a node with a traffic light, an assumption: about 15 s per junction, which a detailed map tags with two
        or three such nodes on the way across. Cyclists have none: their speeds are means of whole trips, waiting included.
        To calibrate: green share g of cycle c gives c * (1 - g)^2 / 2 per junction (uniform arrivals).
    give_way_s
        Mean delay on arrival at a junction where a faster road meets. The car's 10 s: 8 s to slow down, look, wait for a gap
        and pull away (7.8 s per junction of local streets outside rush hours, 9.4 s over the day: driven times in greater
        Helsinki, Jaakkola 2013, table 28), and 2 s for turning off the faster road again later on, which is not counted
        there: braking from 40 or 72 to 20 km/h at 1.5 m/s2 costs 0.9 or 3.5 s. Walkers and cyclists lose nothing: their
        speeds are means of whole trips.
    terminal_s
        Seconds at each end of a trip beside the walk: getting in, finding a place, parking. The car's 0 s is an assumption:
        the times are of driving, as those of route planners. Drivers in greater Helsinki say it takes a minute to park
        where one lives by the car, five in the centre (medians, Vesanen 2020).

    """

    name: str
    access: AccessRules
    oneway: OnewayRules
    speed: SpeedRules
    pushed_as: str
    obeys_turn_restrictions: bool
    max_snap_m: float
    off_street_mps: float
    cruises_on_foot: bool
    signals_s: float
    give_way_s: float
    terminal_s: float


WALK = Profile(
    name="walk",
    access=AccessRules(
        keys=("access", "foot"),
        opening_keys=frozenset(["foot"]),
        values=access_values(WALKING),
        by_kind=column(KINDS, WALKING),
        implied={("motorroad", "yes"): Passage.CLOSED},
        barriers=column(BARRIERS, WALKING),
        unknown_barrier_open=True,
    ),
    oneway=OnewayRules(
        keys=("oneway:foot",), implied_kinds=frozenset(), implied_junctions=frozenset(), contraflow_key=""
    ),
    speed=SpeedRules(
        cruise_mps=WALKING_MPS,
        limit_share_built_up=inf,
        limit_share_rural=inf,
        # Half the speed along the line of the stairs, an assumption.
        kind_share={"steps": 0.5},
        kind_cap_mps={},
        carried_mps={"ferry": 10 * MPS_PER_KMH},
        surface_share=column(SURFACE, WALKING),
        smoothness_share=column(SMOOTHNESS, WALKING),
        tracktype_share=column(TRACKTYPE, WALKING),
        assumed_surface=ASSUMED_SURFACE,
    ),
    pushed_as="",
    obeys_turn_restrictions=False,
    max_snap_m=1000.0,
    off_street_mps=WALKING_MPS,
    cruises_on_foot=True,
    signals_s=6.0,
    give_way_s=0.0,
    terminal_s=0.0,
)

BIKE = Profile(
    name="bike",
    access=AccessRules(
        keys=("access", "vehicle", "bicycle"),
        opening_keys=frozenset(["bicycle"]),
        values=access_values(CYCLING),
        by_kind=column(KINDS, CYCLING),
        implied={
            ("motorroad", "yes"): Passage.CLOSED,
            ("bicycle_road", "yes"): Passage.OPEN,
            ("cyclestreet", "yes"): Passage.OPEN,
        },
        barriers=column(BARRIERS, CYCLING),
        unknown_barrier_open=True,
    ),
    oneway=OnewayRules(
        keys=("oneway", "bicycle:oneway", "oneway:bicycle"),
        implied_kinds=frozenset(["motorway"]),
        implied_junctions=frozenset(["roundabout", "circular"]),
        contraflow_key="bicycle",
    ),
    speed=SpeedRules(
        cruise_mps=CYCLING_KMH * MPS_PER_KMH,
        limit_share_built_up=inf,
        limit_share_rural=inf,
        kind_share={},
        kind_cap_mps={},
        carried_mps=WALK.speed.carried_mps,
        surface_share=column(SURFACE, CYCLING),
        smoothness_share=column(SMOOTHNESS, CYCLING),
        tracktype_share=column(TRACKTYPE, CYCLING),
        assumed_surface=ASSUMED_SURFACE,
    ),
    pushed_as=WALK.name,
    obeys_turn_restrictions=False,
    max_snap_m=1000.0,
    off_street_mps=WALKING_MPS,
    cruises_on_foot=False,
    signals_s=0.0,
    give_way_s=0.0,
    terminal_s=0.0,
)

EBIKE = replace(BIKE, name="ebike", speed=replace(BIKE.speed, cruise_mps=EBIKE_KMH * MPS_PER_KMH))

_CAR_CAP_KMH = {
    "motorway": 110.0,
    "motorway_link": 70.0,
    "trunk": 95.0,
    "trunk_link": 65.0,
    **dict.fromkeys(["primary", "secondary"], 80.0),
    **dict.fromkeys(["primary_link", "secondary_link", "tertiary_link"], 50.0),
    "tertiary": 70.0,
    **dict.fromkeys(["unclassified", "road"], 55.0),
    "residential": 40.0,
    "living_street": 12.0,
    "service": 20.0,
    "alley": 12.0,
    **dict.fromkeys(["parking_aisle", "driveway", "drive-through", "emergency_access"], 10.0),
    "track": 30.0,
    **dict.fromkeys(["cycleway", "path", "busway"], 20.0),
    **dict.fromkeys(["footway", "pedestrian", "bridleway"], 10.0),
}
"""What a car does at most, whatever the limit, by class and `service=*`: assumptions about bends, width and parked cars
(a rural `unclassified` road is often one lane wide). Calibrate like the shares of the limit."""

CAR = Profile(
    name="car",
    access=AccessRules(
        keys=("access", "vehicle", "motor_vehicle", "motorcar"),
        opening_keys=frozenset(["motor_vehicle", "motorcar"]),
        values=access_values(DRIVING),
        by_kind=column(KINDS, DRIVING),
        implied={
            ("service", "emergency_access"): Passage.CLOSED,
            # By definition cars are guests there, also where the way is drawn as a cycleway.
            ("cyclestreet", "yes"): Passage.OPEN,
        },
        barriers=column(BARRIERS, DRIVING),
        unknown_barrier_open=False,
    ),
    oneway=OnewayRules(
        keys=("oneway", "oneway:motor_vehicle", "oneway:motorcar"),
        implied_kinds=frozenset(["motorway"]),
        implied_junctions=frozenset(["roundabout", "circular"]),
        contraflow_key="",
    ),
    speed=SpeedRules(
        cruise_mps=110 * MPS_PER_KMH,
        # Driven as a share of the limit, by floating cars in greater Helsinki, junctions included (Perola 2023): 0.82, 0.85 and
        # 0.83 at 30, 40 and 50 km/h, 0.94 to 0.99 from 60 to 100; 0.88 on regional and 0.85 on connecting roads, less main
        # roads than those. 0.86 on Dutch roads of 30 km/h (NDW 2021).
        limit_share_built_up=0.8,
        limit_share_rural=0.9,
        kind_share={},
        kind_cap_mps={value: kmh * MPS_PER_KMH for value, kmh in _CAR_CAP_KMH.items()},
        carried_mps=WALK.speed.carried_mps,
        surface_share=column(SURFACE, DRIVING),
        smoothness_share=column(SMOOTHNESS, DRIVING),
        tracktype_share=column(TRACKTYPE, DRIVING),
        assumed_surface=ASSUMED_SURFACE,
    ),
    pushed_as="",
    obeys_turn_restrictions=True,
    max_snap_m=1000.0,
    off_street_mps=WALKING_MPS,
    cruises_on_foot=False,
    signals_s=6.0,
    give_way_s=10.0,
    terminal_s=0.0,
)

PROFILES = (WALK, BIKE, EBIKE, CAR)
"""All modes, in the order of the rows of every table by mode."""


def with_speed(profile: Profile, speed_mps: float) -> Profile:
    """Profile of a traveller with a cruising speed of one's own; speeds on poor surfaces and stairs change in proportion.

    For a car it is the most one drives. The speed of walking off the street stays as it is, except that who cruises on
    foot walks as fast there.

    Raises
    ------
    InputError
        If the speed is not a positive number.

    """
    if not (isfinite(speed_mps) and speed_mps > 0):
        msg = f"A speed of {speed_mps} m/s for mode {profile.name} takes nobody anywhere; give a number above 0."
        raise InputError(msg)
    off_street_mps = speed_mps if profile.cruises_on_foot else profile.off_street_mps
    return replace(profile, speed=replace(profile.speed, cruise_mps=speed_mps), off_street_mps=off_street_mps)


def way_passage(tags: TagSet, profile: Profile) -> tuple[Passage, Passage]:
    """How the mode goes along a way in its forward and its backward direction, by the access and one-way tags."""
    lookup = dict(tags)
    is_open = directions(lookup, street_kind(lookup), profile.oneway)
    each = _each_direction(tags, lambda direction: passage(lookup, profile.access, direction))
    forward, backward = (
        allowed if open_ else Passage.CLOSED for allowed, open_ in zip(each, is_open, strict=True)
    )
    return forward, backward


def _each_direction(tags: TagSet, read: Callable[[Direction], Cell]) -> tuple[Cell, Cell]:
    """What is read of a way for each direction, read once where no tag tells them apart."""
    forward = read("forward")
    is_told_apart = any(key.endswith((":forward", ":backward")) for key, _ in tags)
    return forward, read("backward") if is_told_apart else forward


def way_speeds(tags: TagSet, profile: Profile) -> tuple[float, float]:
    """Metres per second along a way in its forward and its backward direction, where it is the end of a trip too.

    0.0 where the mode may not go: what it does as another mode (`Profile.pushed_as`) is left aside.
    """
    return _speeds(tags, profile, way_passage(tags, profile))


def _speeds(tags: TagSet, profile: Profile, allowed: tuple[Passage, Passage]) -> tuple[float, float]:
    if allowed == (Passage.CLOSED, Passage.CLOSED):
        return 0.0, 0.0
    lookup = dict(tags)
    kind = street_kind(lookup)
    each = _each_direction(tags, lambda direction: speed_mps(lookup, kind, profile.speed, direction))
    forward, backward = (
        0.0 if one is Passage.CLOSED else speed for speed, one in zip(each, allowed, strict=True)
    )
    return forward, backward


def way_tables(tag_sets: Sequence[TagSet], profiles: Sequence[Profile]) -> tuple[Floats, Int8s]:
    """(M, S, 2) float64 `way_speeds` and int8 `way_passage` of S combinations of tags for M modes."""
    speeds, allowed = list[list[tuple[float, float]]](), list[list[tuple[Passage, Passage]]]()
    for row, profile in enumerate(profiles):
        # Bikes and e-bikes go the same ways.
        same = row and (profile.access, profile.oneway) == (
            profiles[row - 1].access,
            profiles[row - 1].oneway,
        )
        allowed.append(allowed[-1] if same else [way_passage(tags, profile) for tags in tag_sets])
        speeds.append([_speeds(tags, profile, one) for tags, one in zip(tag_sets, allowed[-1], strict=True)])
    shape = len(profiles), len(tag_sets), 2
    return np.array(speeds, np.float64).reshape(shape), np.array(allowed, np.int8).reshape(shape)


def barrier_table(tag_sets: Sequence[TagSet], profiles: Sequence[Profile]) -> Int8s:
    """(M, S) int8, how M modes pass a node of a way with each of S combinations of tags: values of `Passage`.

    A mode that is pushed passes what the other passes, unless the barrier stops it by its build (a stile, a turnstile).
    """
    alone = np.array(
        [[barrier_passage(dict(tags), profile.access) for tags in tag_sets] for profile in profiles], np.int8
    ).reshape(len(profiles), len(tag_sets))
    names = [profile.name for profile in profiles]
    for row, profile in enumerate(profiles):
        if profile.pushed_as in names:
            fits = [
                profile.access.barriers.get(
                    dict(tags).get("barrier", "no"), profile.access.unknown_barrier_open
                )
                for tags in tag_sets
            ]
            pushed = np.where(fits, alone[names.index(profile.pushed_as)], Passage.CLOSED)
            alone[row] = np.maximum(alone[row], pushed)
    return alone


def tag_report(tag_sets: Sequence[TagSet], n_ways_by_set: NDArray[np.integer]) -> BuildReport:
    """What of the tags was assumed or not read by any mode; `n_ways_by_set` is (S,), ways per combination."""
    return tag_findings(
        tag_sets,
        n_ways_by_set,
        ReadingRules(
            access=tuple(profile.access for profile in PROFILES),
            oneway=tuple(profile.oneway for profile in PROFILES),
            speed=tuple(profile.speed for profile in PROFILES),
            limited=tuple(
                profile.access for profile in PROFILES if isfinite(profile.speed.limit_share_rural)
            ),
        ),
    )
