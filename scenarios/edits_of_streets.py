"""Edits of streets: a new path or road, a closure, another speed limit."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from scenarios.edit_base import EditBase, Spot

StreetMode: TypeAlias = Literal["walk", "bike", "ebike", "car"]
Kmh: TypeAlias = Annotated[int, Meta(ge=5, le=130)]
Line: TypeAlias = Annotated[tuple[Spot, ...], Meta(min_length=2)]
Corners: TypeAlias = Annotated[tuple[Spot, ...], Meta(max_length=1000)]


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
    """Close streets, for some ways of travelling or for everybody; a bus line keeps its timetable."""

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
