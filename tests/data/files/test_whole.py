"""What is written is there whole or not at all, whatever the disk, other programs or a kill do meanwhile."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from data.errors import InputError
from data.files import whole
from data.files.whole import (
    DIGEST,
    is_whole,
    new_folder,
    remove_folder,
    renewed,
    sweep,
    turn,
    write_file,
    write_files,
    write_folder,
)
from support.files import ROOT


def writes(text: str) -> Callable[[Path], None]:
    def write(beside: Path) -> None:
        beside.write_text(text)

    return write


def fill(text: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "inner").mkdir()
        (folder / "inner" / "a.txt").write_text(text)

    return write


def full(beside: Path) -> None:
    """What a disk does that has room for a part only."""
    target = beside / "a.txt" if beside.is_dir() else beside
    target.write_text("half")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_whole_folder_stays_and_a_damaged_one_is_made_anew_and_told(tmp_path: Path) -> None:
    target = tmp_path / "build"
    assert write_folder(target, fill("first")).findings == ()
    assert write_folder(target, fill("second")).findings == ()
    assert (target / "inner" / "a.txt").read_text() == "first"
    (target / "inner" / "a.txt").write_text("fxrst")  # as long as before
    (told,) = write_folder(target, fill("third")).findings
    assert (told.action, told.what, told.count) == ("repaired", "ready data that were damaged, made anew", 1)
    assert (target / "inner" / "a.txt").read_text() == "third"
    assert names(tmp_path) == ["build"]


@pytest.mark.parametrize("gone", [f"{DIGEST}", "inner/a.txt"])
def test_a_folder_without_its_digest_or_a_file_is_not_whole(gone: str, tmp_path: Path) -> None:
    write_folder(tmp_path / "build", fill("first"))
    # What is put into a folder later, such as the build of another day, is none of its business.
    (tmp_path / "build" / "more").mkdir()
    assert is_whole(tmp_path / "build")
    (tmp_path / "build" / gone).unlink()
    assert not is_whole(tmp_path / "build")


def test_of_a_large_folder_only_files_of_another_size_or_time_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "build"
    write_folder(target, fill("first"))
    monkeypatch.setattr(whole, "SUMMED_BYTES", 4)  # "first" has five
    monkeypatch.setattr(whole, "_sum", lambda file: pytest.fail(f"{file} is read"))
    assert is_whole(target)
    monkeypatch.undo()
    monkeypatch.setattr(whole, "SUMMED_BYTES", 4)
    file = target / "inner" / "a.txt"
    # A copy may have other times and is whole all the same; what was changed since has another sum.
    os.utime(file, (0, 0))
    assert is_whole(target)
    file.write_text("fxrst")
    assert not is_whole(target)


def test_a_full_disk_is_one_sentence_and_leaves_everything_as_it_was(tmp_path: Path) -> None:
    file, folder = tmp_path / "out.csv", tmp_path / "build"
    write_file(file, writes("before"))
    with pytest.raises(
        InputError, match=r"Cannot write .*out\.csv: No space left on device\. Everything is as it was"
    ):
        write_file(file, full)
    with pytest.raises(InputError, match="No space left on device"):
        write_folder(folder, full)
    assert file.read_text() == "before"
    assert names(tmp_path) == ["out.csv"]


def test_files_that_belong_together_are_all_new_or_none(tmp_path: Path) -> None:
    write_file(tmp_path / "a.csv", writes("old a"))
    with pytest.raises(InputError, match="No space"):
        write_files(tmp_path, {"a.csv": writes("new a"), "run.json": full})
    assert (tmp_path / "a.csv").read_text() == "old a"
    # The last name is taken by a folder, so that the others have been exchanged already when that shows.
    (tmp_path / "run.json").mkdir()
    with pytest.raises(InputError, match="Cannot write"):
        write_files(tmp_path, {"a.csv": writes("new a"), "b.csv": writes("new b"), "run.json": writes("run")})
    assert (tmp_path / "a.csv").read_text() == "old a"
    assert names(tmp_path) == ["a.csv", "run.json"]


def test_a_later_file_may_tell_of_those_before_it(tmp_path: Path) -> None:
    def describe(beside: Path) -> None:
        beside.write_text(f"a is {beside.with_name('a.csv').read_text()}")

    write_files(tmp_path, {"a.csv": writes("new"), "run.json": describe})
    assert (tmp_path / "run.json").read_text() == "a is new"


KILLED = """
import os, sys
from pathlib import Path
from data.files.whole import write_folder
def write(folder):
    (folder / "half").write_text("half")
    os.kill(os.getpid(), 9)
