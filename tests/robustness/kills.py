"""Programs that write are killed at any moment: nothing that was told is lost, nothing is half-written, nothing is left over.

PYTHONPATH=.:tests python -m robustness.kills [--kills 300] [--seed 1] [--only WORD] [--out docs/robustness.md]

Every second kill comes after a share of the time that the work takes, the others at one of the moments at which it opens a
file for writing, renames or removes one: those are few and short, and there a kill hurts most. Both are drawn by a seeded hand.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from robustness.acts import ACTS, restore

from support.live_server import Server, serve
from support.toys.live_world import put_online

BEGIN, END = "<!-- written by make kills -->", "<!-- end of what make kills writes -->"
PATIENCE_S = 600.0
EVENTS = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link")


class Tally(NamedTuple):
    """What came of the kills of one act: how many there were, how many at a write, and what went wrong."""

    act: str
    kills: int
    at_writes: int
    failed: list[str]


class Length(NamedTuple):
    """How long the work takes that nobody kills: seconds, and moments at which it writes."""

    seconds: float
    n_events: int


def _watch(on_event: Callable[[int], None]) -> None:
    """Call `on_event` with the number of each moment at which this process writes."""
    seen = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        opens = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
        if opens or event in EVENTS:
            seen += 1
            on_event(seen)

    sys.addaudithook(hook)


def _teller(folder: Path) -> Callable[[str], None]:
    """Writes what is told where a kill cannot reach it any more."""
    path = folder.with_name("told.txt")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    return lambda text: [None, None][os.write(handle, f"{text}\n".encode()) > 0]


def _work(number: int, folder: Path, at_event: int) -> None:
    """Do the work of an act; end at one of its writes, unless that is 0."""
    _quiet(folder)
    if at_event:
        _watch(lambda seen: os.kill(os.getpid(), signal.SIGKILL) if seen == at_event else None)
    ACTS[number].do(folder, _teller(folder))


def _measure(number: int, folder: Path, found: Any) -> None:
    """Do the work to its end and put its length into a queue."""
    _quiet(folder)
    events = [0]
    _watch(lambda seen: events.__setitem__(0, seen))
    begun = time.monotonic()
    ACTS[number].do(folder, lambda _text: None)
    found.put(Length(time.monotonic() - begun, events[0]))


def _prepare(number: int, folder: Path) -> None:
    _quiet(folder)
    ACTS[number].prepare(folder)


def _check(number: int, folder: Path) -> None:
    """Look at the folder after a kill, begin again, and look once more."""
    _quiet(folder)
    act = ACTS[number]
    act.seen(folder)
    act.do(folder, _teller(folder))
    act.whole(folder, folder.with_name("told.txt").read_text(encoding="utf-8").splitlines())


def _quiet(folder: Path) -> None:
    """Let what a process says go to a file, and its caches to a home of its own."""
    handle = os.open(folder.with_name("said.txt"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.environ["XDG_CACHE_HOME"] = str(folder.with_name("cache"))
    sys.excepthook = traceback.print_exception


class Killer:
    """Kills one act again and again, in a folder below `home`."""

    def __init__(self, number: int, home: Path, site: Server, processes: ForkServerContext) -> None:
        self.number, self.act, self.processes = number, ACTS[number], processes
        self.folder, self.template = home / "work", home / "template"
        self.folder.mkdir()
        if self.act.fetches:
            put_online(site, self.folder / "online")
        found = processes.SimpleQueue()
        wrong = self._to_end(_prepare)
        self.folder.rename(self.template)
        restore(self.folder, self.template)
        if wrong := wrong or self._to_end(_measure, found):
            msg = f"{self.act.name}: without any kill: {wrong}"
            raise RuntimeError(msg)
        self.length: Length = found.get()

    def _process(self, target: Callable[..., None], *arguments: Any) -> Any:
        process = self.processes.Process(
            target=target, args=(self.number, self.folder, *arguments), daemon=True
        )
        process.start()
        return process

    def _to_end(self, target: Callable[..., None], *arguments: Any) -> str:
        """Let a process end, and return the last of what it said where it failed."""
        process = self._process(target, *arguments)
        process.join(PATIENCE_S)
        if process.exitcode == 0:
            return ""
        process.kill()
        said = self.folder.with_name("said.txt").read_text(encoding="utf-8", errors="replace").strip()
        return f"exit code {process.exitcode}: {said[-600:]}"

    def kill(self, hand: random.Random, *, at_write: bool) -> tuple[bool, str]:
        """Whether the work was killed before its end, and what was wrong afterwards, "" for nothing."""
        restore(self.folder, self.template)
        self.folder.with_name("told.txt").unlink(missing_ok=True)
        event = hand.randint(1, max(self.length.n_events, 1)) if at_write else 0
        moment_s = hand.uniform(0.0, self.length.seconds)
        process = self._process(_work, event)
        process.join(PATIENCE_S if event else moment_s)
        process.kill()
        process.join()
        if process.exitcode not in (0, -signal.SIGKILL):
            return True, f"before the kill: exit code {process.exitcode}"
        wrong = self._to_end(_check)
        where = f"at write {event} of {self.length.n_events}" if event else f"after {moment_s:.3f} s"
        return process.exitcode != 0, f"{where}: {wrong}" if wrong else ""


def tally(number: int, n_kills: int, seed: int, home: Path, site: Server) -> Tally:
    """Kill an act so many times."""
    act, hand = ACTS[number], random.Random(f"{seed} {ACTS[number].name}")  # noqa: S311 -- not for secrets
    killer = Killer(number, home, site, _processes())
    kills = at_writes = tries = 0
    failed: list[str] = []
    while kills < n_kills:
        # The library writes inside SQLite, where no such moment is seen.
        at_write = tries % 2 == 1 and killer.length.n_events > 0
        tries += 1
        killed, wrong = killer.kill(hand, at_write=at_write)
        kills, at_writes = kills + killed, at_writes + (killed and at_write)
        failed += [wrong] if wrong else []
        if tries > 4 * n_kills + 10:
            failed.append("the work is too short to be killed")
            break
    return Tally(act.name, kills, at_writes, failed)


def _processes() -> ForkServerContext:
    """Processes that begin with everything imported and its machine code loaded: else each would spend its time on that."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["robustness.warm"])
    return context


