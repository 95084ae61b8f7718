"""What is worked out once for all visitors: one recipe for every cache of the app.

A result is kept by the values of the positional arguments. What is given by keyword (progress, a way to stop) is for the way
there and tells no results apart.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import update_wrapper
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeAlias, TypeVar

import numpy as np

from accessibility.world import World
from scenarios.edits.scenario import Scenario

Asked = ParamSpec("Asked")
Result = TypeVar("Result")
WorldKey: TypeAlias = Callable[[World], Hashable]
UNLIMITED, MB = float("inf"), 2**20
CACHES: list[Cached[..., Any]] = []
"""All that `cached` has made, for `forget_all`."""


def of_results(world: World) -> Hashable:
    """What tells results of two worlds without scenario apart: region, its data and the code, traveller, and hours."""
    return (world.region.name, world.digest, world.traveller.id, *world.window)


def of_data(world: World) -> Hashable:
    """What tells the data of two regions apart, whoever travels and when."""
    return (world.region.name, world.digest)


def key_of(value: object, world_key: WorldKey = of_results) -> Hashable:
    """Key of a value, by what it holds: scenarios with the same changes are the same, whatever they are called.

    Raises
    ------
    TypeError
        For what Python tells apart by identity only: it would be worked out anew for every copy.

    """
    match value:
        case World():
            return world_key(value)
        case Scenario():
            return value.key
        case tuple():
            return tuple(key_of(part, world_key) for part in value)
    if type(value).__eq__ is object.__eq__ or not isinstance(value, Hashable):
        msg = f"A {type(value).__name__} has no key by value."
        raise TypeError(msg)
    return value


def array_bytes(value: object) -> int:
    """Memory of the arrays in a table, and in those within it; each once, and none that is on disk."""
    return sum({id(array): array.nbytes for array in _arrays(value)}.values())


def _arrays(value: object) -> Iterator[np.ndarray[Any, Any]]:
    """Arrays that hold the numbers of a value themselves."""
    if isinstance(value, np.ndarray):
        while isinstance(value.base, np.ndarray):
            value = value.base
        if value.base is None:
            yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for column in fields(value):
            yield from _arrays(getattr(value, column.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from _arrays(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _arrays(part)


class Cached(Generic[Asked, Result]):
    """A function that keeps its last results, made once even when several visitors ask at the same time.

    At most so many are kept, and no more than hold so many MB in arrays, but always the last one. The function must not
    change anything, and its result may not be None.
    """

    def __init__(
        self,
        function: Callable[Asked, Result],
        most: int,
        world_key: WorldKey = of_results,
        most_mb: float = UNLIMITED,
    ) -> None:
        update_wrapper(self, function)
        self._function, self._most, self._world_key = function, most, world_key
        self._most_bytes = most_mb * MB
        self._kept: OrderedDict[Hashable, Result] = OrderedDict()
        self._bytes: dict[Hashable, int] = {}
        self._turns: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def __call__(self, *args: Asked.args, **kwargs: Asked.kwargs) -> Result:
        """Take the result from the cache, or work it out."""
        key = key_of(args, self._world_key)
        if (found := self._last(key)) is not None:
            return found
        with self._lock:
            turn = self._turns.setdefault(key, Lock())
        with turn:
            try:
                found = self._last(key)
                return self.renew(*args, **kwargs) if found is None else found
            finally:
                self._turns.pop(key, None)

    def known(self, *args: object) -> Result | None:
        """Return the result if it is there."""
        return self._last(key_of(args, self._world_key))

    def renew(self, *args: Asked.args, **kwargs: Asked.kwargs) -> Result:
        """Work the result out anew; the one that was asked for longest ago makes room for it."""
        key, made = key_of(args, self._world_key), self._function(*args, **kwargs)
        taken = array_bytes(made) if self._most_bytes < UNLIMITED else 0
        with self._lock:
            self._kept[key], self._bytes[key] = made, taken
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and self._is_too_much():
                del self._bytes[self._kept.popitem(last=False)[0]]
        return made

    def _is_too_much(self) -> bool:
        return len(self._kept) > self._most or sum(self._bytes.values()) > self._most_bytes

    def forget(self) -> None:
        """Empty the cache."""
        with self._lock:
            self._kept.clear()
            self._bytes.clear()

    def _last(self, key: Hashable) -> Result | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)


def cached(
    most: int, world_key: WorldKey = of_results, *, most_mb: float = UNLIMITED
) -> Callable[[Callable[Asked, Result]], Cached[Asked, Result]]:
    """Let a function keep its last `most` results, in at most so many MB; `world_key` says which worlds give the same."""

    def made(function: Callable[Asked, Result]) -> Cached[Asked, Result]:
        cache = Cached(function, most, world_key, most_mb)
        CACHES.append(cache)
        return cache

    return made


def forget_all() -> None:
    """Empty all caches."""
    for cache in CACHES:
        cache.forget()