write_folder(Path(sys.argv[1]) / "build", write)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signal 9")
def test_what_a_killed_program_leaves_is_hidden_and_swept_at_the_next_start(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == -9
    assert all(name.startswith(".build.") for name in names(tmp_path))
    assert names(tmp_path) != []
    # Whoever has the turn is still writing: what is his stays.
    with turn(tmp_path / "build"):
        sweep(tmp_path)
        assert any(".part-" in name for name in names(tmp_path))
    sweep(tmp_path)
    assert names(tmp_path) == []


EXCHANGED = """
import os, sys
from pathlib import Path
from data.files import whole
folder, at = Path(sys.argv[1]), int(sys.argv[2])
seen = 0
def kill(event, arguments):
    global seen
    if event in ("os.rename", "os.remove"):
        seen += 1
        if seen > at:
            os.kill(os.getpid(), 9)
with whole.renewed(folder, "z.toml", ("gone.txt",)) as beside:
    for name in ("a.txt", "b.txt", "z.toml"):
        (beside / name).write_text("new")
    sys.addaudithook(kill)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signal 9")
@pytest.mark.parametrize("n_done", [0, 1, 2, 3])
def test_an_exchange_that_was_cut_short_is_finished_by_who_looks_next(n_done: int, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "gone.txt", "z.toml"):
        (tmp_path / name).write_text("old")
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", EXCHANGED, str(tmp_path), str(n_done)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == -9
    # Three files are renamed, in the order of their names and the last one last; then one goes.
    assert [(tmp_path / name).read_text() for name in ("a.txt", "b.txt", "z.toml")] == [
        "new" if number < n_done else "old" for number in range(3)
    ]
    sweep(tmp_path)
    assert {name: (tmp_path / name).read_text() for name in names(tmp_path)} == dict.fromkeys(
        ("a.txt", "b.txt", "z.toml"), "new"
    )


def test_a_block_that_fails_leaves_a_folder_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    for block in (renewed(tmp_path, "a.txt", ("b.txt",)), new_folder(tmp_path / "new")):
        with suppress(ValueError), block as beside:
            (beside / "a.txt").write_text("new")
            raise ValueError
    assert (names(tmp_path), (tmp_path / "a.txt").read_text()) == (["a.txt"], "old")


def test_what_is_removed_is_out_of_sight_at_once(tmp_path: Path) -> None:
    (tmp_path / "old" / "deep").mkdir(parents=True)
    remove_folder(tmp_path / "old")
    assert names(tmp_path) == []
    remove_folder(tmp_path / "old")  # somebody else did it already


def test_of_two_that_want_the_same_one_works_and_the_other_waits(tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()
    made: list[str] = []

    def slow(folder: Path) -> None:
        begun.set()
        go_on.wait(10)
        (folder / "a.txt").write_text("slow")
        made.append("slow")

    def quick(folder: Path) -> None:
        (folder / "a.txt").write_text("quick")
        made.append("quick")

    first = threading.Thread(target=write_folder, args=(tmp_path / "build", slow))
    second = threading.Thread(target=write_folder, args=(tmp_path / "build", quick))
    first.start()
    begun.wait(10)
    second.start()
    go_on.set()
    first.join(10)
    second.join(10)
    assert made == ["slow"]
    assert names(tmp_path) == ["build"]
