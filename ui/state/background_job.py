"""A long search in a thread of its own, of which the page tells how far it is, and which can be stopped or left."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from threading import Lock, Thread
from typing import Generic, TypeVar

from data.errors import DorpshubError
from scenarios.placement.incumbent import Step

Result = TypeVar("Result")
Tell = Callable[[Step], bool]
Work = Callable[[Tell], Result]


class Search(Generic[Result]):
    """Something that is being worked out for one visitor.

    Attributes
    ----------
    about
        What it is the answer to.
    last
        How far it is; None before anything was found.
    is_waiting, is_over
        Whether it waits for the search of another visitor, and whether there is nothing more to wait for.
    found, error
        How it ended; both None when it was stopped before anything was found.

    """

    def __init__(self, about: Hashable, work: Work[Result], one_at_a_time: Lock) -> None:
        self.about = about
        self.last: Step | None = None
        self.is_waiting, self.is_over = True, False
        self.found: Result | None = None
        self.error: DorpshubError | None = None
        self._stopped = False
        self._work, self._turn = work, one_at_a_time
        self._thread = Thread(target=self._run, name="search", daemon=True)

    def start(self) -> None:
        """Begin, as soon as no other search is under way: two cores are for the clicks of all visitors as well."""
        self._thread.start()

    def stop(self) -> None:
        """End at the next step, with the best that was found so far."""
        self._stopped = True

    def join(self, timeout_s: float) -> None:
        """Wait until it is over."""
        self._thread.join(timeout_s)

    def _tell(self, step: Step) -> bool:
        self.last = step
        return not self._stopped

    def _run(self) -> None:
        try:
            with self._turn:
                self.is_waiting = False
                if not self._stopped:
                    self.found = self._work(self._tell)
        except DorpshubError as error:
            self.error = error
        except Exception:
            logging.getLogger("dorpshub").exception("a search came to nothing")
            self.error = DorpshubError("The search broke off, and that is our mistake.")
        finally:
            self.is_over = True
