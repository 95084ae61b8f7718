"""Every number the generated region depends on, with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """Numbers of the generator; none of them is measured in the region unless it says so."""

    # Through roads: the line of a link between two stops, of known length and unknown course.
    vertex_spacing_m: float = 90.0
    """Distance of the points of a bend: under it a curve looks smooth on a map of a village."""
    half_wave_m: float = 900.0
    """Length of one bend of a country road: about the distance between two farms or field corners."""
    most_offset_share: float = 0.25
    """A bend swings out by at most this share of the straight line, otherwise it gets more waves."""
    most_offset_m: float = 350.0
    """... and by at most this much, so that a long road does not wander into the next village."""
    most_waves: int = 24
    """Even the worst link (a detour of 5.9) is within the offset with fewer."""

    # Speeds in km/h: Dutch road classes (80 outside, 60 on lesser roads, 50 and 30 inside built-up areas).
    speed_rural_kmh: int = 80
    speed_lesser_kmh: int = 60
    speed_urban_kmh: int = 50
    speed_local_kmh: int = 30

    # Roads with numbers, streets with names.
    fast_road_detour: float = 1.05
    """Motorways and autowegen between two junctions over the straight line, where no bus was driven along."""
    fast_half_wave_m: float = 4000.0
    """Their bends are long."""
    link_road_m: float = 300.0
    """From a junction to the stop or place it lies at: a slip road is 200 to 400 m long."""
    named_reach_m: float = 250.0
    """A street bears the name of a stop as far as this on either side: less than the distance between stops."""

    # Local streets.
    block_m: float = 105.0
    """Side of a block in the region: Dutch residential blocks are 90 to 130 m."""
    block_around_m: float = 160.0
    """Side of a block in the surroundings, which are only destinations."""
    density_town_per_ha: float = 32.0
    density_village_per_ha: float = 25.0
    density_hamlet_per_ha: float = 10.0
    """Inhabitants per hectare of built-up area: towns of the north 25 to 35, ribbons of farms far less."""
    town_inhabitants: int = 5000
    hamlet_inhabitants: int = 200
    ribbon_inhabitants: int = 100
    """Below it a place is a single road with a few houses."""
    ribbon_aspect: float = 6.0
    most_aspect: float = 2.5
    """A village is at most this much longer than wide (peat-colony villages are ribbons along the canal)."""
    jitter_share: float = 0.16
    """Corners are off the grid by up to this share of a block; more would make streets cross each other."""
    missing_share: float = 0.2
    """Share of the block sides without a street for cars."""
    footway_share: float = 0.3
    cycleway_share: float = 0.2
    """Shares of the missing sides that are a footpath or a cycle path: alleys and greens between houses."""
    living_street_share: float = 0.06
    oneway_share: float = 0.05
    oneway_inhabitants: int = 3000
    """One-way streets are found in towns; bicycles may nearly always ride both ways."""

    # Joints.
    snap_m: float = 35.0
    """A street corner this close to a through road is moved onto it: a third of a block."""
    vertex_snap_m: float = 12.0
    """A corner or crossing this close to a stop or bend becomes that point: about a road width."""
    near_built_m: float = 80.0
    """A road this close to a street corner of a village lies in its built-up area."""
    short_run_m: float = 150.0
    """Shorter changes of built-up area along a road get no sign of their own."""
    joint_detour: float = 1.25
    """Road length over straight line: what the facts tables use for unobserved links."""
    second_road_inhabitants: int = 500
    """A village this large has a second way out when no bus road passes through it ..."""
    second_road_reach_m: float = 5000.0
    """... to the nearest stop on the other side, if there is one within this distance."""
    reach_station_m: float = 1500.0
    """A railway station farther from any street than this lies outside the region and stays alone."""
    reach_facility_m: float = 100.0
    """A facility farther from a street corner than this gets a street of its own."""

    # Cycle paths.
    cycleway_offset_m: float = 9.0
    """Middle of the path to middle of the road: verge and ditch."""
    shortest_cycleway_m: float = 150.0
    cycleway_tolerance_share: float = 0.03
    """A road that a path beside it cannot follow within this share of its length winds too much and has none."""
    shortcut_reach_m: float = 7000.0
    """Nobody misses a direct path between villages farther apart: 80 % of the trips are under 5 km."""
    stop_reach_m: float = 2500.0
    """A village may get a path to its nearest stop within this distance: a ride of ten minutes."""
    shortcut_detour: float = 1.45
    """Neighbours get a path of their own when the way by road is longer than this times the straight line."""
    road_detour: float = 2.0
    """... and it is a lesser road when cars go more than twice as far: the rule of the facts tables for gaps."""
    shortcut_saving_m: float = 400.0
    """... and the path saves at least this much: the allowance the facts tables use for roads too."""
    path_detour: float = 1.17
    """Length of such a path over the straight line."""

    # People.
    cell_m: int = 100
    """Side of a cell of the CBS grid, aligned to whole hundreds of the national grid."""
    outward_decay: float = 1.2
    """Density falls to exp(-1.2), a third, from the middle of a place to its edge."""
    weight_spread: float = 0.35
    """Standard deviation of the logarithm of the density from cell to cell."""
    farm_share: float = 0.05
    """Share of the inhabitants of a village or hamlet in farms around it."""
    farm_persons: float = 4.0
    """Persons per farm cell: one or two households."""
    farm_reach_m: float = 2500.0
    crowded_persons: float = 60.0
    """Persons in a built-up cell at most, on average: twice the density of a town of the north."""
    own_cell_reach: int = 12
    """A place whose own cell lies in another postcode has the nearest free cell within this many cells."""

    # Fast internet.
    village_people: int = 200
    broadband_village_share: float = 0.98
    broadband_hamlet_share: float = 0.85
    """Addresses with fast internet in places of so many inhabitants or more, and in smaller ones, where farms lie far apart: nobody
    publishes it by village, and these are assumptions."""

    # Timetable.
    evening_from_h: int = 19
    """The facts give an evening headway without its hour; regional lines thin out around 19 h."""
    trains_from_h: int = 6
    trains_evening_h: int = 20
    trains_until_h: int = 24
    """Trains are counted until and after 20 h; the ends of their day are assumed."""
    first_day: str = "20260101"
    last_day: str = "20271231"
