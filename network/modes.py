"""Modes of travel as rows of numbers, and what the tags of a street mean to each.

Which seconds are *not* in the speeds: waiting at signals and giving way. `Profile.signals_s` and `give_way_s` are added
at the junctions where they are lost, see `network.delays`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from data.build_report import BuildReport
from data.columns import Bools, Floats
from data.errors import InputError
from data.streets import TagSet
from network import mode_tables as tables
from network.access import AccessRules, Direction, Passage, may_pass, passage, street_kind
from network.limits import MPS_PER_KMH
from network.mode_tables import CYCLING, DRIVING, WALKING, access_values, column
from network.oneway import OnewayRules, directions
from network.speeds import SpeedRules, pushed_mps, speed_mps
from network.tag_findings import ReadingRules, tag_findings

_DIRECTIONS: tuple[Direction, Direction] = ("forward", "backward")

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
        Mean delay on arrival at a junction where a faster road meets: slowing down, looking, waiting for a gap and pulling
        away again, against driving on. The car's 4 s are an assumption for quiet rural roads, where braking and pulling
        away is most of it; a busy main road costs more. Walkers and cyclists lose nothing: their speeds are means of whole
        trips. To calibrate: measured times of trips with n such junctions less their time at free-flow speed, over n.

    """

    name: str
    access: AccessRules
    oneway: OnewayRules
    speed: SpeedRules
    obeys_turn_restrictions: bool
    max_snap_m: float
    off_street_mps: float
    cruises_on_foot: bool
    signals_s: float
    give_way_s: float


WALK = Profile(
    name="walk",
    access=AccessRules(
        keys=("access", "foot"),
        pushed_keys=(),
        opening_keys=frozenset(["foot"]),
        values=access_values(WALKING),
        by_kind=column(tables.KINDS, WALKING),
        implied={("motorroad", "yes"): Passage.CLOSED},
        barriers=column(tables.BARRIERS, WALKING),
        unknown_barrier_open=True,
    ),
    oneway=OnewayRules(
        keys=("oneway:foot",), implied_kinds=frozenset(), implied_junctions=frozenset(), has_contraflow=False
    ),
    speed=SpeedRules(
        cruise_mps=WALKING_MPS,
        pushed_mps=WALKING_MPS,
        limit_share_built_up=inf,
        limit_share_rural=inf,
        # Half the speed along the line of the stairs, an assumption.
        kind_share={"steps": 0.5},
        kind_cap_mps={},
        carried_mps={"ferry": 10 * MPS_PER_KMH},
        surface_share=column(tables.SURFACE, WALKING),
        smoothness_share=column(tables.SMOOTHNESS, WALKING),
        tracktype_share=column(tables.TRACKTYPE, WALKING),
        assumed_surface=tables.ASSUMED_SURFACE,
    ),
    obeys_turn_restrictions=False,
    max_snap_m=1000.0,
    off_street_mps=WALKING_MPS,
    cruises_on_foot=True,
    signals_s=6.0,
    give_way_s=0.0,
)

