"""What scenarios cost for notebooks, change by change, and what people get for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from accessibility.world import AS_IT_IS
from data.errors import InputError
from data.parameters.behaviour import load_behaviour
from data.parameters.norms import load_norms
from dorpshub.regions import Names, Region, kinds_asked, modes_asked, scenario_of
from dorpshub.regions import apply as with_scenario
from scenarios.comparison.compare import compare_worlds
from scenarios.costs.costs import region_costs
from scenarios.costs.tables import costs_table, value_table
from scenarios.costs.value import values_of
from scenarios.measures.measures import Yardsticks

if TYPE_CHECKING:
    from scenarios.edits.scenario import Scenario

UNNAMED = "unnamed"


def costs(
    region: Region, scenario: Scenario | Mapping[str, Any] | str | Path, *, rates: str | Path | None = None
) -> pd.DataFrame:
    """What each change of a scenario costs, by stated rates: hours that buses drive, paths, hubs, rides on demand.

    Parameters
    ----------
    region
        As it is, without a scenario.
    scenario
        In any form that `apply` takes.
    rates
        File of rates of your own (data/parameters/rates.toml tells how); those of the region when left out.

    Returns
    -------
    A row per thing that costs or saves something: edit (its number), item, before and after (hours, metres, rides), and euros for
    one (rate_eur), to begin with (once_eur) and per year (per_year_eur), each with what it may be at least and at most (`_low`,
    `_high`); basis says whether that was filled in, is published or assumed. What is unknown is empty, and says why. The last row
    is the total of what is known.

    Raises
    ------
    InputError
        When the region has a scenario, or rates cannot be used.
    ScenarioError
        When the scenario cannot be read or does not fit.

    Examples
    --------
    >>> from dorpshub import costs, open_region
    >>> half_hourly = {"edits": [{"edit": "ChangeHeadway", "line": "95", "headway_min": 30}]}
    >>> table = costs(open_region("zuid-oost-drenthe"), half_hourly)
    >>> table[["item", "before", "after"]].values.tolist()[0]
    ['vehicle_hours', 7365.12, 15342.63]

    """
    read, _ = _fitting(region, scenario)
    found = region_costs(region.world, read, None if rates is None else Path(rates))
    return costs_table([(read.name or UNNAMED, found)])


def value_for_money(
    region: Region,
    scenario: Scenario | Mapping[str, Any] | str | Path,
    kinds: Names = None,
    modes: Names = None,
    *,
    limit_min: float = 10,
    rates: str | Path | None = None,
) -> pd.DataFrame:
    """What each person brought within a limit, and each hour of travel saved, costs.

    Parameters
    ----------
    region, scenario, rates
        As of `costs`.
    kinds, modes
        As of `compare`.
    limit_min
        Minutes to look at besides the norms.

    Returns
    -------
    A row per kind, mode and limit: gained (people more within it), hours_saved (there and back, all visits of a year by this mode),
    per_year_eur, per_person_eur and per_hour_eur; these are empty where the cost is not wholly known, nobody gains or money is
    saved, and no_per_person and no_per_hour say which.

    Raises
    ------
    InputError
        As of `costs` and `compare`.
    ScenarioError
        As of `costs`.

    Examples
    --------
    >>> from dorpshub import open_region, value_for_money
    >>> hub = {"edit": "PlaceHub", "place_id": "odoornerveen", "kinds": ["gp"], "cost_per_year": 40000}
    >>> table = value_for_money(open_region("zuid-oost-drenthe"), {"edits": [hub]}, "gp", "bike")
    >>> bool((table["per_person_eur"] * table["gained"] - 40000).abs().max() < 5)
    True

    """
    read, after = _fitting(region, scenario)
    world, folder = region.world, region.world.region.folder
    found = region_costs(world, read, None if rates is None else Path(rates))
    names = [mode.name for mode in modes_asked(modes, world)]
    (results,) = compare_worlds(world, [after.world], kinds_asked(kinds, world, after.world), names)
    yardsticks = Yardsticks(load_norms(folder), load_behaviour(folder), (limit_min * 60,), "en")
    values = values_of((world, after.world), results, found.whole_per_year, yardsticks)
    return value_table([(AS_IT_IS, read.name or UNNAMED, value) for value in values])


def _fitting(region: Region, scenario: Scenario | Mapping[str, Any] | str | Path) -> tuple[Scenario, Region]:
    """Scenario, and the region with it; errors as of `costs`."""
    if region.scenario != AS_IT_IS:
        msg = f"{region} has a scenario already: ask what one costs of the region as it is."
        raise InputError(msg)
    read = scenario_of(scenario)
    return read, with_scenario(region, read)
