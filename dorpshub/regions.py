"""Regions for notebooks: opened by name, with a scenario applied, and what is asked of them in names and texts."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from accessibility.asked import kinds_named, mode_of, modes_in, modes_named, traveller_named
from accessibility.travel_times import TravelMode
from accessibility.world import AS_IT_IS, World, for_traveller, on_date, open_world
from data.clock import parse_clock
from data.errors import InputError
from data.parameters.facility_kinds import load_facility_kinds
from network.transit.departures import Window

if TYPE_CHECKING:
    import geopandas as gpd

    from data.osm.graphs import Graph
    from scenarios.edits.scenario import Scenario

Names: TypeAlias = str | Sequence[str] | None
"""One name, several, or None for all there are."""


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A region on a date, as a traveller finds it, as it is or with a scenario; it never changes.

    Attributes
    ----------
    world
        What the layers below work with.
    scenario
        Name of the scenario in force; "as it is" without one.

    Examples
    --------
    >>> from dorpshub import open_region
    >>> open_region("zuid-oost-drenthe")
    Region('zuid-oost-drenthe', 407 places, 852 facilities, Tuesday 2026-10-06, adult)

    """

    world: World
    scenario: str = AS_IT_IS

    def __repr__(self) -> str:
        world, day = self.world, self.world.region.service_date
        told = [
            repr(world.region.name),
            f"{len(world.places.id)} places",
            f"{len(world.facilities.id)} facilities",
            day_text(day),
            world.traveller.id,
        ]
        told += [] if self.scenario == AS_IT_IS else [f"scenario {self.scenario!r}"]
        return f"Region({', '.join(told)})"

    @property
    def places(self) -> gpd.GeoDataFrame:
        """One row per village, hamlet or quarter: place_id, place, municipality, in_region, inhabitants, lon, lat."""
        from data.files.output import geo_frame  # noqa: PLC0415 -- frames take a second
        from scenarios.comparison.report import place_columns  # noqa: PLC0415

        return geo_frame(place_columns(self.world))

    @property
    def facilities(self) -> gpd.GeoDataFrame:
        """One row per service and location: facility_id, kind, facility, units, opening, modelled, date, position, lon, lat.

        `position_modelled` says that it stands where a rule put it, and `position_m` how far off half of the positions are.
        """
        from data.files.output import geo_frame  # noqa: PLC0415 -- as above

        of = self.world.facilities
        lon_deg, lat_deg = self.world.projection.to_lonlat(of.x_m, of.y_m)
        columns = {"facility_id": of.id, "kind": of.kind, "facility": of.name, "units": of.units}
        columns |= {"opening": of.opening, "modelled": of.modelled, "date": of.date}
        columns |= {"position_modelled": of.position_modelled, "position_m": of.position_m}
        return geo_frame(columns | {"lon": lon_deg.round(5), "lat": lat_deg.round(5)})

    def to_networkx(self, mode: str, *, geometry: bool = True) -> Graph:
        """Streets that a mode may use, as OSMnx has them after simplification.

        Nodes have x, y and street_count; edges have length (metres), travel_time (seconds), highway, name, oneway, and
        with `geometry` their line. osmnx.save_graphml writes such a graph; networkx.write_graphml takes no lines, so ask
        for one without `geometry`. The `osmid` is the number of the edge here, not of a way. Turn restrictions are left out.

        Raises
        ------
        InputError
            When the traveller does not have the mode.

        """
        from network.streets.graph import street_graph  # noqa: PLC0415 -- as above

        network = self.world.network
        row = network.row(mode_of(self.world, mode).street)
        return street_graph(network.streets, row, self.world.projection, with_lines=geometry)


def open_region(
    name_or_folder: str | Path,
    *,
    date: dt.date | str | None = None,
    traveller: str | None = None,
    boarding_slack_s: int = 0,
) -> Region:
    """Open a region, building it first where that was not done yet (less than a minute).

    Parameters
    ----------
    name_or_folder
        Name of a region that comes along, or a folder with a region.toml.
    date
        Service date of public transport, also as "2026-10-06"; that of the region when left out.
    traveller
        adult, 75plus, ebike, no_car, frame or pupil; an adult when left out.
    boarding_slack_s
        Seconds to be at the first stop before the departure; changes have a time of their own.

    Raises
    ------
    InputError
        When there is no such region or traveller, nothing runs on that date, or a file or number cannot be used.

    Examples
    --------
    >>> from dorpshub import open_region
    >>> open_region("zuid-oost-drenthe", traveller="75plus")
    Region('zuid-oost-drenthe', 407 places, 852 facilities, Tuesday 2026-10-06, 75plus)

    """
    who = None if traveller is None else traveller_named(traveller)
    day = None if date is None else day_of(date)
    world = open_world(name_or_folder)
    if day is not None:
        world = on_date(world, day)
    if who is not None:
        world = for_traveller(world, who)
    assumed = replace(world.network.assumptions, first_boarding_slack_s=slack_of(boarding_slack_s))
    return Region(replace(world, network=replace(world.network, assumptions=assumed)))