BIKE = Profile(
    name="bike",
    access=AccessRules(
        keys=("access", "vehicle", "bicycle"),
        pushed_keys=("access", "foot", "bicycle"),
        opening_keys=frozenset(["bicycle"]),
        values=access_values(CYCLING),
        by_kind=column(tables.KINDS, CYCLING),
        implied={
            ("motorroad", "yes"): Passage.CLOSED,
            ("bicycle_road", "yes"): Passage.OPEN,
            ("cyclestreet", "yes"): Passage.OPEN,
        },
        barriers=column(tables.BARRIERS, CYCLING),
        unknown_barrier_open=True,
    ),
    oneway=OnewayRules(
        keys=("oneway", "oneway:bicycle"),
        implied_kinds=frozenset(["motorway"]),
        implied_junctions=frozenset(["roundabout", "circular"]),
        has_contraflow=True,
    ),
    speed=SpeedRules(
        cruise_mps=CYCLING_KMH * MPS_PER_KMH,
        pushed_mps=WALKING_MPS,
        limit_share_built_up=inf,
        limit_share_rural=inf,
        # Carrying or pushing a bike up a gutter, an assumption.
        kind_share={"steps": 0.3},
        kind_cap_mps={},
        carried_mps=WALK.speed.carried_mps,
        surface_share=column(tables.SURFACE, CYCLING),
        smoothness_share=column(tables.SMOOTHNESS, CYCLING),
        tracktype_share=column(tables.TRACKTYPE, CYCLING),
        assumed_surface=tables.ASSUMED_SURFACE,
    ),
    obeys_turn_restrictions=False,
    max_snap_m=1000.0,
    off_street_mps=WALKING_MPS,
    cruises_on_foot=False,
    signals_s=0.0,
    give_way_s=0.0,
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
        pushed_keys=(),
        opening_keys=frozenset(["motor_vehicle", "motorcar"]),
        values=access_values(DRIVING),
        by_kind=column(tables.KINDS, DRIVING),
        implied={
            ("service", "emergency_access"): Passage.CLOSED,
            # By definition cars are guests there, also where the way is drawn as a cycleway.
            ("cyclestreet", "yes"): Passage.OPEN,
        },
        barriers=column(tables.BARRIERS, DRIVING),
        unknown_barrier_open=False,
    ),
    oneway=OnewayRules(
        keys=("oneway", "oneway:motor_vehicle", "oneway:motorcar"),
        implied_kinds=frozenset(["motorway"]),
        implied_junctions=frozenset(["roundabout", "circular"]),
        has_contraflow=False,
    ),
    speed=SpeedRules(
        cruise_mps=110 * MPS_PER_KMH,
        pushed_mps=0.0,
        # Driven between junctions as a share of the limit. 0.8 is the `speed_reduction` of OSRM's car profile; 0.9 on
        # open roads is an assumption. To calibrate: divide measured free-flow speeds (NDW, floating-car data) by limits.
        limit_share_built_up=0.8,
        limit_share_rural=0.9,
        kind_share={},
        kind_cap_mps={value: kmh * MPS_PER_KMH for value, kmh in _CAR_CAP_KMH.items()},
        carried_mps=WALK.speed.carried_mps,
        surface_share=column(tables.SURFACE, DRIVING),
        smoothness_share=column(tables.SMOOTHNESS, DRIVING),
        tracktype_share=column(tables.TRACKTYPE, DRIVING),
        assumed_surface=tables.ASSUMED_SURFACE,
    ),
    obeys_turn_restrictions=True,
    max_snap_m=1000.0,
    off_street_mps=WALKING_MPS,
    cruises_on_foot=False,
    signals_s=6.0,
    give_way_s=4.0,
)

PROFILES = (WALK, BIKE, EBIKE, CAR)
"""All modes, in the order of the rows of every table by mode."""


def with_speed(profile: Profile, speed_mps: float) -> Profile:
    """Profile of a traveller with a cruising speed of one's own; speeds on poor surfaces and stairs change in proportion.

    For a car it is the most one drives. Speeds of pushing a bike and of walking off the street stay as they are, except
    that who cruises on foot walks as fast off the street.

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


def way_speeds(tags: TagSet, profile: Profile) -> tuple[float, float]:
    """Metres per second along a way in its forward and its backward direction; 0.0 where the mode may not go."""
    lookup = dict(tags)
    kind = street_kind(lookup)
    is_open = directions(lookup, kind, profile.oneway)
    forward, backward = (
        _speed(lookup, kind, profile, direction, is_open=open_)
        for direction, open_ in zip(_DIRECTIONS, is_open, strict=True)
    )
    return forward, backward


def _speed(
    tags: dict[str, str], kind: str, profile: Profile, direction: Direction, *, is_open: bool
) -> float:
    allowed = passage(tags, profile.access, direction)
    if allowed is Passage.PUSHED:
        return pushed_mps(kind, profile.speed)
    if allowed is Passage.CLOSED or not is_open:
        return 0.0
    return speed_mps(tags, kind, profile.speed, direction)


def node_open(tags: TagSet, profile: Profile) -> bool:
    """Whether the mode passes a node of a way with these tags."""
    return may_pass(dict(tags), profile.access)


def speed_table(tag_sets: Sequence[TagSet], profiles: Sequence[Profile]) -> Floats:
    """(M, S, 2) float64, `way_speeds` of S combinations of tags for M modes."""
    speeds = [[way_speeds(tags, profile) for tags in tag_sets] for profile in profiles]
    return np.array(speeds, np.float64).reshape(len(profiles), len(tag_sets), 2)


def barrier_table(tag_sets: Sequence[TagSet], profiles: Sequence[Profile]) -> Bools:
    """(M, S) bool, `node_open` of S combinations of tags for M modes: True where one passes."""
    passable = [[node_open(tags, profile) for tags in tag_sets] for profile in profiles]
    return np.array(passable, np.bool_).reshape(len(profiles), len(tag_sets))


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
