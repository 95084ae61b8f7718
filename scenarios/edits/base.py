"""What all edits are made of: values of text and numbers with checks of their own."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

Longitude: TypeAlias = Annotated[float, Meta(ge=-180, le=180)]
Latitude: TypeAlias = Annotated[float, Meta(ge=-90, le=90)]
Positive: TypeAlias = Annotated[float, Meta(gt=0)]
NotNegative: TypeAlias = Annotated[float, Meta(ge=0)]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
Clock: TypeAlias = Annotated[str, Meta(pattern=r"^\d{1,2}:[0-5]\d$")]
"""HH:MM, past 24:00 after midnight."""
ClockOrBlank: TypeAlias = Annotated[str, Meta(pattern=r"^(\d{1,2}:[0-5]\d)?$")]
"""The same, or "" for what the edit says."""
Spot: TypeAlias = tuple[Longitude, Latitude]
"""A point, WGS84."""


class EditBase(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag=True,
    tag_field="edit",
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """Anything a scenario changes."""
