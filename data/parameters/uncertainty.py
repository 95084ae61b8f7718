"""Ranges of the numbers that results rest on, each with its source: data/parameters/uncertainty.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from data.errors import InputError
from data.parameters.toml_rows import Above0, From0, read_toml

UNCERTAINTY = Path(__file__).with_name("uncertainty.toml")

Text: TypeAlias = Annotated[str, Meta(min_length=1)]


class Range(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares of a number between which it may lie; `assumed` where no source says it."""

    low: Above0
    high: Above0
    assumed: bool
    source: Text

    def __post_init__(self) -> None:
        if not self.low <= 1 <= self.high:
            msg = "a range must reach from at most 1 to at least 1, the number that is used"
            raise ValueError(msg)


class Circle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far from where it is put something may stand."""

    radius_m: From0
    assumed: bool
    source: Text


class Ranges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of data/parameters/uncertainty.toml."""

    seed: Annotated[int, Meta(ge=0)]
    runs: Annotated[int, Meta(ge=0, le=10_000)]
    likely_share: Annotated[float, Meta(gt=0.5, le=1)]
    walking_speed: Range
    change_time: Range
    car_speed: Range
    without_car: Range
    """Of the odds of being without a car."""
    modelled_sites: Circle


def load_ranges(path: Path = UNCERTAINTY) -> Ranges:
    """Read the ranges.

    Raises
    ------
    InputError
        When the file cannot be used.

    """
    try:
        return msgspec.convert(read_toml(path, Ranges.__struct_fields__), Ranges)
    except msgspec.ValidationError as error:
        msg = f"{path}: these ranges cannot be used ({error}). The file that comes along shows how they are written."
        raise InputError(msg) from error
