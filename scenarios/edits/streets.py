"""Edits of streets: a new path or road, a closure, another speed limit."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal, TypeAlias, assert_never

import numpy as np
import shapely
from msgspec import Meta
from numpy.typing import NDArray

from accessibility.travel_network import with_streets
from accessibility.world import World
from data.columns import Floats, Int32s
from data.errors import ScenarioError
from data.limits import LINE_CORNERS, LINE_KM
from data.projection import Projection
from data.streets import TagSet
from network.hierarchy.incremental import edited_search
from network.modes.modes import Profile, way_speeds
from network.streets.incremental import reassemble
from network.streets.mapped import MappedStreets
from network.streets.paths import NewPath, draw_path
from network.streets.street_edits import close, with_speeds
from scenarios.edits.areas import polygon, to_metres
from scenarios.edits.base import Corners, EditBase, Group, Spot

StreetMode: TypeAlias = Literal["walk", "bike", "ebike", "car"]
Kmh: TypeAlias = Annotated[int, Meta(ge=5, le=130)]
Line: TypeAlias = Annotated[tuple[Spot, ...], Meta(min_length=2, max_length=int(LINE_CORNERS.most))]


class OnStreets(EditBase, frozen=True, kw_only=True):
    """Something about existing streets: those to which all that is given applies; one of the four must be given.

    Streets are taken whole, from junction to junction (and to where speeds change).

    Attributes
    ----------
    road
        Number or name of a road, as mapped: "N34", "E233", "Dorpsstraat".
    classes
        Kinds of road: values of OSM's `highway=*`.
    area
        Corners of an area, or two opposite corners of a box; a street counts where its middle lies within.
    at
        A point on a street: the nearest one.

    """

    road: str = ""
    classes: tuple[str, ...] = ()
    area: Corners = ()
    at: Spot | None = None


class CloseStreets(OnStreets, frozen=True, kw_only=True):
    """Close streets to through traffic, for some ways of travelling or for everybody; a bus line keeps its timetable.

    Whoever has a door on a closed street still comes and goes along it, and along closed streets that follow on it.
    """

    modes: tuple[StreetMode, ...] = ("walk", "bike", "ebike", "car")


class ChangeSpeedLimit(OnStreets, frozen=True, kw_only=True):
    """Give streets another speed limit, both ways; who may not go there still may not.

    What is driven follows from the limit and the kind of road as everywhere else; the state of its surface is taken for
    good. Cyclists and walkers are not touched by limits.
    """

    limit_kmh: Kmh


class DrawPath(EditBase, frozen=True, kw_only=True):
    """Draw a cycle path, which walkers may use too, or a road for all.

    It is joined to the streets at its ends and wherever it crosses one, at grade.

    Attributes
    ----------
    line
        Its points.
    kind
        What it is.
    limit_kmh
        Speed limit of a road; a cycle path has none.

    """

    line: Line
    kind: Literal["cycle_path", "road"]
    limit_kmh: Kmh = 60


StreetEdit: TypeAlias = CloseStreets | ChangeSpeedLimit | DrawPath


JOIN_REACH_M = 50.0
"""A path drawn by hand is joined to a street within this distance of its end: an assumption, a few pixels of a map."""
AT_REACH_M = 100.0
"""A street pointed at lies within this distance: an assumption."""
N_LIKE = 8
COURSE_WITHIN_M = 2.0
"""A street is drawn as near to its mapped line: less than its own width."""
CYCLE_PATH: TagSet = (("foot", "yes"), ("highway", "cycleway"), ("surface", "asphalt"))


def edited(
    streets: MappedStreets, edit: StreetEdit, profiles: tuple[Profile, ...], projection: Projection
) -> MappedStreets:
    """Mapped streets after an edit.

    Raises
    ------
    ScenarioError, InputError
        When the edit is not possible here, with the reason and what to do.

    """
    match edit:
        case CloseStreets():
            rows = [row for row, profile in enumerate(profiles) if profile.name.split("_")[0] in edit.modes]
            return close(streets, chosen(streets, edit, projection), rows, "both")
        case ChangeSpeedLimit():
            return _with_limit(streets, edit, profiles, projection)
        case DrawPath():
            xy_m = to_metres(edit.line, projection)
            LINE_KM.refuse_beyond("the line", float(np.hypot(*np.diff(xy_m, axis=0).T).sum()) / 1000)
            tags = CYCLE_PATH if edit.kind == "cycle_path" else _road_tags("unclassified", edit.limit_kmh)
            speeds_mps = np.array([way_speeds(tags, profile) for profile in profiles])
            path = NewPath(xy_m[:, 0].copy(), xy_m[:, 1].copy(), speeds_mps)
            return draw_path(streets, path, JOIN_REACH_M).streets
        case _:
            assert_never(edit)


def chosen(streets: MappedStreets, edit: OnStreets, projection: Projection) -> Int32s:
    """Edges that an edit means: those to which all of its conditions apply.

    Raises
    ------
    ScenarioError
        When it gives no condition, or no street meets them all.

    """
    if not (edit.road or edit.classes or edit.area or edit.at):
        raise ScenarioError("say which streets: a road, classes, an area or a point on a street.")
    n_roads = len(streets.road_class)
    means = np.ones(n_roads, np.bool_)
    if edit.road:
        wanted = _key(edit.road)
        named = [
            wanted in {_key(name), *map(_key, ref.split(";"))}
            for ref, name in zip(streets.road_ref, streets.road_name, strict=True)
        ]
        if not any(named):
            raise ScenarioError(f"no road is called '{edit.road}'; {_roads_like(streets, edit.road)}.")
        means &= named
    if edit.classes:
        known = sorted(set(streets.road_class) - {""})
        unknown = [name for name in edit.classes if name not in known]
        if unknown:
            raise ScenarioError(
                f"there are no streets of class {', '.join(unknown)}; there are {', '.join(known)}."
            )
        means &= np.isin(np.array(streets.road_class), edit.classes)
    edge = np.flatnonzero(means[streets.edge_road]).astype(np.int32)
    if edit.area:
        area = polygon(edit.area, projection)
        edge = edge[streets.touching(*area.bounds)[edge]]
        edge = edge[shapely.contains_xy(area, *_middles(streets, edge).T)]
    if edit.at is not None and len(edge):
        edge = _nearest(streets, edge, to_metres([edit.at], projection)[0])
    if not len(edge):
        raise ScenarioError("no street meets all the conditions; give fewer of them, or a larger area.")
    return edge


def course(world: World, edit: OnStreets) -> tuple[tuple[Spot, ...], ...]:
    """Lines (longitude, latitude) of the streets that an edit means, those that follow on each other in one; raises as `chosen`."""
    streets = world.network.streets.mapped
    lines = _lines(streets, chosen(streets, edit, world.projection))
    joined = shapely.simplify(shapely.line_merge(shapely.multilinestrings(lines)), COURSE_WITHIN_M)
    return tuple(
        tuple(
            zip(*(np.round(degrees, 6).tolist() for degrees in world.projection.to_lonlat(*xy)), strict=True)
        )
        for xy in (shapely.get_coordinates(line).T for line in shapely.get_parts(joined))
    )


def _with_limit(
    streets: MappedStreets, edit: ChangeSpeedLimit, profiles: tuple[Profile, ...], projection: Projection
) -> MappedStreets:
    """Streets with what each mode that heeds limits drives under another one."""
    edge = chosen(streets, edit, projection)
    speeds_mps = streets.speed_mps[:, streets.edge_speed[edge]]
    road = streets.edge_road[edge]
    for row, profile in enumerate(profiles):
        if not np.isfinite(profile.speed.limit_share_rural):
            continue
        for kind in sorted({streets.road_class[of] for of in np.unique(road).tolist()}):
            driven_mps = max(way_speeds(_road_tags(kind or "road", edit.limit_kmh), profile))
            of_kind = np.array([streets.road_class[of] == kind for of in road.tolist()])
            here = speeds_mps[row, of_kind]
            speeds_mps[row, of_kind] = np.where(here > 0, driven_mps or here, 0.0)
    return with_speeds(streets, edge, speeds_mps)


def _road_tags(kind: str, limit_kmh: int) -> TagSet:
    return (("highway", kind), ("maxspeed", str(limit_kmh)), ("surface", "asphalt"))


def _key(name: str) -> str:
    """Name of a road without what people write differently: "E 233" is "E233"."""
    return "".join(name.split()).casefold()


def _roads_like(streets: MappedStreets, text: str) -> str:
    names = sorted({name for name in (*streets.road_ref, *streets.road_name) if name})
    like = [name for name in names if _key(text)[:2] in _key(name)]
    return f"roads like it are {', '.join((like or names)[:N_LIKE])}" if names else "the map names no roads"


def _middles(streets: MappedStreets, edge: Int32s) -> Floats:
    """(E, 2) the points half-way along edges."""
    middle = shapely.line_interpolate_point(_lines(streets, edge), 0.5, normalized=True)
    return np.column_stack([shapely.get_x(middle), shapely.get_y(middle)])


def _nearest(streets: MappedStreets, edge: Int32s, xy_m: Floats) -> Int32s:
    """The one edge nearest to a point."""
    near = edge[streets.touching(*(xy_m - AT_REACH_M), *(xy_m + AT_REACH_M))[edge]]
    for edges in (near, edge):
        away_m = shapely.distance(_lines(streets, edges), shapely.Point(xy_m))
        if len(edges) and away_m.min() <= AT_REACH_M:
            return edges[[int(np.argmin(away_m))]]
    raise ScenarioError(
        f"the nearest such street is {away_m.min():.0f} m from the point; point at the street itself."
    )


def _lines(streets: MappedStreets, edge: Int32s) -> NDArray[np.object_]:
    """(E,) shapely lines."""
    n_vertices = np.diff(streets.vertex_offset)[edge]
    of_edge = np.repeat(np.arange(len(edge)), n_vertices)
    start = np.cumsum(n_vertices) - n_vertices
    vertex = np.arange(len(of_edge)) - start[of_edge] + streets.vertex_offset[edge][of_edge]
    xy = np.column_stack([streets.vertex_x_m[vertex], streets.vertex_y_m[vertex]])
    return np.asarray(shapely.linestrings(xy, indices=of_edge))


def _with_mapped(world: World, streets: MappedStreets) -> World:
    network = world.network
    search = edited_search(network.search, reassemble(network.streets, streets))
    return replace(world, network=with_streets(network, search))


STREETS: Group[MappedStreets, StreetEdit] = Group(
    kinds=(CloseStreets, ChangeSpeedLimit, DrawPath),
    part=lambda world: world.network.streets.mapped,
    step=lambda streets, edit, given: edited(
        streets, edit, given.world.network.profiles, given.world.projection
    ),
    put=_with_mapped,
    # A path splits the streets it crosses: drawn first, it would change which streets lie within an area.
    last=(DrawPath,),
)
