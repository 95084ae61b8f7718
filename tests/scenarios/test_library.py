"""The library of scenarios: nobody overwrites anybody, and nothing is lost."""

from __future__ import annotations

import multiprocessing
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import InputError, ScenarioError
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from scenarios.library import MOST_EARLIER, SCHEMA, Library, new_key

ONE = Scenario("Hub in Exloo", "voor de raad", (PlaceHub(place_id="exloo", kinds=("gp",)),))
OTHER = Scenario("Hub in Valthe", "", (PlaceHub(place_id="valthe", kinds=("gp",)),))
MONDAY, TUESDAY = "2026-10-05T09:00:00", "2026-10-06T09:00:00"
ANNAS, BENS = "anna" * 10, "ben" * 14
"""Their keys."""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "deep" / "library.sqlite")


def test_what_was_kept_comes_back_with_name_note_author_and_dates(library: Library) -> None:
    kept = library.add("here", ONE, "Anna", MONDAY, ANNAS)
    assert Library(library.path).rows("here") == (kept,)
    assert (kept.scenario, kept.author, kept.created, kept.version) == (ONE, "Anna", MONDAY, 1)
    assert library.rows("elsewhere") == ()


def test_the_last_changed_comes_first(library: Library) -> None:
    first, second = (
        library.add("here", ONE, "", MONDAY, ANNAS),
        library.add("here", OTHER, "", TUESDAY, ANNAS),
    )
    assert [row.id for row in library.rows("here")] == [second.id, first.id]


def test_saving_keeps_the_row_and_counts_the_version(library: Library) -> None:
    kept = library.add("here", ONE, "Anna", MONDAY, ANNAS)
    saved = library.save(kept, OTHER, "Anna", TUESDAY, ANNAS)
    assert (saved.id, saved.version, saved.created, saved.changed) == (kept.id, 2, MONDAY, TUESDAY)
    assert library.rows("here") == (saved,)


def test_anyone_who_saves_over_what_was_saved_meanwhile_with_the_same_key_gets_a_row_of_his_own(
    library: Library,
) -> None:
    read_by_both = library.add("here", ONE, "Anna", MONDAY, ANNAS)
    by_anna = library.save(read_by_both, OTHER, "Anna", TUESDAY, ANNAS)
    by_ben = library.save(read_by_both, ONE, "Ben", TUESDAY, ANNAS)
    assert by_ben.id != by_anna.id
    assert {row.id: row.scenario for row in library.rows("here")} == {by_anna.id: OTHER, by_ben.id: ONE}


def test_saving_what_another_has_deleted_loses_nothing(library: Library) -> None:
    kept = library.add("here", ONE, "Anna", MONDAY, ANNAS)
    library.delete(kept.id, ANNAS)
    assert library.save(kept, OTHER, "Ben", TUESDAY, ANNAS).id != kept.id
    assert [row.scenario for row in library.rows("here")] == [OTHER]


def test_deleting_can_be_undone(library: Library) -> None:
    kept = library.add("here", ONE, "", MONDAY, ANNAS)
    library.delete(kept.id, ANNAS)
    assert (library.rows("here"), library.get(kept.id)) == ((), None)
    library.restore(kept.id, ANNAS)
    assert library.get(kept.id) == kept


def test_many_at_once_lose_nothing(library: Library) -> None:
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda number: library.add("here", ONE, str(number), MONDAY, ANNAS), range(40)))
    assert {row.id for row in library.rows("here")} == {row.id for row in rows}


def test_only_the_owner_changes_deletes_and_restores(library: Library) -> None:
    kept = library.add("here", ONE, "Anna", MONDAY, ANNAS)
    for refused in (
        lambda: library.save(kept, OTHER, "Ben", TUESDAY, BENS),
        lambda: library.delete(kept.id, BENS),
        lambda: library.delete(kept.id, ""),
    ):
        with pytest.raises(ScenarioError, match="only its owner"):
            refused()
    assert library.get(kept.id) == kept
    library.delete(kept.id, ANNAS)
    with pytest.raises(ScenarioError, match="only its owner"):
        library.restore(kept.id, BENS)
    assert library.get(kept.id) is None
    assert library.deleted("here", {kept.id: BENS}) == library.deleted("elsewhere", {kept.id: ANNAS}) == ()
    assert library.deleted("here", {kept.id: ANNAS}) == (kept,)


