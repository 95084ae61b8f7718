"""Which world a verb answers about, and what every answer rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from accessibility.asked import traveller_named, window_text
from accessibility.travel_network import TravelNetwork
from accessibility.travellers import ADULT
from accessibility.world import NOT_IN_DATA, World, for_traveller, on_date, open_world
from data.build_report import BuildReport
from data.parameters.facility_kinds import load_facility_kinds
from data.progress import Progress
from dorpshub.cli.progress_bar import progress_bar

if TYPE_CHECKING:
    from network.transit.departures import Window
    from scenarios.blocks.nearest import WorldOf
    from scenarios.comparison.compare import Outcome
    from scenarios.edits.scenario import Scenario


class Opened(NamedTuple):
    """A region without and with a scenario."""

    before: World
    scenario: Scenario
    world: World


@dataclass(frozen=True, slots=True)
class Source:
    """Which world an answer is about, as it was typed; nothing is opened before it is asked for."""

    region: str
    scenario_file: Path | None
    in_year: int | None
    traveller: str
    max_rides: int
    boarding_slack_s: int
    service_date: dt.datetime | None
    quiet: bool

    def progress(self) -> Progress:
        """Show what is being done, unless nobody wants to see it."""
        return progress_bar(quiet=self.quiet)

    def world(self) -> World:
        """Open the region, with the scenario if there is one.

        Raises
        ------
        DorpshubError
            When a name, date or file cannot be used, or the scenario does not fit.

        """
        is_changed = self.scenario_file is not None or self.in_year is not None
        return self.opened().world if is_changed else self._before()

    def opened(self) -> Opened:
        """Open the region, and apply the scenario; errors as `world`."""
        from scenarios.edits.apply import apply  # noqa: PLC0415 -- for who has a scenario
        from scenarios.edits.json_text import read_scenario  # noqa: PLC0415
        from scenarios.edits.scenario import EMPTY  # noqa: PLC0415

        scenario = read_scenario(self.scenario_file) if self.scenario_file else EMPTY
        before = self._before()
        if self.in_year is not None:
            scenario = scenario.at(self.in_year)
        return Opened(before, scenario, apply(before, scenario, load_facility_kinds()))

    def region_alone(self) -> World:
        """Open the region without a scenario; errors as `world`."""
        return self._before()

    def _before(self) -> World:
        world = opened(self.region, self.service_date, self.progress(), self.traveller)
        return with_riding(world, self.max_rides, self.boarding_slack_s)

    def world_of(self, found: Opened, window: Window) -> WorldOf:
        """What was opened, told so that a worker opens the same, with the window of its answer."""
        from scenarios.blocks.nearest import world_of  # noqa: PLC0415 -- for who has workers

        return world_of(found.world, found.scenario, self.traveller, window)

    def tell(self, lines: Iterable[str]) -> None:
        """Print lines, unless nobody wants to see them."""
        for line in () if self.quiet else lines:
            click.echo(line)


def opened(region: str, service_date: dt.datetime | None, bar: Progress, traveller: str = ADULT.id) -> World:
    """Open a region on a date, as a traveller finds it."""
    world = open_world(region, bar)
    if service_date:
        world = on_date(world, service_date.date(), bar)
    return for_traveller(world, traveller_named(traveller))


def with_riding(world: World, max_rides: int, boarding_slack_s: int) -> World:
    """World in which so many vehicles are boarded at most, 0 for any number, the first after so many seconds at the stop."""
    assumed = replace(world.network.assumptions, max_rides=max_rides, first_boarding_slack_s=boarding_slack_s)
    return replace(world, network=replace(world.network, assumptions=assumed))


def show_report(report: BuildReport) -> None:
    """Print what was assumed, repaired or dropped."""
    for found in report.findings:
        examples = f" ({', '.join(found.examples)})" if found.examples else ""
        click.echo(f"{found.layer}: {found.action} {found.count} x {found.what}{examples}")


def unknown_lines(results: Sequence[Outcome]) -> list[str]:
    """Lines that say of which kinds it is unknown where they are."""
    kinds = dict.fromkeys(result.times.kind for result in results if not result.known)
    return [f"{kind}: unknown, as it is {NOT_IN_DATA}." for kind in kinds]


def basis(world: World) -> str:
    """Say what every figure of a window rests on."""
    return basis_of(world, f"{'' if world.window.arrives else 'departures '}{window_text(world.window)}")


def basis_of(world: World, when: str) -> str:
    """Say what every figure rests on; `when` people leave, in words."""
    region = world.region
    modelled = [source.layer for source in region.layers if source.origin == "modelled"]
    return (
        f"Public transport: {region.service_date.isoformat()}, {when}, traveller: "
        f"{world.traveller.id}. {pooled(world.network)}Modelled layers: {', '.join(modelled) or 'none'}."
    )


def pooled(network: TravelNetwork) -> str:
    """What else the times by public transport rest on, where it is not what one would expect."""
    max_rides, n_samples = network.assumptions.max_rides, network.service.n_samples
    rides = f"At most {max_rides} {'ride' if max_rides == 1 else 'rides'}. " if max_rides else ""
    slack_s = network.assumptions.first_boarding_slack_s
    rides += f"At the first stop {slack_s} s before the departure. " if slack_s else ""
    drawn = "Some lines publish a headway and no times: pooled over"
    return rides + (f"{drawn} {n_samples} samples of them. " if n_samples > 1 else "")
