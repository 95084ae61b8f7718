"""The library of scenarios: nobody overwrites anybody, and nothing is lost."""

from __future__ import annotations

import multiprocessing
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from data.errors import InputError
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from scenarios.library import Library

ONE = Scenario("Hub in Exloo", "voor de raad", (PlaceHub(place_id="exloo", kinds=("gp",)),))
OTHER = Scenario("Hub in Valthe", "", (PlaceHub(place_id="valthe", kinds=("gp",)),))
MONDAY, TUESDAY = "2026-10-05T09:00:00", "2026-10-06T09:00:00"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "deep" / "library.sqlite")


def test_what_was_kept_comes_back_with_name_note_author_and_dates(library: Library) -> None:
    kept = library.add("here", ONE, "Anna", MONDAY)
    assert Library(library.path).rows("here") == (kept,)
    assert (kept.scenario, kept.author, kept.created, kept.version) == (ONE, "Anna", MONDAY, 1)
    assert library.rows("elsewhere") == ()


def test_the_last_changed_comes_first(library: Library) -> None:
    first, second = library.add("here", ONE, "", MONDAY), library.add("here", OTHER, "", TUESDAY)
    assert [row.id for row in library.rows("here")] == [second.id, first.id]


def test_saving_keeps_the_row_and_counts_the_version(library: Library) -> None:
    kept = library.add("here", ONE, "Anna", MONDAY)
    saved = library.save(kept, OTHER, "Anna", TUESDAY)
    assert (saved.id, saved.version, saved.created, saved.changed) == (kept.id, 2, MONDAY, TUESDAY)
    assert library.rows("here") == (saved,)


def test_anyone_who_saves_over_what_another_has_saved_gets_a_row_of_his_own(library: Library) -> None:
    read_by_both = library.add("here", ONE, "Anna", MONDAY)
    by_anna = library.save(read_by_both, OTHER, "Anna", TUESDAY)
    by_ben = library.save(read_by_both, ONE, "Ben", TUESDAY)
    assert by_ben.id != by_anna.id
    assert {row.id: row.scenario for row in library.rows("here")} == {by_anna.id: OTHER, by_ben.id: ONE}


def test_saving_what_another_has_deleted_loses_nothing(library: Library) -> None:
    kept = library.add("here", ONE, "Anna", MONDAY)
    library.delete(kept.id)
    assert library.save(kept, OTHER, "Ben", TUESDAY).id != kept.id
    assert [row.scenario for row in library.rows("here")] == [OTHER]


def test_deleting_can_be_undone(library: Library) -> None:
    kept = library.add("here", ONE, "", MONDAY)
    library.delete(kept.id)
    assert (library.rows("here"), library.get(kept.id)) == ((), None)
    library.restore(kept.id)
    assert library.get(kept.id) == kept


def test_many_at_once_lose_nothing(library: Library) -> None:
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda number: library.add("here", ONE, str(number), MONDAY), range(40)))
    assert {row.id for row in library.rows("here")} == {row.id for row in rows}


def _die_while_writing(path: str) -> None:
    import os  # noqa: PLC0415
    import sqlite3  # noqa: PLC0415

    connection = sqlite3.connect(path)
    connection.execute("begin immediate")
    connection.execute("update scenario set name = 'half'")
    os._exit(1)


def test_a_crash_while_writing_leaves_what_was_there(library: Library) -> None:
    kept = library.add("here", ONE, "", MONDAY)
    process = multiprocessing.get_context("spawn").Process(
        target=_die_while_writing, args=(str(library.path),)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 1
    assert Library(library.path).rows("here") == (kept,)


def test_text_is_never_taken_for_a_command(library: Library) -> None:
    nasty = Scenario("'; drop table scenario; --", '"', ONE.edits)
    kept = library.add("here", nasty, "x' or '1'='1", MONDAY)
    assert library.rows("here") == (kept,)


def test_a_file_that_is_no_library_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"this is no database, but long enough to be looked at as one" * 20)
    with pytest.raises(InputError, match=r"library\.sqlite"):
        Library(path)


def test_a_row_that_cannot_be_read_is_named(library: Library) -> None:
    library.add("here", ONE, "Aa", MONDAY)
    with closing(sqlite3.connect(library.path)) as database, database:
        database.execute("update scenario set content = ?", ('{"edits": 3}',))
    with pytest.raises(InputError, match=r"the scenario '.*' \([0-9a-f]{32}\) in the library is damaged"):
        library.rows("here")


def test_a_library_that_does_not_fit_together_is_refused_when_it_is_opened(library: Library) -> None:
    library.add("here", ONE, "Aa", MONDAY)
    with closing(sqlite3.connect(library.path)) as database:
        database.execute("pragma journal_mode = delete")
        (page,) = database.execute("select rootpage from sqlite_master where type = 'index'").fetchone()
        (size,) = database.execute("pragma page_size").fetchone()
    content = bytearray(library.path.read_bytes())
    # The last byte of a page of an index is in a key that is told there: rows would be there, and not be found.
    content[page * size - 3] ^= 1
    library.path.write_bytes(content)
    with pytest.raises(InputError, match="cannot be used"):
        Library(library.path)