def table(tallies: list[Tally], seed: int) -> str:
    """Table for the documentation."""
    rows = [(one.act, one.kills, one.at_writes, len(one.failed)) for one in tallies]
    kills, at_writes, failed = zip(*(row[1:] for row in rows), strict=True)
    rows.append(("all", sum(kills), sum(at_writes), sum(failed)))
    return "\n".join(
        [
            f"Seed {seed}.",
            "",
            "| what was killed | kills | of which at a write | failures |",
            "|---|---|---|---|",
            *(f"| {name} | {kills} | {writes} | {failed} |" for name, kills, writes, failed in rows),
        ]
    )


def main() -> None:
    """Kill all acts, and print a table; leave with 1 where anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    numbers = [number for number, act in enumerate(ACTS) if asked.only in act.name]
    tallies = []
    for place, number in enumerate(numbers):
        n_kills = asked.kills // len(numbers) + (place < asked.kills % len(numbers))
        with TemporaryDirectory() as home, serve() as site:
            found = tally(number, n_kills, asked.seed, Path(home), site)
        tallies.append(found)
        lines = [f"{found.act:36} {found.kills:4} {found.at_writes:4} {len(found.failed):4}", *found.failed]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
    if asked.out:
        head, _, rest = asked.out.read_text(encoding="utf-8").partition(BEGIN)
        _, _, tail = rest.partition(END)
        text = f"{head}{BEGIN}\n{table(tallies, asked.seed)}\n{END}{tail}"
        asked.out.write_text(text, encoding="utf-8")
    sys.exit(any(found.failed for found in tallies))


if __name__ == "__main__":
    main()
