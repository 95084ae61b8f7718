"""What a plan over years rests on: discounting, what opening a hub costs, and how car ownership develops."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from data.parameters.behaviour import Sourced
from data.parameters.toml_rows import From0, layered

PLAN = Path(__file__).with_name("plan.toml")


class Discount(Sourced, frozen=True, kw_only=True):
    """By how much a year counts for less than the one before it."""

    rate_share: Annotated[float, Meta(ge=0, le=1)]


class Opening(Sourced, frozen=True, kw_only=True):
    """Euros of a hub in the year in which it opens, beside what it costs every year."""

    cost: From0


class Cars(Sourced, frozen=True, kw_only=True):
    """By which share the cars per household of every district change each year."""

    change_share: Annotated[float, Meta(ge=-0.5, le=0.5)]


class PlanParameters(msgspec.Struct, frozen=True):
    """Everything of plan.toml."""

    discount: Discount
    opening: Opening
    cars: Cars


def load_plan(folder: Path | None) -> PlanParameters:
    """Read what comes along, and plan.toml of a region's folder, whose tables replace those.

    Raises
    ------
    InputError
        When a file cannot be used, with all its faults at once.

    """
    discount: list[Discount] = []
    opening: list[Opening] = []
    cars: list[Cars] = []
    for tables in layered(PLAN, folder, ("discount", "opening", "cars")):
        discount += tables.one("discount", Discount)
        opening += tables.one("opening", Opening)
        cars += tables.one("cars", Cars)
    return PlanParameters(discount[-1], opening[-1], cars[-1])
