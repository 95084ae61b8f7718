"""What can be changed: a scenario is a named list of edits, each a value of text and numbers.

As JSON an edit is an object with its kind in the field "edit"; `scenarios.edits.apply` says what each does to a world.
"""

from __future__ import annotations

import hashlib
from typing import Literal, TypeAlias

import msgspec

from scenarios.edits.base import EditBase, Latitude, Longitude, NotNegative, Positive, Share
from scenarios.edits.lines import TimetableEdit
from scenarios.edits.on_demand import OnDemandEdit
from scenarios.edits.streets import StreetEdit


class Sited(EditBase, frozen=True, kw_only=True):
    """Something that stands in a place, at a point, or in an existing building: exactly one of these is given.

    Attributes
    ----------
    place_id
        Id of a place.
    lon_deg, lat_deg
        WGS84.
    building_id
        Id of a facility, a village hall for instance.

    """

    place_id: str | None = None
    lon_deg: Longitude | None = None
    lat_deg: Latitude | None = None
    building_id: str | None = None

    @property
    def site_id(self) -> str:
        """The same for the same site."""
        if self.place_id is not None:
            return self.place_id
        if self.building_id is not None:
            return self.building_id
        return f"{self.lon_deg:.5f}-{self.lat_deg:.5f}"


class PlaceHub(Sited, frozen=True, kw_only=True):
    """Open a hub that offers some kinds of service.

    Attributes
    ----------
    kinds
        Kinds of facility it offers.
    opening
        Opening hours as OpenStreetMap writes them; "" where nothing is said about them.
    cost_per_year
        Euros; 0 where nothing is said about it.

    """

    kinds: tuple[str, ...]
    opening: str = ""
    cost_per_year: NotNegative = 0.0

    @property
    def hub_id(self) -> str:
        """Id of the facilities this edit adds: the same site always has the same id."""
        return f"hub-{self.site_id}"


class OpenFacility(Sited, frozen=True, kw_only=True):
    """Open a single service; `units` is its size in units of the kind (GP practices, tills)."""

    kind: str
    name: str
    units: Positive = 1.0
    opening: str = ""

    @property
    def facility_id(self) -> str:
        """Id of the facility this edit adds: the same kind at the same site always has the same id."""
        return f"new-{self.kind}-{self.site_id}"


class MoveFacility(Sited, frozen=True, kw_only=True):
    """Move a facility to another site; a hub takes all it offers along."""

    facility_id: str


class CloseFacility(EditBase, frozen=True):
    """Close a facility; a hub with all it offers."""

    facility_id: str


class ChangeOpening(EditBase, frozen=True):
    """Give a facility, or a hub and all it offers, other opening hours."""

    facility_id: str
    opening: str


class ChangeCapacity(EditBase, frozen=True):
    """Give a facility another size, in units of its kind (GP practices, tills)."""

    facility_id: str
    units: Positive


class DigitalContacts(EditBase, frozen=True):
    """With broadband and help, this share of the contacts with a kind of service needs no travel."""

    kind: str
    share: Share


class ChangeYear(EditBase, frozen=True):
    """Let the population be that of another year."""

    year: int


class ChangeTraveller(EditBase, frozen=True):
    """Let everybody travel as one kind of traveller does, see `accessibility.travellers`."""

    traveller: Literal["adult", "75plus", "ebike", "no_car", "frame", "pupil"]


FacilityEdit: TypeAlias = (
    PlaceHub | OpenFacility | MoveFacility | CloseFacility | ChangeOpening | ChangeCapacity
)
PeopleEdit: TypeAlias = ChangeYear | DigitalContacts | ChangeTraveller
Edit: TypeAlias = FacilityEdit | TimetableEdit | StreetEdit | OnDemandEdit | PeopleEdit


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes, under a name people can talk about."""

    name: str = ""
    note: str = ""
    edits: tuple[Edit, ...] = ()

    @property
    def key(self) -> str:
        """SHA-256 of what changes, kind of each edit included: equal for equal effects, whatever the name."""
        return hashlib.sha256(msgspec.json.encode(self.edits)).hexdigest()


EMPTY = Scenario()
