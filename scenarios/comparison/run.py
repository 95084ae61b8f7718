"""A comparison from a description to its tables: the one way in which they are made, the first time and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from accessibility.travellers import TRAVELLERS
from accessibility.world import AS_IT_IS, World, for_traveller
from data.errors import ScenarioError
from data.files.long_table import LongTable
from data.parameters.behaviour import load_behaviour
from data.parameters.facility_kinds import FacilityKinds
from data.parameters.uncertainty import load_ranges
from scenarios.comparison.compare import Comparison, compare_worlds
from scenarios.comparison.contributions import contributions, variants
from scenarios.comparison.equity import equity_table
from scenarios.comparison.files import Tables
from scenarios.comparison.report import place_columns, whole
from scenarios.comparison.run_file import Spec
from scenarios.comparison.tables import Compared, cells_table, places_table, winners_table
from scenarios.comparison.uncertainty import bands
from scenarios.edits.apply import apply
from scenarios.edits.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

WorldsCompared: TypeAlias = Callable[
    [World, Sequence[World], Sequence[str], Sequence[str]], list[list[Comparison]]
]
"""What `compare_worlds` does."""


def compared(
    world: World, spec: Spec, kinds: FacilityKinds, compare: WorldsCompared = compare_worlds
) -> list[Compared]:
    """Compare the first scenario with each of the others; `compare` may have others do the work.

    Raises
    ------
    ScenarioError
        When a scenario does not fit the region, with its name.

    """
    before, *afters = (_applied(world, scenario, spec, kinds) for scenario in spec.scenarios)
    results = compare(before, afters, spec.kinds, spec.modes)
    if not any(results):
        msg = f"no traveller of these scenarios has the use of {', '.join(spec.modes)}; choose other modes."
        raise ScenarioError(msg)
    names = [scenario.name or AS_IT_IS for scenario in spec.scenarios]
    return [
        Compared(names[0], name, before, after, result)
        for name, after, result in zip(names[1:], afters, results, strict=True)
    ]


def tables_of(
    world: World,
    spec: Spec,
    found: list[Compared],
    kinds: FacilityKinds,
    progress: Callable[[str, float], None],
) -> Tables:
    """Make all tables that were asked for."""
    more: dict[str, pd.DataFrame | LongTable] = {"winners": winners_table(found, spec.same_below_min * 60)}
    # Of kinds that are unknown there is nothing more to tell.
    spec = msgspec.structs.replace(spec, kinds=tuple(kind for kind in spec.kinds if world.knows(kind)))
    if spec.contributions and spec.kinds:
        more["contributions"] = _contributions(world, spec, found, kinds)
    if spec.band and spec.kinds:
        more["band"] = _bands(world, spec, kinds, progress)
    cells = cells_table(found, with_legs=spec.legs) if spec.cells else LongTable({})
    if spec.equity:
        more["equity"] = equity_table(
            found,
            load_behaviour(world.region.folder),
            load_ranges().without_car,
            spec.limit_min * 60,
            spec.same_below_min * 60,
        )
    return Tables(places_table(found, with_legs=spec.legs), cells, more)


def _applied(world: World, scenario: Scenario, spec: Spec, kinds: FacilityKinds) -> World:
    traveller = {of.id: of for of in TRAVELLERS}[spec.traveller]
    base = world if traveller == world.traveller else for_traveller(world, traveller)
    try:
        return apply(base, scenario, kinds) if scenario.edits else base
    except ScenarioError as error:
        msg = f"Scenario '{scenario.name}': {error}"
        raise ScenarioError(msg) from error


def _contributions(world: World, spec: Spec, found: list[Compared], kinds: FacilityKinds) -> pd.DataFrame:
    """Contributions of the edits of every scenario to what it changes in the region as it is."""
    base = _applied(world, Scenario(), spec, kinds)
    rows: list[dict[str, object]] = []
    for pair, scenario in zip(found, spec.scenarios[1:], strict=True):
        edits = variants(base, scenario, kinds)
        told = contributions(base, pair.after, edits, spec.kinds, spec.modes, spec.limit_min * 60)
        rows += [{"after_scenario": pair.after_name} | row for row in told]
    import pandas as pd  # noqa: PLC0415 -- takes a second, and most comparisons do without

    # All rows at once: a column that is empty for one scenario is of the type that it has for another.
    return pd.DataFrame(rows).convert_dtypes()


def _bands(
    world: World, spec: Spec, kinds: FacilityKinds, progress: Callable[[str, float], None]
) -> pd.DataFrame:
    """One row per pair of scenarios, place, kind and mode: the band of each time, and whether the sign is sure."""
    import pandas as pd  # noqa: PLC0415 -- takes a second, and most comparisons do without

    tables = []
    before = spec.scenarios[0]
    for after in spec.scenarios[1:]:

        def change(drawn: World, after: Scenario = after) -> tuple[World, World]:
            return _applied(drawn, before, spec, kinds), _applied(drawn, after, spec, kinds)

        for band in bands(world, change, spec.kinds, spec.modes, load_ranges(), progress):
            columns = place_columns(world) | {
                "before_scenario": before.name or AS_IT_IS,
                "after_scenario": after.name or AS_IT_IS,
                "kind": band.kind,
                "mode": band.mode,
            }
            for name, values in (
                ("before", band.before_s),
                ("after", band.after_s),
                ("difference", band.difference_s),
            ):
                for column, suffix in enumerate(("s", "low_s", "high_s")):
                    columns[f"{name}_{suffix}"] = whole(values[:, column])
            tables.append(pd.DataFrame(columns | {"sign": band.sign, "sure": band.sure}))
    return pd.concat(tables, ignore_index=True)