def test_an_owner_made_up_by_whoever_saves_does_not_pass(library: Library) -> None:
    kept = library.add("here", ONE, "Anna", MONDAY, ANNAS)
    bens = library.add("here", OTHER, "Ben", MONDAY, BENS)
    # Ben says that Anna's row is his: it stays as it was, and what he saved is a row of his own.
    saved = library.save(replace(kept, owner=bens.owner), OTHER, "Ben", TUESDAY, BENS)
    assert saved.id not in {kept.id, bens.id}
    assert library.get(kept.id) == kept
    assert library.earlier(kept) == ()


def test_what_was_saved_over_can_be_brought_back(library: Library) -> None:
    first = library.add("here", ONE, "Anna", MONDAY, ANNAS)
    second = library.save(first, OTHER, "Anna", TUESDAY, ANNAS)
    assert library.earlier(second) == (first,)
    third = library.save(second, first.scenario, first.author, TUESDAY, ANNAS)
    # Nothing is lost by bringing it back: the second one is an earlier version now.
    assert (third.scenario, third.version) == (ONE, 3)
    assert library.earlier(third) == (second, first)


def test_of_very_many_versions_the_oldest_go(library: Library) -> None:
    row = library.add("here", ONE, "", MONDAY, ANNAS)
    for _ in range(MOST_EARLIER + 5):
        row = library.save(row, ONE, "", TUESDAY, ANNAS)
    # 56 versions were there: the last one is the scenario, and of the 55 before it 50 are kept.
    assert [one.version for one in library.earlier(row)] == list(range(55, 5, -1))


