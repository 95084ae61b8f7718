"""What is worked out once for all visitors: one recipe for every cache of the app.

A result is kept by the values of the positional arguments. What is given by keyword (progress, a way to stop) is for the way
there and tells no results apart.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import update_wrapper
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeAlias, TypeVar

from accessibility.world import World
from scenarios.edits.scenario import Scenario

Asked = ParamSpec("Asked")
Result = TypeVar("Result")
WorldKey: TypeAlias = Callable[[World], Hashable]
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


class Cached(Generic[Asked, Result]):
    """A function that keeps its last results, made once even when several visitors ask at the same time.

    It must not change anything, and its result may not be None.
    """

    def __init__(
        self, function: Callable[Asked, Result], most: int, world_key: WorldKey = of_results
    ) -> None:
        update_wrapper(self, function)
        self._function, self._most, self._world_key = function, most, world_key
        self._kept: OrderedDict[Hashable, Result] = OrderedDict()
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
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def forget(self) -> None:
        """Empty the cache."""
        with self._lock:
            self._kept.clear()

    def _last(self, key: Hashable) -> Result | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)


def cached(
    most: int, world_key: WorldKey = of_results
) -> Callable[[Callable[Asked, Result]], Cached[Asked, Result]]:
    """Let a function keep its last `most` results; `world_key` says which worlds give the same."""

    def made(function: Callable[Asked, Result]) -> Cached[Asked, Result]:
        cache = Cached(function, most, world_key)
        CACHES.append(cache)
        return cache

    return made


def forget_all() -> None:
    """Empty all caches."""
    for cache in CACHES:
        cache.forget()
