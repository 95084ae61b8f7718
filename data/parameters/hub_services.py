"""What a hub can offer: costs, room and least use of each service, and how often people of an age come for it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from data.errors import InputError
from data.parameters.behaviour import Behaviour, Sourced
from data.parameters.toml_rows import Above0, From0, layered

HUB_SERVICES = Path(__file__).with_name("hub_services.toml")
Hours: TypeAlias = Annotated[float, Meta(gt=0, le=168)]
Weeks: TypeAlias = Annotated[float, Meta(gt=0, le=53)]
Counters: TypeAlias = Annotated[int, Meta(ge=1, le=100)]
ByAge: TypeAlias = tuple[From0, From0, From0, From0]


class HubCosts(Sourced, frozen=True, kw_only=True):
    """What a hub itself costs, in euros per year, whatever it offers."""

    cost_per_year: From0


class ServiceSize(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How large a service can be.

    Attributes
    ----------
    hours_per_week
        That it is open.
    counters
        GPs, tills or desks at a time.
    cost_per_year
        Euros.
    least_people
        It is kept up only where so many people use it.

    """

    hours_per_week: Hours
    counters: Counters
    cost_per_year: From0
    least_people: From0 = 0.0


class HubService(Sourced, frozen=True, kw_only=True):
    """A service that a hub can offer.

    Attributes
    ----------
    kind
        Kind of facility.
    mode, limit_min
        Who can be there within so many minutes by this mode is served.
    visits_per_hour, weeks_per_year
        What one counter can take, and how many weeks it is open.
    per_year
        Visits of a person per year by band of `data.places.AGE_BANDS`, for which somebody travels; None for the contacts
        of behaviour.toml.
    size
        At least one, those that cost more later.

    """

    kind: str
    mode: str
    limit_min: Above0
    visits_per_hour: Above0
    weeks_per_year: Weeks
    per_year: ByAge | None = None
    size: Annotated[tuple[ServiceSize, ...], Meta(min_length=1, max_length=4)]

    def __post_init__(self) -> None:
        if self.per_year is not None and not any(self.per_year):
            msg = "per_year must be above 0 for some age"
            raise ValueError(msg)

    def visits_per_year(self, size: ServiceSize) -> float:
        """Visits that a service of this size can take in a year."""
        return size.hours_per_week * size.counters * self.visits_per_hour * self.weeks_per_year

    def visits_by_age(self, behaviour: Behaviour) -> ByAge:
        """Visits of a person per year by age, for which somebody travels.

        Raises
        ------
        InputError
            When neither table says how often people come.

        """
        if self.per_year is not None:
            return self.per_year
        contacts = behaviour.contacts_with(self.kind)
        if contacts is None:
            msg = (
                f"Nothing says how often people come for '{self.kind}': give per_year in {HUB_SERVICES.name}, or contacts in "
                "behaviour.toml."
            )
            raise InputError(msg)
        young, adult, older, oldest = (rate * contacts.on_site_share for rate in contacts.per_year)
        return (young, adult, older, oldest)


class HubServices(msgspec.Struct, frozen=True):
    """Everything of hub_services.toml."""

    hub: HubCosts
    services: tuple[HubService, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds that a hub can offer."""
        return tuple(service.kind for service in self.services)


def load_hub_services(folder: Path | None) -> HubServices:
    """Read what comes along, and hub_services.toml of a region's folder, whose rows replace those of the same kind.

    Raises
    ------
    InputError
        When a file cannot be used, with all its faults at once.

    """
    hub: list[HubCosts] = []
    services: dict[str, HubService] = {}
    for tables in layered(HUB_SERVICES, folder, ("hub", "service")):
        hub += tables.one("hub", HubCosts)
        services |= {row.kind: row for row in tables.rows("service", HubService)}
    return HubServices(hub[-1], tuple(services.values()))
