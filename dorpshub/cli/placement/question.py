"""What the verb `place` is asked: a question of placement from the texts of its options."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, TypedDict

import numpy as np

from data.errors import InputError
from data.places import AGE_BANDS
from dorpshub.cli import typed
from dorpshub.cli.choices import EVERYBODY
from scenarios.placement.question import EVERY_AGE, ByAge, Goal, PlacementQuestion, Start, TravelGroup

GROUP = re.compile(r"(?P<ages>[a-z0-9_+]+):(?P<share>[0-9]+\.?[0-9]*|\.[0-9]+):(?P<modes>[a-z_+]+)", re.ASCII)


class PlaceOptions(TypedDict):
    """Options of the verb, as click hands them over."""

    hubs: str
    objective: Goal
    kind: str
    offers: str
    modes: str
    groups: tuple[str, ...]
    age_weights: str
    year: int | None
    where: Start
    sites: str
    fix: tuple[str, ...]
    forbid: tuple[str, ...]
    cost: float
    budget: float
    limit_min: float
    share: float | None
    share_of: str
    longest_min: float
    unreached_min: float
    min_people: float
    later_year: int | None
    max_people: float
    apart_km: float
    percentile: float
    arrive_by: str
    round_trips: bool
    stay_min: int | None
    time_limit: float
    quick: bool
    frontier: Literal["cost", "worst"] | None
    robust: int | None
    robust_out: Path | None
    out: Path
    alternatives_out: Path | None
    scenario_out: Path | None


def question_of(options: PlaceOptions) -> PlacementQuestion:
    """Question in the options.

    Raises
    ------
    InputError
        When an option cannot be read, with what to type.

    """
    return PlacementQuestion(
        kind=typed.kind(options["kind"], "write one kind; --offers takes several."),
        groups=groups_of(options["groups"], options["modes"]),
        goal=options["objective"],
        limit_s=options["limit_min"] * 60,
        sites=sites_named(options["sites"]),
        cost=options["cost"],
        budget=options["budget"],
        fixed=options["fix"],
        forbidden=options["forbid"],
        apart_m=options["apart_km"] * 1000,
        longest_s=options["longest_min"] * 60,
        unreached_s=options["unreached_min"] * 60,
        share=options["share"],
        share_label=options["share_of"],
        share_ages=_bands(options["share_of"], "--share-of"),
        min_people=options["min_people"],
        max_people=options["max_people"],
        year=options["year"],
        later_year=options["later_year"],
        age_weights=age_weights(options["age_weights"]),
        start=options["where"],
        percent=options["percentile"],
        round_trips=options["round_trips"],
        stay_min=options["stay_min"],
    )


def numbers_of(text: str) -> list[int]:
    """Numbers of hubs asked for: one, or a range; InputError for anything else."""
    found = re.fullmatch(r"(\d+)(?:\.\.(\d+))?", text.strip())
    numbers = range(int(found[1]), int(found[2] or found[1]) + 1) if found else range(0)
    if not numbers or numbers[0] < 1:
        msg = f"--hubs '{text}': write a number, or two with dots between, the lower first: 1..10."
        raise InputError(msg)
    return list(numbers)


def sites_named(text: str) -> tuple[str, ...]:
    """Lists of sites in the text of an option; InputError where there is none."""
    names = tuple(typed.parts(text))
    if not names:
        raise InputError("--sites is empty: say where hubs could stand.")
    return names


def groups_of(texts: tuple[str, ...], modes: str) -> tuple[TravelGroup, ...]:
    """Travellers of each --group, or everybody by the modes of --modes; InputError where one cannot be read."""
    if not texts:
        return (TravelGroup(EVERYBODY, _modes(modes)),)
    groups = []
    for text in texts:
        found = GROUP.fullmatch(text)
        if not found or not 0 <= float(found["share"]) <= 1:
            msg = f"--group '{text}': write AGES:SHARE:MODES, as 75plus:0.4:bike+transit, with a share from 0 to 1."
            raise InputError(msg)
        shares = tuple(float(found["share"]) * of for of in _bands(found["ages"], "--group"))
        groups.append(TravelGroup(text, _modes(found["modes"].replace("+", ",")), shares, shares))
    return tuple(groups)


def _modes(text: str) -> tuple[str, ...]:
    return tuple(mode.name for mode in typed.modes(text))


def _bands(text: str, option: str) -> ByAge:
    """1 for the age bands named, 0 for the others."""
    names = AGE_BANDS if text == EVERYBODY else tuple(text.split("+"))
    unknown = [name for name in names if name not in AGE_BANDS]
    if unknown:
        msg = f"{option}: unknown ages '{', '.join(unknown)}'; write all, or some of {', '.join(AGE_BANDS)} with + between."
        raise InputError(msg)
    return tuple(float(band in names) for band in AGE_BANDS)


def age_weights(text: str) -> ByAge:
    """What a visit counts by age; InputError where it cannot be read."""
    weights = list(EVERY_AGE)
    for part in filter(None, text.split(",")):
        band, _, number = part.partition(":")
        try:
            row, weight = AGE_BANDS.index(band.strip()), float(number)
        except ValueError:
            row, weight = 0, np.nan
        if not 0 <= weight < np.inf:
            msg = f"--age-weights '{part}': write a band of {', '.join(AGE_BANDS)}, a colon and a number."
            raise InputError(msg)
        weights[row] = weight
    return tuple(weights)
