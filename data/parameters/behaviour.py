"""How often people visit, who has no car, how many people a practice serves, and what distance does to a service."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec
import numpy as np
from msgspec import Meta

from data.car_ownership import shifted, with_odds
from data.columns import Floats
from data.parameters.toml_rows import Above0, From0, layered
from data.places import AGE_SHARES

BEHAVIOUR = Path(__file__).with_name("behaviour.toml")
TABLES = ("contacts", "without_car", "capacity", "decay", "catchment")

Inside: TypeAlias = Annotated[float, Meta(gt=0, lt=1)]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
Text: TypeAlias = Annotated[str, Meta(min_length=1)]


class Sourced(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number with its source; `assumed` where no source says it."""

    assumed: bool
    source: Text


class Contacts(Sourced, frozen=True, kw_only=True):
    """Contacts of a person with a kind of service.

    Attributes
    ----------
    per_year
        By band of `data.places.AGE_BANDS`.
    on_site_share
        Share of them for which somebody travels to the facility.

    """

    kind: str
    per_year: tuple[From0, From0, From0, From0]
    on_site_share: Share

    @property
    def average(self) -> float:
        """Contacts of an average inhabitant of the country per year."""
        return sum(rate * share for rate, share in zip(self.per_year, AGE_SHARES, strict=True))


class WithoutCar(Sourced, frozen=True, kw_only=True):
    """Share of the people of each band who cannot drive, and of the households without a car, where these shares hold.

    A table that says nothing of the households holds for its region as it stands: no district is shifted.
    """

    share: tuple[Share, Share, Share, Share]
    households_share: Inside | None = None

    def shares(self, cars_per_household: Floats, odds: float = 1.0) -> Floats:
        """(N, 4) float64, shares where there are so many cars per household, (N,); nan where nobody knows.

        The first band keeps its share: it is without a car by its age. `odds` multiplies the odds of the others, to try
        out what more or fewer people without a car would mean.
        """
        if self.households_share is None:
            found = np.tile(self.share, (len(cars_per_household), 1))
        else:
            found = shifted(np.array(self.share), cars_per_household, self.households_share)
        if odds != 1:
            found = with_odds(found, odds)
        found[:, 0] = self.share[0]
        return found


class Capacity(Sourced, frozen=True, kw_only=True):
    """People that one unit of a facility of a kind serves."""

    kind: str
    people_per_unit: Above0


class Decay(Sourced, frozen=True, kw_only=True):
    """What a facility counts at a distance in time; behaviour.toml says what the forms are."""

    name: str
    form: Literal["negative_exponential", "power", "gaussian", "log_logistic", "steps"]
    minutes: Above0 = 1.0
    power: Above0 = 1.0
    steps_min: tuple[Above0, ...] = ()
    weights: tuple[Share, ...] = ()

    def __post_init__(self) -> None:
        if len(self.steps_min) != len(self.weights) or bool(self.steps_min) != (self.form == "steps"):
            msg = "steps_min and weights belong to the form steps, and are equally many"
            raise ValueError(msg)
        if list(self.steps_min) != sorted(self.steps_min):
            msg = "steps_min must ascend"
            raise ValueError(msg)


class Catchment(Sourced, frozen=True, kw_only=True):
    """How far facilities count: in floating catchments, and in sums with a decay."""

    minutes: Above0
    gravity_minutes: Above0


class Behaviour(msgspec.Struct, frozen=True):
    """Everything of data/parameters/behaviour.toml."""

    contacts: tuple[Contacts, ...]
    without_car: WithoutCar
    capacities: tuple[Capacity, ...]
    decays: tuple[Decay, ...]
    catchment: Catchment

    def contacts_with(self, kind: str) -> Contacts | None:
        """Contacts with a kind of service; None where nothing is known of them."""
        return next((of_kind for of_kind in self.contacts if of_kind.kind == kind), None)

    def capacity_of(self, kind: str) -> Capacity | None:
        """People per unit of a kind; None where nothing is known of it."""
        return next((of_kind for of_kind in self.capacities if of_kind.kind == kind), None)

    def decay(self, name: str) -> Decay:
        """The decay of that name; KeyError for another."""
        return {decay.name: decay for decay in self.decays}[name]


def load_behaviour(folder: Path | None) -> Behaviour:
    """Read what comes along, and behaviour.toml of a region's folder, whose rows replace those of the same kind or name.

    Raises
    ------
    InputError
        When a file cannot be used, with all its faults at once.

    """
    contacts: dict[str, Contacts] = {}
    capacities: dict[str, Capacity] = {}
    decays: dict[str, Decay] = {}
    without_car: list[WithoutCar] = []
    catchment: list[Catchment] = []
    for tables in layered(BEHAVIOUR, folder, TABLES):
        contacts |= {row.kind: row for row in tables.rows("contacts", Contacts)}
        capacities |= {row.kind: row for row in tables.rows("capacity", Capacity)}
        decays |= {row.name: row for row in tables.rows("decay", Decay)}
        without_car += tables.one("without_car", WithoutCar)
        catchment += tables.one("catchment", Catchment)
    return Behaviour(
        tuple(contacts.values()),
        without_car[-1],
        tuple(capacities.values()),
        tuple(decays.values()),
        catchment[-1],
    )
