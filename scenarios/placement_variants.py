"""A question of placement under other assumptions, in other years, and with modelled facilities elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from accessibility.population import in_year
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.parameters.uncertainty import Ranges
from scenarios.comparison.uncertainty import AS_USED, Draw, drawn, draws, with_change_time
from scenarios.placement_robust import Variant
from scenarios.placement_task import Task

CAR = "car"


class Case(NamedTuple):
    """Assumptions, and the year of which the people are; 0 for that of the question."""

    draw: Draw
    year: int


def cases(ranges: Ranges, modes: Sequence[TravelMode], years: Sequence[int]) -> list[Case]:
    """As used, as `scenarios.uncertainty.draws` has it, then as used in each year.

    What no mode depends on is left as it is, and no case is told twice: the speed of cars says nothing about bicycles.
    """
    by_car = any(CAR in (mode.street, mode.egress) for mode in modes)
    rides = any(mode.rides for mode in modes)
    told = [
        draw._replace(
            car_speed=draw.car_speed if by_car else 1.0,
            change_time=draw.change_time if rides else 1.0,
        )
        for draw in draws(ranges)
    ]
    return [*(Case(draw, 0) for draw in dict.fromkeys(told)), *(Case(AS_USED, year) for year in years)]


def case_name(case: Case) -> str:
    """What is different, in words."""
    draw = case.draw
    parts = [
        f"{what} {share:.0%}"
        for what, share in (
            ("walking speed", draw.walking_speed),
            ("time to change", draw.change_time),
            ("car speed", draw.car_speed),
        )
        if share != 1
    ]
    parts += ["modelled facilities elsewhere"] if draw.sites else []
    parts += [f"people of {case.year}"] if case.year else []
    return ", ".join(parts) or "as used"


def variants(
    world: World,
    asked: Sequence[Case],
    ranges: Ranges,
    change: Callable[[World], World],
    ask: Callable[[World], Task],
) -> Iterator[Variant]:
    """The question in each case, one after the other.

    Parameters
    ----------
    world
        The region as it is.
    asked, ranges
        The cases, and how far modelled facilities may be off.
    change
        Applies the scenario that the question starts from.
    ask
        Makes the question of a world; the sites are always those of the question as it stands.

    """
    for case in asked:
        changed = with_change_time(change(drawn(world, case.draw, ranges)), case.draw)
        task = ask(in_year(changed, case.year) if case.year else changed)
        yield Variant(case_name(case), task.demand, task.rules.shares, task.rules.loads)
