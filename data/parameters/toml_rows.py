"""Tables of a TOML file turned into checked records, with every fault of the file told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from data.errors import InputError

Record = TypeVar("Record", bound=msgspec.Struct)
HUGE = 1e9
"""No number of these files comes near it; TOML can say infinity, which is larger still."""
Above0: TypeAlias = Annotated[float, Meta(gt=0, le=HUGE)]
From0: TypeAlias = Annotated[float, Meta(ge=0, le=HUGE)]


def read_toml(path: Path, names: tuple[str, ...]) -> dict[str, Any]:
    """Content of a TOML file with these tables at most.

    Raises
    ------
    InputError
        When it cannot be read, is no TOML, or has other tables.

    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path}: cannot be read as TOML ({error}). Mend that line."
        raise InputError(msg) from error
    unknown = sorted(set(content) - set(names))
    if unknown:
        msg = f"{path}: unknown tables {', '.join(unknown)}. Tables are {', '.join(names)}."
        raise InputError(msg)
    return content


def records(content: dict[str, Any], name: str, kind: type[Record], faults: list[str]) -> list[Record]:
    """Rows of [[name]]; those that cannot be used are added to `faults`, by number and reason."""
    rows = content.get(name, [])
    if not isinstance(rows, list):
        faults.append(f"{name} must be written as [[{name}]]")
        return []
    found = []
    for number, row in enumerate(rows, start=1):
        try:
            found.append(msgspec.convert(row, kind))
        except msgspec.ValidationError as error:
            said = str(error).replace(" - at `$.", " in `").replace(" - at `$`", "")
            faults.append(f"{name} {number}: {said}")
    return found


def refuse(path: Path, faults: list[str]) -> None:
    """Raise InputError with all faults of a file, if there are any."""
    if faults:
        msg = f"{path} has mistakes to mend: {'; '.join(faults)}."
        raise InputError(msg)


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables of one file, and the faults met so far in what was read of them."""

    content: dict[str, Any]
    faults: list[str] = field(default_factory=list)

    def rows(self, name: str, kind: type[Record]) -> list[Record]:
        """Rows of [[name]], none where it is not there."""
        return records(self.content, name, kind, self.faults)

    def one(self, name: str, kind: type[Record]) -> list[Record]:
        """The table [name], none where it is not there."""
        single = {name: [self.content[name]]} if name in self.content else {}
        return records(single, name, kind, self.faults)


def layered(
    along: Path, folder: Path | None, names: tuple[str, ...], more: Sequence[Path] = ()
) -> Iterator[Tables]:
    """Tables of the file that comes along, of a region's own file of that name, if there is one, and of `more` files.

    Each replaces something of those before it: what, the reader says.

    Raises
    ------
    InputError
        When a file cannot be used, with all its faults at once: as soon as the next is asked for.

    """
    own = [] if folder is None or not (folder / along.name).is_file() else [folder / along.name]
    for path in [along, *own, *more]:
        tables = Tables(read_toml(path, names))
        yield tables
        refuse(path, tables.faults)
