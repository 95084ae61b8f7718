"""Who travels: a pace on foot, the modes within reach, and how far one walks to a stop."""

from __future__ import annotations

from dataclasses import dataclass, replace

from network.modes.access import Passage
from network.modes.modes import PROFILES, WALK, with_speed

WALK_75PLUS = replace(with_speed(WALK, 0.94), name="walk_75plus")
"""Women of 80 to 99 (Bohannon & Andrews 2011), taken for everybody of 75 and over."""
WALK_FRAME = replace(
    with_speed(WALK, 0.6),
    name="walk_frame",
    access=replace(WALK.access, by_kind={**WALK.access.by_kind, "steps": Passage.CLOSED}),
)
"""With a walking frame, which takes no stairs. The speed is an assumption, two thirds of the pace without a frame."""
ALL_PROFILES = (*PROFILES, WALK_75PLUS, WALK_FRAME)
"""All modes and all paces, in the order of the rows of every table by mode."""


@dataclass(frozen=True, slots=True)
class Traveller:
    """A kind of traveller.

    Attributes
    ----------
    id
        Short name, as in options, links and exports.
    walk
        Name of the profile on foot, all the way and to, between and from the stops.
    modes
        Names of the modes one has the use of.
    min_transfer_s
        Seconds between alighting and boarding on top of the walk.
    walk_max_s
        Longest walk to the first stop, and from the last.
    source
        Where the numbers come from, in words.

    """

    id: str
    walk: str
    modes: tuple[str, ...]
    min_transfer_s: int
    walk_max_s: int
    source: str


ADULT = Traveller(
    "adult",
    "walk",
    ("walk", "bike", "ebike", "car", "transit", "bike_transit", "ebike_transit", "on_demand"),
    min_transfer_s=60,
    walk_max_s=30 * 60,
    source="1.33 m/s (Bohannon & Andrews 2011), 15.8 km/h (Fiets Telweek 2015), e-bike 18.7 km/h (Fietsberaad)",
)
TRAVELLERS = (
    ADULT,
    Traveller(
        "75plus",
        WALK_75PLUS.name,
        ("walk", "transit", "on_demand"),
        min_transfer_s=120,
        walk_max_s=20 * 60,
        source="0.94 m/s (women 80-99, Bohannon & Andrews 2011); change time and longest walk are assumptions",
    ),
    Traveller(
        "ebike",
        "walk",
        ("walk", "ebike", "transit", "ebike_transit", "on_demand"),
        min_transfer_s=60,
        walk_max_s=30 * 60,
        source="18.7 km/h (Fietsberaad), on foot 1.33 m/s (Bohannon & Andrews 2011)",
    ),
    Traveller(
        "no_car",
        "walk",
        ("walk", "bike", "ebike", "transit", "bike_transit", "ebike_transit", "on_demand"),
        min_transfer_s=60,
        walk_max_s=30 * 60,
        source=ADULT.source,
    ),
    Traveller(
        "frame",
        WALK_FRAME.name,
        ("walk", "transit", "on_demand"),
        min_transfer_s=180,
        walk_max_s=15 * 60,
        source="0.6 m/s without stairs, 3 min to change and 15 min (540 m) to a stop: assumptions",
    ),
    Traveller(
        "pupil",
        "walk",
        ("walk", "bike", "transit", "bike_transit"),
        min_transfer_s=60,
        walk_max_s=30 * 60,
        source="as adults, 15.8 km/h by bike (Fiets Telweek 2015): an assumption for pupils",
    ),
)
"""In the order in which they are offered."""
CAR_MODES = frozenset(ADULT.modes) - {
    mode for traveller in TRAVELLERS if traveller.id == "no_car" for mode in traveller.modes
}
"""Modes that those without a car do not have."""