def slack_of(seconds: int) -> int:
    """Seconds to be at the first stop before the departure; InputError below 0."""
    if seconds < 0:
        msg = f"boarding_slack_s {seconds}: give whole seconds from 0 on."
        raise InputError(msg)
    return seconds


def apply(
    region: Region, scenario: Scenario | Mapping[str, Any] | str | Path, *, year: int | None = None
) -> Region:
    """Region with a scenario; the region itself stays as it is.

    Parameters
    ----------
    region
        Before.
    scenario
        A Scenario, its JSON as a mapping or as text, or the path of a JSON file.
    year
        Take the scenario as it is in this year of its plan, with the population of that year; when left out all of its edits
        hold, or those of the year that it says itself.

    Raises
    ------
    ScenarioError
        When it cannot be read or does not fit: every bad edit by number and reason.

    Examples
    --------
    >>> from dorpshub import apply, open_region
    >>> hub = {"edit": "PlaceHub", "lon_deg": 6.9, "lat_deg": 52.8, "kinds": ["gp"]}
    >>> apply(open_region("zuid-oost-drenthe"), {"name": "Hub", "edits": [hub]})
    Region('zuid-oost-drenthe', 407 places, 854 facilities, Tuesday 2026-10-06, adult, scenario 'Hub')

    """
    from scenarios.edits import apply as edits  # noqa: PLC0415 -- for who has a scenario

    read = scenario_of(scenario)
    name = read.name or "unnamed"
    if year is not None:
        read, name = read.at(year), f"{name} in {year}"
    if region.scenario != AS_IT_IS:
        name = f"{region.scenario} + {name}"
    return Region(edits.apply(region.world, read, load_facility_kinds()), name)


def names_of(names: Names) -> list[str]:
    """Return the names as a list, also where it is one; none for None."""
    return [names] if isinstance(names, str) else list(names or ())


def kinds_asked(kinds: Names, *worlds: World) -> list[str]:
    """Kinds asked for, or all that occur in any of the worlds; InputError for an unknown one, or where that is none."""
    found = kinds_named(names_of(kinds), *worlds)
    if not found:
        msg = f"No kind is named, and {worlds[0].region.title} has no facility. Name the kinds you ask for."
        raise InputError(msg)
    return found


def modes_asked(modes: Names, world: World) -> list[TravelMode]:
    """Modes asked for within the traveller's limits, or all that he or she has; InputError as `mode_of`."""
    names = modes_in(world) if modes is None else [mode.name for mode in modes_named(names_of(modes))]
    return [mode_of(world, name) for name in names]


def day_of(date: dt.date | str) -> dt.date:
    """Date, also from text; InputError for a text that is none."""
    if isinstance(date, dt.datetime):
        return date.date()
    if isinstance(date, dt.date):
        return date
    try:
        return dt.date.fromisoformat(date)
    except ValueError as error:
        msg = f"'{date}' is no date. Write it as YYYY-MM-DD, for example 2026-10-06."
        raise InputError(msg) from error


def day_text(date: dt.date) -> str:
    """Tuesday 2026-10-06."""
    return f"{date:%A} {date.isoformat()}"


def scenario_of(scenario: Scenario | Mapping[str, Any] | str | Path) -> Scenario:
    """Scenario in any of its forms; ScenarioError for what cannot be read."""
    from scenarios.edits.json_text import from_json, read_scenario  # noqa: PLC0415 -- as above
    from scenarios.edits.scenario import Scenario  # noqa: PLC0415

    if isinstance(scenario, Scenario):
        return scenario
    if isinstance(scenario, Mapping):
        return from_json(json.dumps(dict(scenario)))
    if isinstance(scenario, str) and scenario.lstrip().startswith("{"):
        return from_json(scenario)
    return read_scenario(Path(scenario))


def arrivals(arrive_by: str) -> Window:
    """Be there by a clock time, HH:MM, or by every minute from one to another, HH:MM-HH:MM.

    Raises
    ------
    InputError
        When it is no such time or span.

    """
    ends = re.split(r"\s*[-\N{EN DASH}]\s*", arrive_by.strip())
    if len(ends) > 2:
        msg = f"'{arrive_by}': write when people must be there, 08:30, or from when to when that may be, 08:00-09:00."
        raise InputError(msg)
    window = departures(*ends) if len(ends) == 2 else Window(parse_clock(ends[0]), 60, 1)
    return window._replace(arrives=True)


def arriving(world: World, arrive_by: str) -> World:
    """World in which people must be there by a time, see `arrivals`; with "" they leave in the window of the region."""
    return replace(world, window=arrivals(arrive_by)) if arrive_by else world


def departures(depart: str, until: str) -> Window:
    """A departure each minute from one clock time on, before another, HH:MM both.

    Raises
    ------
    InputError
        When one of them is no such time, or none lies between them.

    """
    first, end = parse_clock(depart), parse_clock(until)
    if end <= first:
        msg = f"No departure lies between {depart} and {until}, which is not after it; past midnight hours go on, as 25:30."
        raise InputError(msg)
    return Window(first, 60, -(-(end - first) // 60))
