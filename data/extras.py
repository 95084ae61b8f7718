"""Libraries that come with an extra of the package, and what is said where one is asked for that was not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from data.errors import InputError

LIBRARIES = {
    "app": ("streamlit",),
    "paper": ("typst", "segno"),
    "graphs": ("osmnx", "networkx"),
    "dask": ("distributed",),
    "rounds": ("ortools",),
}
"""What each extra installs, as it is imported."""


def installed(extra: str) -> bool:
    """Whether all libraries of an extra are there; none of them is loaded."""
    return all(find_spec(name) is not None for name in LIBRARIES[extra])


@contextmanager
def of_extra(extra: str) -> Iterator[None]:
    """Import libraries of an extra inside.

    Raises
    ------
    InputError
        When one of them is not installed.

    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in LIBRARIES[extra]:
            raise
        msg = f"This needs {error.name}, which the base leaves out: pip install 'dorpshub[{extra}]'."
        raise InputError(msg) from error
