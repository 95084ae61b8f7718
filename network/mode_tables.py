"""What tags mean to those who walk, cycle and drive, side by side: one line per value, one column per way of moving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from network.access import Passage

Cell = TypeVar("Cell")
WALKING, CYCLING, DRIVING = range(3)
"""Columns of the tables."""

_NO, _PUSH, _YES = Passage.CLOSED, Passage.PUSHED, Passage.OPEN


def column(table: Mapping[str, tuple[Cell, Cell, Cell]], index: int) -> dict[str, Cell]:
    """One column of a table, by value of the tag."""
    return {value: row[index] for value, row in table.items()}


def _rows(values: Iterable[str], row: tuple[Cell, Cell, Cell]) -> dict[str, tuple[Cell, Cell, Cell]]:
    return dict.fromkeys(values, row)


ACCESS_VALUES: dict[str, tuple[Passage | None, Passage | None, Passage | None]] = {
    **_rows(("yes", "designated", "permissive", "public", "destination", "customers"), (_YES, _YES, _YES)),
    "discouraged": (_YES, _YES, _YES),
    # An old way to write `designated` for foot and bicycle; on motor traffic it means officials.
    "official": (_YES, _YES, _NO),
    "optional_sidepath": (_YES, _YES, _YES),
    # The path beside the road is a way of its own.
    "use_sidepath": (_NO, _NO, _NO),
    "dismount": (None, _PUSH, None),
    # For residents, suppliers, farmers and permit holders, not for the public.
    **_rows(("private", "no", "residents", "permit", "license", "employees", "staff"), (_NO, _NO, _NO)),
    **_rows(("delivery", "agricultural", "forestry"), (_NO, _NO, _NO)),
    **_rows(("military", "emergency", "restricted", "bus", "psv", "taxi", "hgv"), (_NO, _NO, _NO)),
}
"""Values of access keys (OSM wiki: Key:access); `unknown` and the like are not here: the next more general key decides."""


def access_values(index: int) -> dict[str, Passage]:
    """Column of `ACCESS_VALUES`, without the values that say nothing to that way of moving."""
    return {value: read for value, read in column(ACCESS_VALUES, index).items() if read is not None}


KINDS: dict[str, tuple[Passage, Passage, Passage]] = {
    # RVV 1990, article 42: motorways and `autowegen` are for motor vehicles that reach 60 and 50 km/h. Dutch `trunk` is
    # mostly `autoweg`, so without a tag of their own walkers and cyclists are kept off it.
    **_rows(("motorway", "motorway_link", "trunk", "trunk_link"), (_NO, _NO, _YES)),
    **_rows(("primary", "primary_link", "secondary", "secondary_link"), (_YES, _YES, _YES)),
    **_rows(("tertiary", "tertiary_link", "unclassified", "residential"), (_YES, _YES, _YES)),
    **_rows(("living_street", "service", "road", "track"), (_YES, _YES, _YES)),
    # RVV 1990, article 4: pedestrians use the cycle path where there is no pavement.
    "cycleway": (_YES, _YES, _NO),
    "path": (_YES, _YES, _NO),
    # Who pushes a bike is a pedestrian (RVV 1990, article 2).
    **_rows(("footway", "pedestrian", "steps", "corridor", "platform", "crossing"), (_YES, _PUSH, _NO)),
    "elevator": (_YES, _PUSH, _NO),
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
