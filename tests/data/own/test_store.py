"""Where regions with files of visitors are kept: names that cannot be guessed or abused, undo, and what is swept."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import InputError
from data.own import store
from data.own.store import DAY_S, NAME, OwnRegions


class Clock:
    """A clock that is moved by hand, beginning now."""

    def __init__(self) -> None:
        import time  # noqa: PLC0415 - files get the time of the machine, so the clock begins there

        self.seconds = time.time()

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def own(tmp_path: Path, clock: Clock) -> OwnRegions:
    return OwnRegions(tmp_path / "regions", clock)


def kept(own: OwnRegions) -> str:
    """Name of a new region."""
    whole = own.begin() / "region"
    whole.mkdir()
    (whole / "region.toml").write_text("")
    return own.keep(whole)


def test_names_are_long_random_and_only_of_what_is_there(own: OwnRegions) -> None:
    names = {kept(own) for _ in range(3)}
    assert len(names) == 3
    assert all(NAME.fullmatch(name) for name in names)
    assert {own.folder(name) for name in names} == {own.home / name for name in names}
    assert own.folder("own-" + "0" * 32) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../outside",
        "/etc",
        "own-../outside",
        "own-" + "0" * 31 + "/",
        "own-" + "0" * 32 + "/../outside",
        "own-" + "0" * 32 + "\n",
        "own-" + "A" * 32,
        "own-" + "0" * 100_000,
        ".removed-own-" + "0" * 32,
        "own-\x00" + "0" * 31,
    ],
)
def test_hostile_names_are_no_regions(own: OwnRegions, name: str) -> None:
    outside = own.home.parent / "outside"
    for folder in (outside, own.home / "own-..", own.home):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "region.toml").write_text("")
    assert own.folder(name) is None
    assert not own.remove(name)
    assert not own.is_removed(name)
    assert not own.restore(name)
    assert (outside / "region.toml").is_file()


def test_what_is_removed_is_out_of_reach_and_comes_back(own: OwnRegions) -> None:
    name = kept(own)
    assert own.remove(name)
    assert own.folder(name) is None
    assert own.is_removed(name)
    assert own.restore(name)
    assert own.folder(name) == own.home / name
    assert not own.restore(name)  # there is nothing left to bring back


def test_what_nobody_opens_is_swept_and_what_is_opened_stays(own: OwnRegions, clock: Clock) -> None:
    forgotten, removed = kept(own), kept(own)
    draft = own.begin()
    own.remove(removed)
    clock.seconds += 2 * DAY_S  # a draft is kept for a day
    own.sweep()
    assert not draft.exists()
    assert own.is_removed(removed)
    clock.seconds += 30 * DAY_S
    own.sweep()
    assert not own.is_removed(removed)
    assert own.folder(forgotten) is not None
    clock.seconds += 150 * DAY_S  # 182 days in all since it was opened
    own.sweep()
    assert own.folder(forgotten) is None


def test_nothing_else_in_the_folder_is_ever_swept(own: OwnRegions, clock: Clock) -> None:
    other = own.home / "my-photographs"
    other.mkdir(parents=True)
    clock.seconds += 10_000 * DAY_S
    own.sweep()
    assert other.is_dir()


def test_there_is_room_for_so_many_and_then_the_visitor_is_told(
    own: OwnRegions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_REGIONS", 2)
    names = [kept(own), kept(own)]
    with pytest.raises(InputError, match="no room"):
        own.begin()
    own.remove(names[0])
    assert own.begin().is_dir()
    monkeypatch.setattr(store, "MOST_BYTES", 10)
    (own.home / names[1] / "large").write_bytes(b"0" * 11)
    with pytest.raises(InputError, match="no room"):
        own.begin()
