"""What each edit of a scenario costs, once and per year, from stated rates; what is unknown stays unknown."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import numpy as np

from accessibility.world import World
from data.parameters.behaviour import Sourced
from data.parameters.hub_services import HubServices, load_hub_services
from data.parameters.rates import DayKind, Rates, load_rates
from scenarios.costs.euros import NOTHING, Euros, exactly, of_rate, total
from scenarios.costs.vehicle_hours import LineHours, YearDay, line_hours, year_of
from scenarios.edits.areas import to_metres
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.lines import LINES
from scenarios.edits.on_demand import AddOnDemand, DropOnDemand
from scenarios.edits.people import ChangeTraveller, ChangeYear
from scenarios.edits.scenario import Edit, Scenario
from scenarios.edits.streets import DrawPath

Item: TypeAlias = Literal["vehicle_hours", "path", "upkeep", "hub", "service", "rides", "other"]
Basis: TypeAlias = Literal["typed", "sourced", "assumed", "unknown"]
"""Whether somebody filled it in, a published source says it, it is an assumption, or nobody knows."""
Unknown: TypeAlias = Literal["", "rides", "days", "rate"]
"""Why it is unknown: nobody said how many rides there will be; it is unknown what runs on some days; there is no rate."""
BASES: tuple[Basis, ...] = get_args(Basis)
NO_MEASURES = (ChangeYear, ChangeTraveller)
"""Edits that nobody does anything for: they ask what if."""
TYPED = "filled in with the scenario"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One thing that an edit costs.

    Attributes
    ----------
    edit, what
        Number of the edit in its scenario, from 1, and its kind.
    about
        Line, kind of service or path, or service on demand; "" where it is about none.
    item
        What is counted.
    before, after
        How much there is of it: hours or rides per year, metres, hubs; nan where that is unknown.
    unit
        Of these, in words.
    rate
        Euros for one; None where it is unknown.
    once, per_year
        Euros to begin with, and per year with the part of these that each year bears; None where it is unknown.
    basis, source
        What the rate rests on.
    unknown
        Why it is not known, "" where it is.
    unknown_days, refused
        Of a line: days of which it is unknown what runs, and days on which the change cannot be made, with the reason.

    """

    edit: int
    what: str
    about: str = ""
    item: Item
    before: float = 0.0
    after: float
    unit: str
    rate: Euros | None = None
    once: Euros = NOTHING
    per_year: Euros | None = None
    basis: Basis = "unknown"
    source: str = ""
    unknown: Unknown = ""
    unknown_days: tuple[DayKind, ...] = ()
    refused: tuple[tuple[DayKind, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Costs:
    """What a scenario costs.

    Attributes
    ----------
    lines
        In the order of its edits; none for edits that cost nobody anything, see `NO_MEASURES`.
    discount
        Source of the interest, as one-off costs are spread over the years.

    """

    lines: tuple[CostLine, ...]
    discount: str = ""

    @property
    def known(self) -> tuple[CostLine, ...]:
        """Lines of which the cost is known."""
        return tuple(line for line in self.lines if line.per_year is not None)

    @property
    def unknown(self) -> tuple[CostLine, ...]:
        """Lines of which it is not."""
        return tuple(line for line in self.lines if line.unknown)

    @property
    def is_whole(self) -> bool:
        """Whether the cost of everything is known."""
        return not self.unknown

    @property
    def per_year(self) -> Euros:
        """Euros per year of all that is known, see `together`."""
        return together(self.lines)

    @property
    def once(self) -> Euros:
        """Euros to begin with, which are in those per year as well."""
        return total(line.once for line in self.lines)

    @property
    def whole_per_year(self) -> Euros | None:
        """Euros per year, None where part of it is unknown: that is no sum to divide."""
        return self.per_year if self.is_whole else None

    @property
    def bases(self) -> tuple[Basis, ...]:
        """What the known costs rest on, each once; a cost of 0 rests on nothing but what is filled in."""
        found = {line.basis for line in self.known if line.basis == "typed" or line.per_year != NOTHING}
        return tuple(basis for basis in BASES if basis in found)


def costs_of(
    world: World, year: tuple[YearDay, ...], scenario: Scenario, rates: Rates, hubs: HubServices
) -> Costs:
    """Cost of every edit of a scenario that holds in the year that it is.

    Parameters
    ----------
    world
        The region without scenario.
    year
        What `scenarios.costs.vehicle_hours.year_of` gives for it; may be empty where no line changes.
    scenario
        What changes.
    rates, hubs
        Of the region.

    """
    hours: dict[int, list[LineHours]] = {}
    for found in line_hours(world, year, scenario, rates.days):
        hours.setdefault(found.edit, []).append(found)
    lines: list[CostLine] = []
    for number, edit in enumerate(scenario.edits, start=1):
        if not scenario.holds(edit):
            continue
        own = hours.get(number, [])
        told = _lines(world, edit, own, rates, hubs)
        lines += [replace(line, edit=number, what=type(edit).__name__) for line in told]
    return Costs(tuple(lines), rates.discount.source)


def region_costs(world: World, scenario: Scenario, own_rates: Path | None = None) -> Costs:
    """Cost of every edit by the rates of a region, and by those of a file of one's own, which go before.

    Parameters
    ----------
    world
        The region without scenario.
    scenario, own_rates
        What changes, and a file as data/parameters/rates.toml.

    Raises
    ------
    InputError
        When a table of rates cannot be used, with all its faults at once.

    """
    folder = world.region.folder
    rates, hubs = load_rates(folder, own_rates), load_hub_services(folder)
    return costs_of(world, year_of(world) if changes_lines(scenario) else (), scenario, rates, hubs)


def changes_lines(scenario: Scenario) -> bool:
    """Whether a scenario changes the timetable, so that it takes the days of a year to say what it costs."""
    return any(isinstance(edit, LINES.kinds) for edit in scenario.edits)


def difference(before: Costs, after: Costs) -> Euros | None:
    """Euros per year that one scenario costs more than another; None where part of either is unknown."""
    if not (before.is_whole and after.is_whole):
        return None
    taken_back = (
        replace(line, before=line.after, after=line.before, per_year=line.per_year.times(-1))
        for line in before.lines
        if line.per_year is not None
    )
    return together((*after.lines, *taken_back))


def together(lines: Iterable[CostLine]) -> Euros:
    """Euros per year of all lines that are known.

    Lines of one rate are low or high together: what one costs and another saves by the same rate is not unsure twice. Of
    different rates all are low, or all are high: the widest there is.
    """
    by_rate: dict[Hashable, list[Euros]] = {}
    for line in lines:
        if line.per_year is None:
            continue
        used, low, high = line.per_year
        at_rates = Euros(used, low, high) if line.after >= line.before else Euros(used, high, low)
        by_rate.setdefault((line.item, line.unit, line.rate), []).append(at_rates)
    sums = [total(of) for of in by_rate.values()]
    return total(Euros(used, *sorted(ends)) for used, *ends in sums)


def _lines(
    world: World, edit: Edit, hours: list[LineHours], rates: Rates, hubs: HubServices
) -> Iterator[CostLine]:
    match edit:
        case PlaceHub():
            yield from _of_hub(edit, hubs)
        case DrawPath():
            yield from _of_path(world, edit, rates)
        case AddOnDemand():
            yield _of_rides(edit, rates)
        case DropOnDemand():
            yield _unknown("rides", "rides", edit.service, "rides per year")
        case _ if isinstance(edit, LINES.kinds):
            name = getattr(edit, "line", "") or getattr(edit, "name", "")
            for of in hours:
                yield _of_line(name, of, rates)
            if hours and hours[0].unknown:
                days = _unknown("days", "vehicle_hours", name, "hours per year")
                yield replace(days, unknown_days=hours[0].unknown)
        case _ if isinstance(edit, NO_MEASURES):
            return
        case _:
            yield _unknown("rate", "other", _about(edit), "")


def _unknown(why: Unknown, item: Item, about: str, unit: str) -> CostLine:
    return CostLine(
        edit=0, what="", about=about, item=item, before=np.nan, after=np.nan, unit=unit, unknown=why
    )


def _about(edit: Edit) -> str:
    """What an edit is about, by the first of its fields that says so."""
    names = ("facility_id", "kind", "road")
    return next((str(getattr(edit, name)) for name in names if getattr(edit, name, "")), "")


def _basis(row: Sourced) -> Basis:
    return "assumed" if row.assumed else "sourced"


def _of_hub(edit: PlaceHub, hubs: HubServices) -> Iterator[CostLine]:
    """What was filled in, all of it; else the hub itself, and each service from its smallest to its largest size."""
    line = CostLine(edit=0, what="", about="hub", item="hub", after=1.0, unit="hubs")
    if edit.cost_per_year is not None:
        cost = exactly(edit.cost_per_year)
        yield replace(line, rate=cost, per_year=cost, basis="typed", source=TYPED)
        return
    cost = exactly(hubs.hub.cost_per_year)
    yield replace(line, rate=cost, per_year=cost, basis=_basis(hubs.hub), source=hubs.hub.source)
    for kind in dict.fromkeys(edit.kinds):
        service = next((of for of in hubs.services if of.kind == kind), None)
        if service is None:
            yield _unknown("rate", "service", kind, "services")
            continue
        sizes = [size.cost_per_year for size in service.size]
        cost = Euros(sizes[0], min(sizes), max(sizes))
        yield CostLine(
            edit=0,
            what="",
            about=kind,
            item="service",
            after=1.0,
            unit="services",
            rate=cost,
            per_year=cost,
            basis=_basis(service),
            source=service.source,
        )


def _of_path(world: World, edit: DrawPath, rates: Rates) -> Iterator[CostLine]:
    """Building it, spread over the years that it lasts, and its upkeep."""
    xy_m = to_metres(edit.line, world.projection)
    length_m = float(np.hypot(*np.diff(xy_m, axis=0).T).sum())
    row = rates.of_path(edit.kind)
    if row is None:
        yield replace(_unknown("rate", "path", edit.kind, "m"), after=length_m, before=0.0)
        return
    once = of_rate(row).times(length_m)
    line = CostLine(
        edit=0,
        what="",
        about=edit.kind,
        item="path",
        after=length_m,
        unit="m",
        rate=of_rate(row),
        once=once,
        per_year=once.times(rates.discount.per_year(row.life_years)),
        basis=_basis(row),
        source=row.source,
    )
    yield line
    upkeep = exactly(row.upkeep)
    yield replace(line, item="upkeep", rate=upkeep, once=NOTHING, per_year=upkeep.times(length_m))


def _of_rides(edit: AddOnDemand, rates: Rates) -> CostLine:
    if edit.rides_per_year is None:
        return replace(
            _unknown("rides", "rides", edit.name, "rides per year"), before=0.0, rate=of_rate(rates.ride)
        )
    return CostLine(
        edit=0,
        what="",
        about=edit.name,
        item="rides",
        after=edit.rides_per_year,
        unit="rides per year",
        rate=of_rate(rates.ride),
        per_year=of_rate(rates.ride).times(edit.rides_per_year),
        basis=_basis(rates.ride),
        source=rates.ride.source,
    )


def _of_line(name: str, hours: LineHours, rates: Rates) -> CostLine:
    """Hours of one kind of vehicle; without a rate they are unknown, unless nothing changes."""
    row, more = rates.of_vehicle(hours.vehicle), hours.after - hours.before
    line = CostLine(
        edit=0,
        what="",
        about=name,
        item="vehicle_hours",
        before=hours.before,
        after=hours.after,
        unit=f"{hours.vehicle} hours per year",
        refused=hours.refused,
    )
    if row is not None:
        rate = of_rate(row)
        return replace(line, rate=rate, per_year=rate.times(more), basis=_basis(row), source=row.source)
    return replace(line, unknown="rate") if more else replace(line, per_year=NOTHING, basis="sourced")
