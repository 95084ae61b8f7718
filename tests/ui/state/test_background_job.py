"""Long work of visitors: one at a time, so many of one visitor, and what is not wanted any more makes room."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from threading import Event
from types import SimpleNamespace

import pytest

from data.limits import ALL_SEARCHES, VISITOR_SEARCHES
from scenarios.placement.incumbent import Step
from ui.state import background_job, presence
from ui.state.background_job import Job, OnProgress

SOON_S = 20.0
STEP = Step(1.0, 1.0, 0.0)


@pytest.fixture
def go_on() -> Iterator[Event]:
    """Until it is set, the first job is under way."""
    event = Event()
    yield event
    event.set()


def visitor(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(background_job, "_visitor", lambda: name)


def begin(go_on: Event) -> Job[int]:
    job = Job("question", lambda _: int(go_on.wait(SOON_S)))
    job.start()
    return job


def test_a_visitor_has_so_many_searches_and_another_is_not_in_the_way(
    go_on: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor(monkeypatch, "Anna")
    jobs = [begin(go_on) for _ in range(int(VISITOR_SEARCHES.most))]
    refused = begin(go_on)
    assert refused.is_over
    assert "You: 5 searches at the same time, and at most 4 can be used." in str(refused.error)
    visitor(monkeypatch, "Ben")
    jobs.append(begin(go_on))
    assert jobs[-1].error is None
    assert [job.is_over for job in jobs] == [False] * 5
    go_on.set()
    for job in jobs:
        job.join(SOON_S)
    assert [job.result for job in jobs] == [1] * 5
    assert begin(go_on).error is None  # there is room again


def test_all_together_have_so_many(go_on: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = []
    for number in range(int(ALL_SEARCHES.most) + 1):
        visitor(monkeypatch, f"visitor {number}")
        jobs.append(begin(go_on))
    assert [job.error is None for job in jobs] == [True] * int(ALL_SEARCHES.most) + [False]
    assert "Everybody together: 21 searches" in str(jobs[-1].error)
    for job in jobs:
        job.stop()
    go_on.set()
    for job in jobs[:-1]:
        job.join(SOON_S)


def test_a_search_that_is_stopped_while_it_waits_ends_without_its_turn(
    go_on: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor(monkeypatch, "Anna")
    first, second = begin(go_on), begin(go_on)
    second.stop()
    second.join(SOON_S)
    assert (second.is_over, second.result) == (True, None)
    assert not first.is_over
    go_on.set()
    first.join(SOON_S)


def test_what_a_search_worked_with_is_let_go_of_when_it_is_over() -> None:
    # A visit keeps the job for its answer; the tables it was made from may take a hundred MB.
    class Table:
        pass

    table = Table()
    gone = weakref.ref(table)

    def work(_: OnProgress, table: Table = table) -> int:
        return 1 if table else 0

    job = Job("question", work)
    del table, work
    job.start()
    job.join(SOON_S)
    assert job.result == 1
    assert gone() is None


def test_the_search_of_a_visit_that_left_makes_room_and_one_that_was_away_shortly_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A phone that is locked for a minute is no visitor who left; one that is away for longer than Streamlit keeps a visit is.
    there, now_s = [True], [0.0]
    monkeypatch.setattr(presence, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id="visit"))
    monkeypatch.setattr(
        presence,
        "Runtime",
        SimpleNamespace(
            exists=lambda: True, instance=lambda: SimpleNamespace(is_active_session=lambda _: there[0])
        ),
    )
    monkeypatch.setattr(presence, "time", SimpleNamespace(monotonic=lambda: now_s[0]))
    visit = presence.Presence()
    away = [(True, 0.0), (False, 100.0), (True, 119.0), (False, 238.0), (False, 240.0)]
    seen = []
    for there[0], now_s[0] in away:
        seen.append(visit.has_left)
    assert seen == [False, False, False, False, True]

    wanted: list[bool] = []

    def work(on_progress: OnProgress) -> int:
        wanted.append(on_progress(STEP))
        now_s[0] += presence.LEFT_S + 1
        wanted.append(on_progress(STEP))
        return 1

    job = Job("question", work)
    job.start()
    job.join(SOON_S)
    assert wanted == [True, False]
