"""The library of scenarios: one SQLite file in which nobody changes what is another's, and a crash loses nothing.

Whoever keeps a scenario gives it a key, a secret of which only a digest is stored; whoever has that key may change and delete
the scenario, all others may read it. Every row has a version: who saves over a row must have read its last version, otherwise the
scenario is kept as a row of its own. What is saved over stays as an earlier version, and deleting only hides: both can be undone.
Beside the file stands a copy of it, which is renewed every hour in which it is changed, and takes its place when it is damaged.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from secrets import token_urlsafe
from uuid import uuid4

import msgspec

from data.errors import InputError, ScenarioError
from data.files.whole import turn, write_file
from data.limits import LIBRARY_MB, LIBRARY_SCENARIOS
from scenarios.edits.json_text import from_json, to_json
from scenarios.edits.scenario import Scenario

WAIT_S = 10.0
"""How long one waits for another who is writing."""
KEY_BYTES = 32
MOST_EARLIER = 50
"""Earlier versions that are kept of a scenario; the oldest go first."""
NOBODY = ""
COPY, ASIDE = ".copy", ".damaged-"
"""What follows the name of a library in that of its copy, and of a damaged one that was set aside."""
COPY_AFTER_S = 3600.0
"""A copy that is older is renewed when the library is opened or changed."""
DAMAGED, PRIMARY = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB), 0xFF
"""Codes of SQLite for a damaged file, and the part of a code that says what kind of trouble it is."""
_MB = 2**20
SCHEMA = (
    """
create table if not exists scenario (
  id text primary key, region text not null, name text not null, note text not null, author text not null,
  content text not null, created text not null, changed text not null, version integer not null,
  deleted integer not null default 0, owner text not null default ''
) strict
""",
    """
create table if not exists earlier (
  id text not null, version integer not null, author text not null, content text not null, changed text not null,
  primary key (id, version)
) strict
""",
)
OWNER = "alter table scenario add column owner text not null default ''"
"""What a library of before there were owners lacks: its scenarios belong to nobody."""
COLUMNS = "id, region, author, content, created, changed, version, owner"
VERSIONS = (
    "select scenario.name, id, region, earlier.author, earlier.content, created, earlier.changed, earlier.version, owner "
    "from earlier join scenario using (id) where id = ? order by earlier.version desc"
)
NOT_YOURS = (
    "This scenario is somebody else's: only its owner can change or delete it. Keep yours as a new one."
)
NO_NAME = "A scenario in the library needs a name, so that others know what it is. Give it one."


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
    owner
        Digest of the key of whoever may change and delete it; "" where it belongs to nobody.

    """

    id: str
    region: str
    author: str
    scenario: Scenario
    created: str
    changed: str
    version: int
    owner: str

    def is_of(self, key: str) -> bool:
        """Whether a key is that of the owner; no key is nobody's."""
        return self.owner != NOBODY and compare_digest(self.owner, _digest(key))


@dataclass(frozen=True, slots=True)
class DamagedScenario:
    """A scenario of the library, or an earlier version of one, that cannot be read any more; it stays in the file as it is.

    Attributes
    ----------
    id, name
        Which it is, as far as can be read.
    fault
        What is wrong with it, in a sentence that names the file.

    """

    id: str
    name: str
    fault: str


class DamagedLibraryError(InputError):
    """The file of a library is damaged as a whole, or is no library."""


def new_key() -> str:
    """A secret that nobody can guess, to own a scenario by."""
    return token_urlsafe(KEY_BYTES)


def _digest(key: str) -> str:
    return sha256(key.encode(errors="surrogatepass")).hexdigest() if key else NOBODY


