"""Where hubs should go, as plain values: the answer to a question, what it means for people, and what more hubs bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from msgspec import structs

from accessibility.world import World
from data.columns import Floats, Int32s
from scenarios.comparison.compare import Comparison
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from scenarios.placement.question import Travellers
from scenarios.placement.sites import hub_at
from scenarios.placement.solve import AS_GOOD, Alternatives, Answer
from ui.views.design import SECONDS_PER_MINUTE, DesignView, minutes
from ui.views.edits import EditView
from ui.views.placement.question import PageQuestion, said_value

N_ALTERNATIVES = 8


@dataclass(frozen=True, slots=True)
class SiteView:
    """A proposed site, with the persons asked about for whom it is the nearest."""

    id: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """A site that is as good within 1 %: instead of which one ("" for several), and by which share the answer gets worse."""

    name: str
    instead_of: str
    loss_share: float


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of a search.

    Attributes
    ----------
    hubs
        Edits that open the proposed hubs.
    sites, alternatives
        The proposed sites, and others that would do as well.
    n_as_good, n_undecided
        How many others would, those not told included; and of how many it is not settled.
    n_sites
        Sites that were looked at.
    bound
        What no answer can better: persons within the limit, mean minutes, minutes of the worst-off, or hubs.
    gap_share
        By how much a better answer could be better at most; 0 when it is proved that there is none.
    taken_s
        Seconds the search took.
    is_quick
        Whether only swaps were tried.

    """

    hubs: tuple[PlaceHub, ...]
    sites: tuple[SiteView, ...]
    alternatives: tuple[Alternative, ...]
    n_as_good: int
    n_undecided: int
    n_sites: int
    bound: float
    gap_share: float
    taken_s: float
    is_quick: bool

    def added_to(self, scenario: Scenario) -> Scenario:
        """The visitor's scenario with the hubs."""
        return structs.replace(scenario, edits=(*scenario.edits, *self.hubs))


@dataclass(frozen=True, slots=True)
class Figures:
    """What the proposed hubs mean to the people asked about, counted as on the other pages.

    Attributes
    ----------
    people, within_before, within_after
        Persons: all, and those within the limit.
    mean_before_min, mean_after_min
        Over those who reach a service in both cases; None where nobody does.
    worst_before_min, worst_after_min
        From where it takes longest; None where somebody reaches none.
    worst_before, worst_after
        Names of the places of which it is.

    """

    people: int
    within_before: int
    within_after: int
    mean_before_min: float | None
    mean_after_min: float | None
    worst_before_min: float | None
    worst_after_min: float | None
    worst_before: str
    worst_after: str


@dataclass(frozen=True, slots=True)
class PlacementView:
    """Everything the page shows.

    Attributes
    ----------
    question, found, figures
        What is asked, the answer, and what it means.
    design
        Of the proposed hubs alone, for the headline, the map and the table of places.
    left_out
        Why sites are not looked at, and how many.
    kept
        What the visitor changed already, and what stays as it is.

    """

    question: PageQuestion
    found: Found
    figures: Figures
    design: DesignView
    left_out: tuple[tuple[str, int], ...]
    kept: tuple[EditView, ...] = ()

    @property
    def rests_on(self) -> str:
        """How the people travel that the figures are about: by one mode, or "mix"."""
        return self.question.mode if self.question.chosen.by == "mode" else "mix"


def found_of(world: World, question: PageQuestion, answer: Answer, *, is_quick: bool) -> Found:
    """Keep of an answer what people read, and let go of its tables."""
    task, sites = answer.task, answer.task.sites
    served = answer.people_nearest(task.demand.people).tolist()
    return Found(
        hubs=tuple(hub_at(world, sites, int(row), question.offers) for row in answer.chosen),
        sites=tuple(
            SiteView(sites.id[row], sites.name[row], round(people))
            for row, people in zip(answer.chosen.tolist(), served, strict=True)
        ),
        alternatives=_alternatives(answer.alternatives, dict(zip(sites.id, sites.name, strict=True))),
        n_as_good=len(answer.alternatives.as_good),
        n_undecided=int(answer.alternatives.undecided.sum()),
        n_sites=len(sites.id),
        bound=said_value(task, answer.bound),
        gap_share=answer.gap_share,
        taken_s=answer.taken_s,
        is_quick=is_quick,
    )


def _alternatives(found: Alternatives, name_of: dict[str, str]) -> tuple[Alternative, ...]:
    rows = [row for row, loss in enumerate(found.loss_share.tolist()) if loss <= AS_GOOD]
    return tuple(
        Alternative(
            name_of[found.id[row]], name_of.get(found.instead_of[row], ""), float(found.loss_share[row])
        )
        for row in rows[:N_ALTERNATIVES]
    )


class Part(NamedTuple):
    """People who travel alike, (O,) where they live, and their seconds before and after."""

    people: Int32s
    before_s: Floats
    after_s: Floats


def part_of(people: Travellers, comparisons: Sequence[Comparison]) -> Part:
    """Take for each of the people the quickest of their modes, of which `comparisons` has one each."""
    before_s, after_s = (
        np.minimum.reduce([side.resident_times.seconds for side in of])
        for of in zip(*((each.before, each.after) for each in comparisons), strict=True)
    )
    return Part(people.asked.astype(np.int32), before_s, after_s)


def figures(world: World, question: PageQuestion, parts: Sequence[Part]) -> Figures:
    """Count the people asked about, where they live, before and after."""
    residents, names = world.residents, [*world.places.name, ""]
    rows = [np.flatnonzero(residents.in_region & (part.people > 0)) for part in parts]
    weights, before_s, after_s, place = (
        np.concatenate([column[row] for column, row in zip(columns, rows, strict=True)])
        for columns in (*zip(*parts, strict=True), [residents.place] * len(parts))
    )
    both = np.isfinite(before_s)
    worst = [_worst(seconds) for seconds in (before_s, after_s)]
    return Figures(
        people=int(weights.sum(dtype=np.int64)),
        within_before=int(weights[before_s <= question.limit_s].sum(dtype=np.int64)),
        within_after=int(weights[after_s <= question.limit_s].sum(dtype=np.int64)),
        mean_before_min=_mean_min(before_s[both], weights[both]),
        mean_after_min=_mean_min(after_s[both], weights[both]),
        worst_before_min=minutes(float(before_s.max(initial=0.0))),
        worst_after_min=minutes(float(after_s.max(initial=0.0))),
        worst_before=names[place[worst[0]]] if len(weights) else "",
        worst_after=names[place[worst[1]]] if len(weights) else "",
    )


def _worst(seconds: Floats) -> int:
    return int(seconds.argmax()) if len(seconds) else 0


def _mean_min(seconds: Floats, people: Int32s) -> float | None:
    total = int(people.sum(dtype=np.int64))
    return float((seconds * people).sum()) / total / SECONDS_PER_MINUTE if total else None
