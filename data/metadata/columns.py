"""The data dictionary: every column of every table that is written, out of data/metadata/columns.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).with_name("columns.toml")
TYPES = ("text", "integer", "number", "yes/no", "date", "clock")
PERCENTILE = re.compile(r"_p(\d+(?:\.\d+)?)_s$")
ANY_PERCENTILE = "_pN_s"
"""End of the name of a column that stands for one of any percentile."""


class Column(NamedTuple):
    """A column: what people call it, one of `TYPES`, its unit ("" for none), and what it means."""

    name: str
    title: str
    kind: str
    unit: str
    meaning: str

    @property
    def label(self) -> str:
        """What people call it, with its unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, title, what a row is, what makes it, its columns, and those that are there when asked for."""

    name: str
    title: str
    row: str
    made_by: str
    columns: tuple[Column, ...]
    sometimes: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Entry of a column, one of a percentile filled in; KeyError where the dictionary lacks it."""
        number = PERCENTILE.search(name)
        wanted = PERCENTILE.sub(ANY_PERCENTILE, name) if number else name
        for one in (*self.columns, *self.sometimes):
            if one.name == wanted and number:
                title, meaning = (text.replace("N", number[1], 1) for text in (one.title, one.meaning))
                return Column(name, title, one.kind, one.unit, meaning)
            if one.name == wanted:
                return one
        raise KeyError(name)

    def columns_of(self, names: Iterable[str]) -> list[Column]:
        """Entries of those of `names` that the dictionary has; geometries have none."""
        known = []
        for name in names:
            try:
                known.append(self.column(name))
            except KeyError:
                continue
        return known


@cache
def dictionary() -> dict[str, Table]:
    """All tables by name."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: _table(name, fields, content) for name, fields in content["tables"].items()}


def _table(name: str, fields: dict[str, Any], content: dict[str, Any]) -> Table:
    columns, sometimes = (
        tuple(
            Column(column, *(content["columns"].get(f"{name}.{column}") or content["columns"][column]))
            for column in _flat(fields.get(part, []), content["groups"])
        )
        for part in ("columns", "sometimes")
    )
    return Table(name, fields["title"], fields["row"], fields["made_by"], columns, sometimes)


def _flat(names: list[str], groups: dict[str, list[str]]) -> list[str]:
    return [one for name in names for one in (groups[name[1:]] if name.startswith("@") else [name])]


def markdown() -> str:
    """The dictionary as a document."""
    lines = [
        "# Data dictionary",
        "",
        "Every column of every table that is written. Made of `data/metadata/columns.toml` by `python -m data.metadata.columns`;",
        "the same words are in the files themselves: as aliases in a GeoPackage, in the fields of a Parquet file, and in the",
        "`-metadata.json` beside a CSV.",
    ]
    for table in dictionary().values():
        lines += [
            "",
            f"## {table.name}: {table.title}",
            "",
            f"One row for {table.row}. Made by {table.made_by}.",
            "",
            "| column | called | type | unit | meaning |",
            "|---|---|---|---|---|",
            *(
                f"| `{of.name}`{' (when asked for)' * (of in table.sometimes)} | {of.title} | {of.kind} | {of.unit} | {of.meaning} |"
                for of in (*table.columns, *table.sometimes)
            ),
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (FILE.parents[2] / "docs" / "data-dictionary.md").write_text(markdown(), encoding="utf-8")