class Library:
    """A library in a file, made when it is not there yet; every call opens the file by itself, so threads may share it.

    Every call raises an InputError that names the file when it is damaged, or cannot be read or written. A single scenario that
    is damaged leaves the others readable: lists are without it, and `damaged` and `damaged_versions` tell of it.
    """

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self.path, self.now = path, now
        self.copy = path.with_name(f"{path.name}{COPY}")
        self.no_copy = ""
        """Why there is no new copy of the library, in a sentence; "" where there is one."""
        with self._reading() as connection:  # the mode cannot be changed within a transaction
            _refuse_damaged(connection)
            connection.execute("pragma journal_mode = wal")
        with self._writing() as connection:
            for table in SCHEMA:
                connection.execute(table)
            if "owner" not in {row[1] for row in connection.execute("pragma table_info(scenario)")}:
                connection.execute(OWNER)
        self._renew_copy()

    def _renew_copy(self) -> None:
        """Copy the library where the last copy is too old; a copy that is not whole does not take its place."""
        with suppress(OSError):
            if self.now() - self.copy.stat().st_mtime < COPY_AFTER_S:
                return

        def write(beside: Path) -> None:
            with closing(sqlite3.connect(beside)) as copied:
                connection.backup(copied)
                _refuse_damaged(copied)

        try:
            with closing(sqlite3.connect(self.path, timeout=WAIT_S)) as connection:
                write_file(self.copy, write)
            self.no_copy = ""
        except (sqlite3.Error, InputError) as error:
            self.no_copy = f"{self.copy}: no new copy of the library could be made ({error})."

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Connection whose changes are kept when all went well, and all undone otherwise; InputError as `_reading`."""
        with self._reading() as connection, connection:
            connection.execute("begin immediate")
            yield connection
        self._renew_copy()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Connection to the file; InputError where the disk fails, or the file is damaged or no library."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=WAIT_S)) as connection:
                # A text that is no UTF-8 is a matter of its row: it must not stop the others from being read.
                connection.text_factory = lambda text: text.decode(errors="surrogateescape")
                yield connection
        except (OSError, sqlite3.Error, UnicodeDecodeError) as error:
            msg = _unusable(self.path, error)
            is_damaged = getattr(error, "sqlite_errorcode", 0) & PRIMARY in DAMAGED or isinstance(
                error, _DamageError
            )
            raise (DamagedLibraryError if is_damaged else InputError)(msg) from error

    def _found(self, query: str, *values: str) -> tuple[SavedScenario | DamagedScenario, ...]:
        with self._reading() as connection:
            return tuple(self._saved(*row) for row in connection.execute(query, values))

    def _rows(self, where: str, *values: str) -> tuple[SavedScenario | DamagedScenario, ...]:
        return self._found(
            f"select name, {COLUMNS} from scenario where {where} order by changed desc, id",  # noqa: S608 -- our own words
            *values,
        )

    def rows(self, region: str) -> tuple[SavedScenario, ...]:
        """All scenarios of a region that were not deleted and can be read, the last changed first."""
        return _whole(self._rows("region = ? and not deleted", region))

    def damaged(self, region: str) -> tuple[DamagedScenario, ...]:
        """Those that `rows` leaves out as they cannot be read."""
        return _damaged(self._rows("region = ? and not deleted", region))

    def deleted(self, region: str, keys: Mapping[str, str]) -> tuple[SavedScenario, ...]:
        """Scenarios of a region that were deleted and belong to one of the `keys` by id: those that can be restored."""
        rows = _whole(self._rows("region = ? and deleted", region))
        return tuple(row for row in rows if row.is_of(keys.get(row.id, "")))

    def get(self, id_: str) -> SavedScenario | None:
        """One scenario, None where there is none or it was deleted; InputError where it is damaged."""
        return next(iter(_refused(self._rows("id = ? and not deleted", id_))), None)

    def earlier(self, row: SavedScenario) -> tuple[SavedScenario, ...]:
        """What a scenario was before it was saved over, the last first; saving such a version brings it back."""
        return _whole(self._found(VERSIONS, row.id))

    def damaged_versions(self, row: SavedScenario) -> tuple[DamagedScenario, ...]:
        """Those that `earlier` leaves out as they cannot be read."""
        return _damaged(self._found(VERSIONS, row.id))

    def add(self, region: str, scenario: Scenario, author: str, now: str, key: str) -> SavedScenario:
        """Keep a scenario as a new row of whoever has the `key`, "" for nobody.

        Raises
        ------
        ScenarioError
            When it has no name.
        InputError
            When the library is full.

        """
        _refuse_nameless(scenario)
        kept = SavedScenario(uuid4().hex, region, author, scenario, now, now, 1, _digest(key))
        with self._writing() as connection:
            self._refuse_full(connection)
            connection.execute(
                f"insert into scenario (name, note, {COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                (
                    scenario.name, scenario.note, kept.id, region, author, to_json(scenario), now, now, 1, kept.owner,
                ),
            )  # fmt: skip
        return kept

    def _refuse_full(self, connection: sqlite3.Connection) -> None:
        """Refuse a scenario more than `data.limits` has room for; those that were deleted count, as they can come back."""
        where = f"{self.path}: the library of scenarios"
        (n_scenarios,) = connection.execute("select count(*) from scenario").fetchone()
        LIBRARY_SCENARIOS.refuse_beyond(where, n_scenarios + 1)
        (pages,), (page_bytes,) = (
            connection.execute(f"pragma {of}").fetchone() for of in ("page_count", "page_size")
        )
        LIBRARY_MB.refuse_beyond(where, pages * page_bytes / _MB)

    def save(self, read: SavedScenario, scenario: Scenario, author: str, now: str, key: str) -> SavedScenario:
        """Save over the row that was `read`; when it has been saved or deleted since, keep a new row instead.

        Raises
        ------
        ScenarioError
            When the `key` is not that of its owner, or the scenario has no name.

        """
        _refuse_nameless(scenario)
        if not read.is_of(key):
            raise ScenarioError(NOT_YOURS)
        with self._writing() as connection:
            connection.execute(
                "insert or ignore into earlier select id, version, author, content, changed from scenario "
                "where id = ? and version = ? and owner = ? and not deleted",
                (read.id, read.version, read.owner),
            )
            done = connection.execute(
                "update scenario set name = ?, note = ?, author = ?, content = ?, changed = ?, version = version + 1 "
                "where id = ? and version = ? and owner = ? and not deleted",
                (
                    scenario.name, scenario.note, author, to_json(scenario), now, read.id, read.version, read.owner,
                ),
            )  # fmt: skip
            if done.rowcount:
                connection.execute(
                    "delete from earlier where id = ? and version <= ?",
                    (read.id, read.version - MOST_EARLIER),
                )
                return SavedScenario(
                    read.id, read.region, author, scenario, read.created, now, read.version + 1, read.owner
                )
        return self.add(read.region, scenario, author, now, key)

    def delete(self, id_: str, key: str) -> None:
        """Hide a scenario, `restore` brings it back; ScenarioError when the `key` is not that of its owner."""
        self._hide(id_, key, hidden=True)

    def restore(self, id_: str, key: str) -> None:
        """Undo a deletion; ScenarioError when the `key` is not that of its owner."""
        self._hide(id_, key, hidden=False)

    def _hide(self, id_: str, key: str, *, hidden: bool) -> None:
        if not all(row.is_of(key) for row in _refused(self._rows("id = ?", id_))):
            raise ScenarioError(NOT_YOURS)
        with self._writing() as connection:
            connection.execute("update scenario set deleted = ? where id = ?", (int(hidden), id_))

    def _saved(
        self, name: str, id_: str | None, region: str, author: str, content: str, created: str, changed: str, version: int, owner: str
    ) -> SavedScenario | DamagedScenario:  # fmt: skip
        try:
            for text in (region, author, content, created, changed, owner):
                text.encode()  # what was no UTF-8 cannot be written as such
            # SQLite lets a key be null.
            return SavedScenario(
                msgspec.convert(id_, str),
                region,
                author,
                from_json(content),
                created,
                changed,
                version,
                owner,
            )
        except (ScenarioError, msgspec.ValidationError, UnicodeEncodeError) as error:
            called, known = (str(text).encode(errors="replace").decode() for text in (name, id_))
            fault = (
                f"{self.path}: the scenario {known} ('{called}') in the library is damaged. "
                f"Put a copy of the file back. {str(error).encode(errors='replace').decode()}"
            )
            return DamagedScenario(known, called, fault)


def _unusable(path: Path, error: Exception) -> str:
    return (
        f"{path}: the library of scenarios cannot be used ({error}). Is there room, is the folder writable, "
        "and is the file a library? If it is damaged, put a copy of it back, or take it away to begin a new one."
    )


class _DamageError(sqlite3.DatabaseError):
    """A check of a whole file found something."""


def _refuse_damaged(connection: sqlite3.Connection) -> None:
    (found,) = connection.execute("pragma integrity_check(1)").fetchone()
    if found != "ok":
        raise _DamageError(f"the file is damaged: {found}")


def open_library(path: Path, now: Callable[[], float] = time.time) -> Library:
    """Open a library; a damaged one is set aside, and the last whole copy, or an empty one, stands in its place.

    `set_aside` tells of it for as long as the damaged file lies there. InputError as `Library`.
    """
    with suppress(DamagedLibraryError):
        return Library(path, now)
    with turn(path.with_name(f"{path.name}{ASIDE}")):
        try:
            return Library(path, now)  # somebody else did it meanwhile
        except DamagedLibraryError:
            _set_aside(path, now())
        return Library(path, now)


def _set_aside(path: Path, now_s: float) -> None:
    """Give a damaged library another name, with what SQLite keeps beside it, and put the copy in its place."""
    moment = dt.datetime.fromtimestamp(now_s, dt.UTC).strftime("%Y%m%d-%H%M%S")
    copy = path.with_name(f"{path.name}{COPY}")
    try:
        for ending in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                path.with_name(f"{path.name}{ending}").rename(f"{path}{ASIDE}{moment}{ending}")
        with suppress(FileNotFoundError, sqlite3.Error):  # without a whole copy an empty library begins
            content = copy.read_bytes()
            with closing(sqlite3.connect(copy)) as connection:
                _refuse_damaged(connection)
            write_file(path, lambda beside: _put(beside, content))
    except OSError as error:
        raise InputError(_unusable(path, error)) from error


def _put(beside: Path, content: bytes) -> None:
    beside.write_bytes(content)


def set_aside(path: Path) -> tuple[Path, ...]:
    """Damaged libraries that were set aside, and not taken away since; the last one first."""
    found = path.parent.glob(f"{path.name}{ASIDE}*")
    return tuple(sorted((one for one in found if not one.name.endswith(("-wal", "-shm"))), reverse=True))


def _whole(found: tuple[SavedScenario | DamagedScenario, ...]) -> tuple[SavedScenario, ...]:
    return tuple(row for row in found if isinstance(row, SavedScenario))


def _damaged(found: tuple[SavedScenario | DamagedScenario, ...]) -> tuple[DamagedScenario, ...]:
    return tuple(row for row in found if isinstance(row, DamagedScenario))


def _refused(found: tuple[SavedScenario | DamagedScenario, ...]) -> tuple[SavedScenario, ...]:
    for row in _damaged(found):
        raise InputError(row.fault)
    return _whole(found)


def _refuse_nameless(scenario: Scenario) -> None:
    if not scenario.name.strip():
        raise ScenarioError(NO_NAME)
