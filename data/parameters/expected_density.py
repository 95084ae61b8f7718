"""How many facilities of a kind there are in the country per inhabitant, from a table with sources."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("expected_density.toml")


@dataclass(frozen=True, slots=True)
class Density:
    """Facilities of a kind in the country, in a year, for so many inhabitants."""

    kind: str
    number: int
    year: int
    inhabitants: int
    source: str

    @property
    def inhabitants_each(self) -> float:
        """Inhabitants per facility."""
        return self.inhabitants / self.number


def load_densities() -> dict[str, Density]:
    """Density of each kind that has a source."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["kind"]
    return {
        row["id"]: Density(row["id"], row["number"], row["year"], row["inhabitants"], row["source"])
        for row in rows
    }
