"""What each edit of a bundle contributes: with it alone, and with all but it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from accessibility.world import World
from data.errors import ScenarioError
from data.parameters.facility_kinds import FacilityKinds
from scenarios.comparison.compare import Comparison, Totals, compare_worlds
from scenarios.edits.apply import apply
from scenarios.edits.scenario import Edit, Scenario


class Variant(NamedTuple):
    """One edit of a bundle, and the worlds that come of it; `why_not` says why there is none."""

    number: int
    edit: Edit
    alone: World | None
    without: World | None
    why_not: str


def variants(world: World, scenario: Scenario, kinds: FacilityKinds) -> list[Variant]:
    """Every edit on its own, and the scenario without it; an edit may need another one or be needed by it."""
    found = []
    for row, edit in enumerate(scenario.edits):
        rest = (*scenario.edits[:row], *scenario.edits[row + 1 :])
        worlds: list[World | None] = []
        reasons: list[str] = []
        for edits in ((edit,) if scenario.holds(edit) else (), rest):
            try:
                worlds.append(apply(world, Scenario(edits=edits), kinds))
            except ScenarioError as error:
                worlds.append(None)
                reasons.append(str(error))
        found.append(Variant(row + 1, edit, worlds[0], worlds[1], " ".join(reasons)))
    return found


def contributions(
    world: World,
    bundle: World,
    found: Sequence[Variant],
    kinds: Sequence[str],
    modes: Sequence[str],
    limit_s: float,
) -> list[dict[str, object]]:
    """One row per edit, kind and mode: what it changes alone, and what it adds to all others.

    Means are taken over those who reach one in that world; how many more or fewer these are stands beside them.
    """
    alone = [variant.alone for variant in found if variant.alone is not None]
    without = [variant.without for variant in found if variant.without is not None]
    gained = iter(compare_worlds(world, alone, kinds, modes))
    lost = iter(compare_worlds(bundle, without, kinds, modes))
    rows: list[dict[str, object]] = []
    for variant in found:
        of_alone = {_key(of): of for of in next(gained)} if variant.alone else {}
        of_without = {_key(of): of for of in next(lost)} if variant.without else {}
        for key in dict.fromkeys([*of_alone, *of_without]):
            row: dict[str, object] = {"edit": variant.number, "what": type(variant.edit).__name__}
            row |= {"kind": key[0], "mode": key[1]}
            row |= _gain("alone", of_alone.get(key), limit_s, sign=1)
            # Taking it away shows, with the sign turned, what it adds to the others.
            row |= _gain("added", of_without.get(key), limit_s, sign=-1)
            rows.append(row | {"why_not": variant.why_not})
    return rows


def _key(comparison: Comparison) -> tuple[str, str]:
    return comparison.before.times.kind, comparison.before.times.mode.name


def _gain(prefix: str, comparison: Comparison | None, limit_s: float, sign: int) -> dict[str, object]:
    """Change of the totals; empty where the comparison could not be made."""
    names = ("people_within", "people_unreached", "mean_s")
    if comparison is None:
        return {f"{prefix}_{name}": None for name in names}
    old, new = (side.totals(limit_s) for side in (comparison.before, comparison.after))
    return {f"{prefix}_{name}": _changed(old, new, name, sign) for name in names}


def _changed(old: Totals, new: Totals, name: str, sign: int) -> float | int | None:
    before, after = getattr(old, name), getattr(new, name)
    if name == "mean_s":
        finite = before < float("inf") and after < float("inf")
        return round(sign * (after - before), 1) if finite else None
    return int(sign * (after - before))
