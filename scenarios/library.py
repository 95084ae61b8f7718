"""The library of scenarios: one SQLite file in which nobody overwrites anybody, and a crash loses nothing.

Every row has a version. Anyone who saves over a row must have read its last version; otherwise the scenario is kept as a row of its
own. Deleting only hides a row, so that it can be undone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import msgspec

from data.errors import InputError, ScenarioError
from scenarios.edits.json_text import from_json, to_json
from scenarios.edits.scenario import Scenario

WAIT_S = 10.0
"""How long one waits for another who is writing."""
SCHEMA = """
create table if not exists scenario (
  id text primary key, region text not null, name text not null, note text not null, author text not null,
  content text not null, created text not null, changed text not null, version integer not null,
  deleted integer not null default 0
) strict
"""
COLUMNS = "id, region, name, note, author, content, created, changed, version"


@dataclass(frozen=True, slots=True)
class SavedScenario:
    """One scenario of the library.

    Attributes
    ----------
    id
        Unguessable.
    region, author
        Of which region, and who made it, as typed.
    scenario
        With its name and note.
    created, changed
        Clock times as given by the one who saved it, ISO 8601.
    version
        Counts the times it was saved.

    """

    id: str
    region: str
    author: str
    scenario: Scenario
    created: str
    changed: str
    version: int


class Library:
    """A library in a file, made when it is not there yet; every call opens the file by itself, so threads may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._reading() as connection:  # the mode cannot be changed within a transaction
            (found,) = connection.execute("pragma integrity_check(1)").fetchone()
            if found != "ok":
                raise sqlite3.DatabaseError(f"the file is damaged: {found}")
            connection.execute("pragma journal_mode = wal")
        with self._opened() as connection:
            connection.execute(SCHEMA)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Connection whose changes are kept when all went well, and all undone otherwise; InputError as `_reading`."""
        with self._reading() as connection, connection:
            connection.execute("begin immediate")
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Connection to the file; InputError where the disk fails, or the file is damaged or no library."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=WAIT_S)) as connection:
                yield connection
        except (OSError, sqlite3.Error, UnicodeDecodeError) as error:
            msg = (
                f"{self.path}: the library of scenarios cannot be used ({error}). Is there room, is the folder writable, "
                "and is the file a library? If it is damaged, put a copy of it back, or take it away to begin a new one."
            )
            raise InputError(msg) from error

    def rows(self, region: str) -> tuple[SavedScenario, ...]:
        """All scenarios of a region that were not deleted, the last changed first."""
        query = f"select {COLUMNS} from scenario where region = ? and not deleted order by changed desc, id"  # noqa: S608
        with self._reading() as connection:
            return tuple(self._saved(row) for row in connection.execute(query, (region,)))

    def get(self, id_: str) -> SavedScenario | None:
        """One scenario, None where there is none or it was deleted."""
        query = f"select {COLUMNS} from scenario where id = ? and not deleted"  # noqa: S608
        with self._reading() as connection:
            row = connection.execute(query, (id_,)).fetchone()
        return None if row is None else self._saved(row)

    def add(self, region: str, scenario: Scenario, author: str, now: str) -> SavedScenario:
        """Keep a scenario as a new row."""
        kept = SavedScenario(uuid4().hex, region, author, scenario, now, now, 1)
        with self._opened() as connection:
            connection.execute(
                f"insert into scenario ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                (
                    kept.id, region, scenario.name, scenario.note, author, to_json(scenario), now, now, 1,
                ),
            )  # fmt: skip
        return kept

    def save(self, read: SavedScenario, scenario: Scenario, author: str, now: str) -> SavedScenario:
        """Save over the row that was `read`; when somebody else has saved or deleted it since, keep a new row instead."""
        with self._opened() as connection:
            done = connection.execute(
                "update scenario set name = ?, note = ?, author = ?, content = ?, changed = ?, version = version + 1 "
                "where id = ? and version = ? and not deleted",
                (
                    scenario.name, scenario.note, author, to_json(scenario), now, read.id, read.version,
                ),
            )  # fmt: skip
            if done.rowcount:
                return SavedScenario(
                    read.id, read.region, author, scenario, read.created, now, read.version + 1
                )
        return self.add(read.region, scenario, author, now)

    def delete(self, id_: str) -> None:
        """Hide a scenario; `restore` brings it back."""
        self._hide(id_, hidden=True)

    def restore(self, id_: str) -> None:
        """Undo a deletion."""
        self._hide(id_, hidden=False)

    def _hide(self, id_: str, *, hidden: bool) -> None:
        with self._opened() as connection:
            connection.execute("update scenario set deleted = ? where id = ?", (int(hidden), id_))

    def _saved(self, row: tuple[str | None, str, str, str, str, str, str, str, int]) -> SavedScenario:
        id_, region, name, _note, author, content, created, changed, version = row
        try:
            # SQLite lets a key be null.
            return SavedScenario(
                msgspec.convert(id_, str), region, author, from_json(content), created, changed, version
            )
        except (ScenarioError, msgspec.ValidationError) as error:
            msg = f"{self.path}: the scenario '{name}' ({id_}) in the library is damaged. Put a copy of the file back. {error}"
            raise InputError(msg) from error
