"""What measures cost: rates per hour of a vehicle, metre of path and ride, and how a year is reckoned."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias, get_args

import msgspec
from msgspec import Meta

from data.parameters.behaviour import Sourced
from data.parameters.toml_rows import Above0, From0, layered

RATES = Path(__file__).with_name("rates.toml")
TABLES = ("vehicle_hour", "path", "ride", "discount", "days")
Vehicle: TypeAlias = Literal["bus", "train", "tram", "metro", "ferry", "other"]
DayKind: TypeAlias = Literal["weekday", "saturday", "sunday"]
DAY_KINDS: tuple[DayKind, ...] = get_args(DayKind)
VEHICLES: tuple[tuple[Vehicle, range], ...] = (
    ("tram", range(1)),
    ("metro", range(1, 2)),
    ("train", range(2, 3)),
    ("bus", range(3, 4)),
    ("ferry", range(4, 5)),
    ("bus", range(11, 12)),
    ("train", range(100, 200)),
    ("bus", range(200, 300)),
    ("metro", range(400, 500)),
    ("bus", range(700, 900)),
    ("tram", range(900, 1000)),
    ("ferry", range(1000, 1100)),
    ("ferry", range(1200, 1300)),
)
"""Route types of GTFS, the extended ones of Google Transit included."""


class Rate(Sourced, frozen=True, kw_only=True):
    """Euros for one of something: what is reckoned with, and the ends of what it may be."""

    euros: From0
    low: From0
    high: From0

    def __post_init__(self) -> None:
        if not self.low <= self.euros <= self.high:
            msg = f"low ({self.low:g}), euros ({self.euros:g}) and high ({self.high:g}) must ascend"
            raise ValueError(msg)


class VehicleHour(Rate, frozen=True, kw_only=True):
    """Euros per hour of the timetable of one kind of vehicle."""

    vehicle: Vehicle


class PathMetre(Rate, frozen=True, kw_only=True):
    """Euros per metre to build a path; `upkeep` in euros per metre per year, and how long it lasts."""

    kind: Literal["cycle_path", "road"]
    upkeep: From0
    life_years: Above0


class Discount(Sourced, frozen=True, kw_only=True):
    """Real interest per year."""

    share: Annotated[float, Meta(ge=0, le=0.2)]

    def per_year(self, life_years: float) -> float:
        """Part of a one-off cost to be paid each year as long as it lasts, all parts alike (an annuity).

        Without interest it is one over the years.
        """
        if not self.share:
            return 1 / life_years
        return self.share / (1 - float((1 + self.share) ** -life_years))


class Days(Sourced, frozen=True, kw_only=True):
    """How many days of each kind a year has; public holidays are Sundays."""

    weekday: From0
    saturday: From0
    sunday: From0

    def __post_init__(self) -> None:
        total = self.weekday + self.saturday + self.sunday
        if not 365 <= total <= 366:
            msg = f"weekday, saturday and sunday must be 365 or 366 days together, not {total:g}"
            raise ValueError(msg)

    def of(self, kind: DayKind) -> float:
        """Days of a kind."""
        return {"weekday": self.weekday, "saturday": self.saturday, "sunday": self.sunday}[kind]


class Rates(msgspec.Struct, frozen=True):
    """Everything of rates.toml."""

    vehicle_hours: tuple[VehicleHour, ...]
    paths: tuple[PathMetre, ...]
    ride: Rate
    discount: Discount
    days: Days

    def of_vehicle(self, vehicle: Vehicle) -> VehicleHour | None:
        """Rate of a kind of vehicle; None where nothing is known of it, which is not 0."""
        return next((row for row in self.vehicle_hours if row.vehicle == vehicle), None)

    def of_path(self, kind: str) -> PathMetre | None:
        """Rate of a kind of path; None where nothing is known of it."""
        return next((row for row in self.paths if row.kind == kind), None)


def vehicle_of(route_type: int) -> Vehicle:
    """Kind of vehicle of a GTFS route type."""
    return next((vehicle for vehicle, types in VEHICLES if route_type in types), "other")


def load_rates(folder: Path | None, own: Path | None = None) -> Rates:
    """Read what comes along, rates.toml of a region's folder, and a file of one's own, each of which replaces rows of those before.

    Raises
    ------
    InputError
        When a file cannot be used, with all its faults at once.

    """
    hours: dict[str, VehicleHour] = {}
    paths: dict[str, PathMetre] = {}
    ride: list[Rate] = []
    discount: list[Discount] = []
    days: list[Days] = []
    for tables in layered(RATES, folder, TABLES, [] if own is None else [own]):
        hours |= {row.vehicle: row for row in tables.rows("vehicle_hour", VehicleHour)}
        paths |= {row.kind: row for row in tables.rows("path", PathMetre)}
        ride += tables.one("ride", Rate)
        discount += tables.one("discount", Discount)
        days += tables.one("days", Days)
    return Rates(tuple(hours.values()), tuple(paths.values()), ride[-1], discount[-1], days[-1])
