"""Everything that can go wrong and that a user can mend.

The tree::

    DorpshubError            say what is wrong, where, and what to do
    ├── InputError           a file, row or option that cannot be used as it is
    │   └── RegionError      a region folder or its region.toml
    └── ScenarioError        a scenario or one of its edits
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

MOST_LIKE = 3


class DorpshubError(Exception):
    """A mistake in the input that the user can mend; its message is shown as it is."""


class InputError(DorpshubError):
    """A file, a row of a file or an option cannot be used as it is."""


class RegionError(InputError):
    """A region is unknown, incomplete or contradicts itself."""


class ScenarioError(DorpshubError):
    """A scenario or one of its edits does not fit the region."""


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Right words like a wrong one, the likest first, or those that begin with it; a few at most."""
    by_small = {name.casefold(): name for name in known}
    small = word.strip().casefold()
    near = get_close_matches(small, by_small, MOST_LIKE)
    near = near or [name for name in by_small if small and name.startswith(small)][:MOST_LIKE]
    return [by_small[name] for name in near]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question with the right words nearest to a wrong one, behind a blank; "" where none is near."""
    near = nearest(word, known)
    return f" Did you mean {' or '.join(near)}?" if near else ""


def no_file(path: Path) -> str:
    """Say that there is no such file, with the nearest names in its folder."""
    if path.is_dir():
        return f"{path}: this is a folder; name a file in it."
    if not path.parent.is_dir():
        return f"{path}: there is no such file, as there is no folder {path.parent}."
    there: list[str] = []
    with suppress(OSError):  # a folder that may not be looked into
        there = [one.name for one in path.parent.iterdir() if one.is_file()]
    return f"{path}: there is no such file.{did_you_mean(path.name, there) or ' Check its name.'}"
