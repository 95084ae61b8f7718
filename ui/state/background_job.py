"""Long work in a thread of its own, of which the page tells how far it is, and which can be stopped; who leaves, stops it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from itertools import count
from secrets import token_hex
from threading import Lock, Thread
from typing import Generic, TypeAlias, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.errors import DorpshubError, InputError
from data.limits import ALL_SEARCHES, VISITOR_SEARCHES
from data.memory import sweep_heaps
from scenarios.placement.incumbent import Step
from ui.state.presence import Presence

Result = TypeVar("Result")
OnProgress: TypeAlias = Callable[[Step], bool]
"""Told how far the work is; says whether it should go on."""
NUMBERS = count()
ONE_AT_A_TIME = Lock()
"""Lets only one job run: the other core is for everybody's clicks."""
LOOK_S = 0.5
"""How often a job that waits looks whether it is still wanted."""
UNDER_WAY: dict[int, str] = {}
"""Jobs that run or wait, by their number: whose they are."""
COUNTING = Lock()
VISITOR = "searching-visitor"


class Job(Generic[Result]):
    """Something that is being worked out for one visitor.

    Attributes
    ----------
    number
        Another for every job.
    about
        What it is the answer to.
    step
        How far it is; None before anything was found.
    is_waiting, is_over
        Whether it waits for the job of another visitor, and whether there is nothing more to wait for.
    result, error
        How it ended; both None when it was stopped before anything was found.

    """

    def __init__(self, about: Hashable, work: Callable[[OnProgress], Result]) -> None:
        self.number, self.about = next(NUMBERS), about
        self.step: Step | None = None
        self.is_waiting, self.is_over = True, False
        self.result: Result | None = None
        self.error: DorpshubError | None = None
        self._stopped = False
        self._presence = Presence()
        self._work: Callable[[OnProgress], Result] | None = work
        self._thread = Thread(target=self._run, name="job", daemon=True)

    def start(self) -> None:
        """Begin, as soon as no other job is under way; end at once, with an error, where there are too many."""
        visitor = _visitor()
        try:
            with COUNTING:
                whose = [*UNDER_WAY.values(), visitor]
                VISITOR_SEARCHES.refuse_beyond("You", whose.count(visitor))
                ALL_SEARCHES.refuse_beyond("Everybody together", len(whose))
                UNDER_WAY[self.number] = visitor
        except InputError as error:
            self.error, self.is_over = error, True
            return
        self._thread.start()

    def stop(self) -> None:
        """End at the next step, with the best that was found so far."""
        self._stopped = True

    def join(self, timeout_s: float) -> None:
        """Wait until it is over."""
        self._thread.join(timeout_s)

    @property
    def _is_wanted(self) -> bool:
        return not (self._stopped or self._presence.has_left)

    def _on_progress(self, step: Step) -> bool:
        self.step = step
        return self._is_wanted

    def _run(self) -> None:
        try:
            with self._turn():
                self.is_waiting = False
                if self._is_wanted and self._work is not None:
                    self.result = self._work(self._on_progress)
        except DorpshubError as error:
            self.error = error
        except Exception:
            logging.getLogger("dorpshub").exception("a job came to nothing")
            self.error = DorpshubError("The search broke off, and that is our mistake.")
        finally:
            # The visit keeps the job for its result; what that was made from is let go of.
            self._work = None
            UNDER_WAY.pop(self.number, None)
            self.is_over = True
            sweep_heaps()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait until no other job runs, or this one is not wanted any more."""
        has_it = False
        while self._is_wanted and not has_it:
            has_it = ONE_AT_A_TIME.acquire(timeout=LOOK_S)
        try:
            yield
        finally:
            if has_it:
                ONE_AT_A_TIME.release()


def _visitor() -> str:
    """Which visit asks; "" where nobody does."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ""
    return str(st.session_state.setdefault(VISITOR, token_hex(8)))


def about(job: Job[Result] | None, what: Hashable) -> Job[Result] | None:
    """Return a job if it is about this very thing."""
    return job if job is not None and job.about == what else None
