"""What is kept is opened as it was made; what is damaged, of another version or unused for long is made anew or goes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from data.build_report import BuildReport
from data.columns import Floats
from data.files import kept as module
from data.files.kept import VERSION, kept
from data.files.whole import DIGEST, write_folder


class Made(NamedTuple):
    minutes: Floats
    name: str


class Maker:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Made:
        self.times += 1
        return Made(np.arange(1000.0), "valley")


def told(report: BuildReport) -> list[str]:
    return [f"{found.layer}: {found.what}" for found in report.findings]


def test_the_second_time_it_is_opened_and_not_made(tmp_path: Path) -> None:
    make = Maker()
    first, _ = kept(Made, tmp_path, "key", make)
    second, report = kept(Made, tmp_path, "key", make)
    assert make.times == 1
    assert second.minutes.tolist() == first.minutes.tolist()
    assert second.name == "valley"
    assert told(report) == []


def test_another_key_and_no_cache_make_anew(tmp_path: Path) -> None:
    make = Maker()
    kept(Made, tmp_path, "key", make)
    kept(Made, tmp_path, "other", make)
    kept(Made, None, "key", make)
    assert make.times == 3


def cut_short(folder: Path) -> None:
    file = folder / "minutes.npy"
    file.write_bytes(file.read_bytes()[:-8])


def one_bit(folder: Path) -> None:
    file = folder / "minutes.npy"
    bytes_ = bytearray(file.read_bytes())
    bytes_[-3] ^= 1
    file.write_bytes(bytes_)


def no_manifest(folder: Path) -> None:
    (folder / DIGEST).unlink()


def nonsense(folder: Path) -> None:
    (folder / DIGEST).write_text("[]")


@pytest.mark.parametrize("damage", [cut_short, one_bit, no_manifest, nonsense])
def test_what_is_damaged_is_made_anew_and_told_once(damage: object, tmp_path: Path) -> None:
    assert callable(damage)
    make = Maker()
    kept(Made, tmp_path, "key", make)
    damage(tmp_path / "key")
    again, report = kept(Made, tmp_path, "key", make)
    assert again.minutes.tolist() == list(range(1000))
    assert told(report) == ["cache: kept networks that were damaged"]
    assert told(kept(Made, tmp_path, "key", make)[1]) == []
    assert make.times == 2


def _older(folder: Path) -> None:
    (folder / VERSION).write_text("older")


def test_what_another_version_made_is_made_anew_and_told(tmp_path: Path) -> None:
    make = Maker()
    kept(Made, tmp_path, "key", make)
    shutil.rmtree(tmp_path / "key")
    write_folder(tmp_path / "key", _older)
    _, report = kept(Made, tmp_path, "key", make)
    assert told(report) == ["cache: kept networks of another version of this program"]


def test_where_nothing_can_be_written_it_is_made_and_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way of the folder")
    made, report = kept(Made, tmp_path / "file", "key", Maker())
    assert made.name == "valley"
    assert told(report) == ["cache: networks that could not be kept"]


def test_what_was_used_longest_ago_goes_where_there_is_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, key in enumerate(["old", "used", "new"]):
        kept(Made, tmp_path, key, Maker())
        os.utime(tmp_path / key, (1e9 + number, 1e9 + number))
    monkeypatch.setattr(module, "MOST_DAYS", 1e6)
    kept(Made, tmp_path, "old", Maker())  # used again, now
    # Each takes more than 8,000 bytes (a thousand numbers of eight bytes); two and the next fit, three and the next do not.
    monkeypatch.setattr(module, "MOST_BYTES", 27_000)
    kept(Made, tmp_path, "next", Maker())
    assert {folder.name for folder in tmp_path.iterdir()} == {"old", "new", "next"}


def test_what_was_not_used_for_months_goes(tmp_path: Path) -> None:
    kept(Made, tmp_path, "old", Maker())
    os.utime(tmp_path / "old", (1e9, 1e9))
    kept(Made, tmp_path, "new", Maker())
    assert {folder.name for folder in tmp_path.iterdir()} == {"new"}