def test_the_key_itself_is_nowhere_in_the_file(library: Library) -> None:
    key = new_key()
    kept = library.add("here", ONE, "Anna", MONDAY, key)
    with closing(sqlite3.connect(library.path)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    assert key.encode() not in library.path.read_bytes()
    assert kept.owner.encode() in library.path.read_bytes()
    assert kept.is_of(key)
    assert not kept.is_of(new_key())


@pytest.mark.parametrize("name", ["", "   "])
def test_a_scenario_without_a_name_is_not_kept(library: Library, name: str) -> None:
    kept = library.add("here", ONE, "", MONDAY, ANNAS)
    nameless = Scenario(name, "", ONE.edits)
    with pytest.raises(ScenarioError, match="needs a name"):
        library.add("here", nameless, "", MONDAY, ANNAS)
    with pytest.raises(ScenarioError, match="needs a name"):
        library.save(kept, nameless, "", TUESDAY, ANNAS)
    assert library.rows("here") == (kept,)


def test_a_library_of_before_there_were_owners_stays_readable_and_is_nobodys(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    content = '{"name": "Oud", "note": "", "edits": []}'
    old = SCHEMA[0].replace(", owner text not null default ''", "")
    assert old != SCHEMA[0]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(old)
        connection.execute(
            "insert into scenario values ('a', 'here', 'Oud', '', 'Anna', ?, ?, ?, 3, 0)",
            (content, MONDAY, MONDAY),
        )
    (row,) = Library(path).rows("here")
    assert (row.scenario.name, row.author, row.version, row.owner) == ("Oud", "Anna", 3, "")
    with pytest.raises(ScenarioError, match="only its owner"):
        Library(path).delete("a", "")
    # Opening it again changes nothing, and new scenarios have owners.
    kept = Library(path).add("here", ONE, "", TUESDAY, ANNAS)
    assert Library(path).rows("here") == (kept, row)


def _die_while_writing(path: str) -> None:
    import os  # noqa: PLC0415
    import sqlite3  # noqa: PLC0415

    connection = sqlite3.connect(path)
    connection.execute("begin immediate")
    connection.execute("update scenario set name = 'half'")
    os._exit(1)


def test_a_crash_while_writing_leaves_what_was_there(library: Library) -> None:
    kept = library.add("here", ONE, "", MONDAY, ANNAS)
    process = multiprocessing.get_context("spawn").Process(
        target=_die_while_writing, args=(str(library.path),)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 1
    assert Library(library.path).rows("here") == (kept,)


def test_text_is_never_taken_for_a_command(library: Library) -> None:
    nasty = Scenario("'; drop table scenario; --", '"', ONE.edits)
    kept = library.add("here", nasty, "x' or '1'='1", MONDAY, ANNAS)
    assert library.rows("here") == (kept,)


def test_a_file_that_is_no_library_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"this is no database, but long enough to be looked at as one" * 20)
    with pytest.raises(InputError, match=r"library\.sqlite"):
        Library(path)


def test_a_file_that_is_damaged_later_is_said_in_a_sentence(library: Library) -> None:
    library.add("here", ONE, "", MONDAY, ANNAS)
    library.path.write_bytes(b"this is no database, but long enough to be looked at as one" * 20)
    library.path.with_name("library.sqlite-wal").unlink(missing_ok=True)
    with pytest.raises(InputError, match=r"library\.sqlite: the library of scenarios cannot be used"):
        library.rows("here")


@pytest.mark.parametrize(
    "damage", ["'{\"edits\": 3}'", "cast(x'7bff' as text)"], ids=["no scenario", "no UTF-8"]
)
def test_a_row_that_cannot_be_read_is_told_by_name_and_the_others_are_there(
    library: Library, damage: str
) -> None:
    bad, good = (library.add("here", one, "Aa", MONDAY, ANNAS) for one in (ONE, OTHER))
    with closing(sqlite3.connect(library.path)) as database, database:
        database.execute(f"update scenario set content = {damage} where id = ?", (bad.id,))  # noqa: S608
        before = database.execute("select hex(content) from scenario where id = ?", (bad.id,)).fetchone()
    assert library.rows("here") == (good,)
    (told,) = library.damaged("here")
    assert (told.id, told.name) == (bad.id, "Hub in Exloo")
    assert library.damaged("elsewhere") == ()
    # Who asks for that one is told where it stands; it is not deleted, changed or made another's.
    says = rf"library\.sqlite: the scenario {bad.id} \('Hub in Exloo'\) in the library is damaged"
    with pytest.raises(InputError, match=says):
        library.get(bad.id)
    with pytest.raises(InputError, match=says):
        library.delete(bad.id, ANNAS)
    with closing(sqlite3.connect(library.path)) as database:
        after = database.execute("select hex(content) from scenario where id = ?", (bad.id,)).fetchone()
    assert after == before


def test_an_earlier_version_that_cannot_be_read_leaves_the_others(library: Library) -> None:
    first = library.add("here", ONE, "Anna", MONDAY, ANNAS)
    second = library.save(first, OTHER, "Anna", TUESDAY, ANNAS)
    third = library.save(second, ONE, "Anna", TUESDAY, ANNAS)
    with closing(sqlite3.connect(library.path)) as database, database:
        database.execute("update earlier set content = '' where version = 1")
    assert library.earlier(third) == (second,)
    assert [one.id for one in library.damaged_versions(third)] == [first.id]


def test_a_library_whose_columns_are_of_a_type_that_is_no_text_is_refused(library: Library) -> None:
    with closing(sqlite3.connect(library.path)) as database:
        database.execute("pragma journal_mode = delete")
    content = library.path.read_bytes()
    assert content.count(b"author text") == 2  # a column of both tables
    library.path.write_bytes(content.replace(b"author text", b"author \xdbext"))
    with pytest.raises(InputError, match=r"library\.sqlite: the library of scenarios cannot be used"):
        Library(library.path)


def test_a_library_that_does_not_fit_together_is_refused_when_it_is_opened(library: Library) -> None:
    library.add("here", ONE, "Aa", MONDAY, ANNAS)
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
