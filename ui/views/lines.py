"""Lines and stops of the timetable by name."""

from __future__ import annotations

from collections import Counter

from accessibility.world import World


def line_names(world: World) -> tuple[str, ...]:
    """Names of the lines, short ones first; none without a timetable."""
    return tuple(sorted(set(world.network.service.timetable.trips.route), key=lambda name: (len(name), name)))


def stops_of_line(world: World, line: str) -> tuple[str, ...]:
    """Ids of the stops of a line in the order of most of its trips; those of the other trips follow."""
    timetable = world.network.service.timetable
    trips = timetable.trips
    courses = Counter(
        tuple(trips.call_stop[trips.call_offset[row] : trips.call_offset[row + 1]].tolist())
        for row, name in enumerate(trips.route)
        if name == line
    )
    rows = dict.fromkeys(stop for course, _ in courses.most_common() for stop in course)
    return tuple(timetable.stops.id[row] for row in rows)


def stop_names(world: World, stops: tuple[str, ...]) -> tuple[str, ...]:
    """Names of stops by their ids."""
    known = world.network.service.timetable.stops
    return tuple(known.name[known.id.index(stop)] for stop in stops)
