"""The file of the library is damaged, locked or without room: what was told to be kept is there, and what happened is told."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from data.errors import InputError
from data.limits import LIBRARY_SCENARIOS, Limit
from scenarios import library as module
from scenarios.edits.facilities import CloseFacility
from scenarios.edits.scenario import Scenario
from scenarios.library import Library, open_library, set_aside
from support.files import ROOT

MONDAY, HOUR_S = "2026-11-30", 3600.0
ONE, OTHER = (Scenario(name, "", (CloseFacility(name),)) for name in ("one", "other"))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def overwritten(path: Path) -> None:
    path.write_bytes(b"<html>" * 3000)


def page_of_zeros(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:8192] = bytes(4096)
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [cut, overwritten, page_of_zeros])
def test_a_damaged_library_is_set_aside_and_the_copy_takes_its_place(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "library.sqlite"
    library = open_library(path)
    kept = library.add("here", ONE, "Anna", MONDAY, "key")
    now = library.copy.stat().st_mtime
    # The copy is renewed by what is opened an hour later, and so holds what was kept before.
    open_library(path, lambda: now + HOUR_S)
    damage(path)
    damaged = path.read_bytes()
    again = open_library(path, lambda: 0.0)
    assert again.rows("here") == (kept,)
    (aside,) = set_aside(path)
    assert (aside.name, aside.read_bytes()) == ("library.sqlite.damaged-19700101-000000", damaged)
    # It works on as before.
    assert again.add("here", OTHER, "Ben", MONDAY, "key") in open_library(path).rows("here")


def test_without_a_whole_copy_an_empty_library_begins_and_the_damaged_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    open_library(path).add("here", ONE, "", MONDAY, "key")
    overwritten(path)
    overwritten(path.with_name("library.sqlite.copy"))
    assert open_library(path).rows("here") == ()
    assert len(set_aside(path)) == 1


def test_a_copy_is_made_at_most_once_an_hour_and_never_of_half_a_change(tmp_path: Path) -> None:
    clock = [1000.0]
    library = Library(tmp_path / "library.sqlite", lambda: clock[0])
    first = library.copy.read_bytes()
    os.utime(library.copy, (1000.0, 1000.0))
    library.add("here", ONE, "", MONDAY, "key")
    assert library.copy.read_bytes() == first
    clock[0] += HOUR_S
    kept = library.add("here", OTHER, "", MONDAY, "key")
    copied = Library(library.copy).rows("here")
    assert len(copied) == 2
    assert kept in copied


def test_a_library_that_another_locks_is_told_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT_S", 0.05)
    path = tmp_path / "library.sqlite"
    library = open_library(path)
    kept = library.add("here", ONE, "", MONDAY, "key")
    with closing(sqlite3.connect(path)) as other:
        other.execute("begin exclusive")
        with pytest.raises(
            InputError, match=r"library\.sqlite: the library of scenarios cannot be used \(database is locked"
        ):
            library.add("here", OTHER, "", MONDAY, "key")
        # Nobody takes it for damaged.
        with pytest.raises(InputError, match="database is locked"):
            open_library(path)
        assert set_aside(path) == ()
    assert library.rows("here") == (kept,)


def test_a_copy_that_cannot_be_made_is_told_and_the_scenario_is_kept(tmp_path: Path) -> None:
    library = Library(tmp_path / "library.sqlite")
    library.copy.unlink()
    library.copy.mkdir()  # nothing can be put in its place
    os.utime(library.copy, (0.0, 0.0))
    kept = library.add("here", ONE, "", MONDAY, "key")
    assert library.rows("here") == (kept,)
    assert "no new copy of the library could be made" in library.no_copy
    library.copy.rmdir()
    library.add("here", OTHER, "", MONDAY, "key")
    assert library.no_copy == ""


FULL = """
import resource, signal, sys
from pathlib import Path
from data.errors import InputError
from scenarios.edits.facilities import CloseFacility
from scenarios.edits.scenario import Scenario
from scenarios.library import open_library
library = open_library(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, 120_000))
try:
    for number in range(1000):
        one = Scenario("one", "a" * 2000, (CloseFacility("one"),))
        print(library.add("here", one, "", "2026-11-30", "key").id, flush=True)
except InputError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
def test_a_full_disk_loses_nothing_that_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", FULL, str(path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    *ids, said = done.stdout.splitlines()
    assert len(ids) > 5
    assert "the library of scenarios cannot be used" in said
    library = open_library(path)
    assert {row.id for row in library.rows("here")} == set(ids)
    assert set_aside(path) == ()
    library.add("here", ONE, "", MONDAY, "key")


def test_a_library_that_is_full_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        module, "LIBRARY_SCENARIOS", Limit(LIBRARY_SCENARIOS.what, 1, LIBRARY_SCENARIOS.instead)
    )
    library = Library(tmp_path / "library.sqlite")
    kept = library.add("here", ONE, "", MONDAY, "key")
    with pytest.raises(InputError, match="2 scenarios, deleted ones included, and at most 1 can be used"):
        library.add("here", OTHER, "", MONDAY, "key")
    library.save(kept, OTHER, "", MONDAY, "key")  # what is there can still be changed
