"""Limits against which travel is held: norms with their source, and choices marked as such."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from data.parameters.toml_rows import Above0, layered

NORMS = Path(__file__).with_name("norms.toml")
NO_NORM = "none"

Group: TypeAlias = Literal["all", "under20", "65plus", "75plus", "without_car"]


class Norm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One limit for one kind of facility.

    Attributes
    ----------
    mode
        Name of a mode of travel; "" for any.
    limit_min, limit_m
        Minutes, or metres along the street: exactly one of them.
    source
        Where it is laid down; `NO_NORM` where the limit is a choice.
    nl, en
        What it means and what it does not, to be shown wherever it is used.

    """

    kind: str
    mode: str = ""
    limit_min: Above0 | None = None
    limit_m: Above0 | None = None
    people: Group = "all"
    source: Annotated[str, Meta(min_length=1)]
    nl: Annotated[str, Meta(min_length=1)]
    en: Annotated[str, Meta(min_length=1)]

    def __post_init__(self) -> None:
        if (self.limit_min is None) == (self.limit_m is None):
            msg = "give either limit_min or limit_m"
            raise ValueError(msg)

    @property
    def is_norm(self) -> bool:
        """Whether it is laid down somewhere; otherwise it is a choice."""
        return self.source != NO_NORM

    @property
    def limit_s(self) -> float | None:
        """The limit in seconds, where it is one of time."""
        return None if self.limit_min is None else self.limit_min * 60

    def text(self, language: str) -> str:
        """What it means, in "nl" or "en"."""
        return {"nl": self.nl, "en": self.en}[language]


class Norms(msgspec.Struct, frozen=True):
    """All limits, norms before choices."""

    norms: tuple[Norm, ...]

    def of(self, kind: str, mode: str) -> tuple[Norm, ...]:
        """Limits for a kind of facility and a mode of travel; none where nothing is laid down or chosen."""
        return tuple(norm for norm in self.norms if norm.kind == kind and norm.mode in ("", mode))


def load_norms(folder: Path | None) -> Norms:
    """Read the limits that come along, and those in norms.toml of a region's folder, which replace them.

    Raises
    ------
    InputError
        When a file cannot be used, with all its faults at once.

    """
    by_question: dict[tuple[str, str, str], Norm] = {}
    for tables in layered(NORMS, folder, ("norm",)):
        rows = tables.rows("norm", Norm)
        by_question |= {(norm.kind, norm.mode, norm.people): norm for norm in rows}
    return Norms(tuple(sorted(by_question.values(), key=lambda norm: not norm.is_norm)))
