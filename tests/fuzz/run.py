"""Damaged files for every reader: each is read rightly, or refused in a sentence that names it.

PYTHONPATH=.:tests python -m fuzz.run [--inputs 1000] [--seed 1] [--only WORD] [--out docs/robustness.json]
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import signal
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from fuzz.made import Made
from fuzz.readers import READERS, Reader

from data.errors import DorpshubError

SLOW_S = 10
BEGIN, END = "<!-- written by make fuzz -->", "<!-- until here -->"
SHORTEST = 25
"""Letters of a sentence that says what is wrong and what to do."""


class Tally(NamedTuple):
    """What came of the inputs of one reader; `failed` by what went wrong, with the number of the first such input."""

    reader: str
    inputs: int
    read: int
    refused: int
    failed: dict[str, tuple[int, int]]


class _TooSlowError(BaseException):
    """No reader catches it."""


@contextmanager
def _in_time(seconds: int) -> Iterator[None]:
    def stop(_signal: int, _frame: Any) -> None:
        raise _TooSlowError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def damaged(reader: Reader, whole: bytes, seed: int, number: int) -> bytes:
    """The input of a reader with this number, made of the whole file: the same for the same seed. Number 0 is whole."""
    content = whole
    if not number:
        return content
    hand = random.Random(f"{seed} {reader.name} {number}")  # noqa: S311 -- not for secrets
    for _ in range(hand.choice((1, 1, 1, 2))):
        try:
            content = reader.mutate(content, hand)
        except Exception:  # noqa: BLE001 -- damaged beyond what can be taken apart to damage more of it
            break
    return content


def outcome(reader: Reader, path: Path, made: Made) -> str:
    """What a reader makes of a file: "read", "refused", or what went wrong."""
    try:
        with _in_time(SLOW_S), warnings.catch_warnings():
            warnings.simplefilter("error")
            reader.read(path, made)
    except DorpshubError as error:
        said = str(error)
        return (
            "refused"
            if (reader.named or reader.file) in said and len(said) > SHORTEST
            else f"does not name the file: {said[:100]}"
        )
    except _TooSlowError:
        return f"took more than {SLOW_S} s"
    except AssertionError as error:
        return f"silently wrong: {_place(error)}"
    except Exception as error:  # noqa: BLE001 -- this is what is looked for
        return f"{type(error).__name__}: {_place(error)}"
    return "read"


def _place(error: Exception) -> str:
    """The last lines of code on the way to an error that are of this project."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename
    ]
    here = [
        f"{Path(frame.filename).name}:{frame.name}" for frame in frames if "/lib/python" not in frame.filename
    ]
    return f"{' > '.join(here[-2:])} ({frames[-1].line if isinstance(error, AssertionError) else str(error)[:80]})"


def tally(reader: Reader, made: Made, seed: int, inputs: range) -> Tally:
    """Outcome of some inputs of a reader; the whole file must be read."""
    found: Counter[str] = Counter()
    first: dict[str, int] = {}
    path, whole = made.folder / reader.file, reader.make(made)
    for number in inputs:
        path.write_bytes(damaged(reader, whole, seed, number))
        what = outcome(reader, path, made)
        if number == 0 and what != "read":
            what = f"the whole file is not read: {what}"
        found[what] += 1
        first.setdefault(what, number)
    failed = {what: (n, first[what]) for what, n in found.items() if what not in ("read", "refused")}
    return Tally(reader.name, len(inputs), found["read"], found["refused"], failed)


def _of(job: tuple[int, int, int]) -> Tally:
    row, seed, n_inputs = job
    with TemporaryDirectory() as folder:
        return tally(READERS[row], Made(Path(folder)), seed, range(n_inputs))


def main() -> None:
    """Run all readers, a process each, and print a table; leave with 1 where anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    jobs = [
        (row, asked.seed, asked.inputs) for row, reader in enumerate(READERS) if asked.only in reader.name
    ]
    with multiprocessing.get_context("spawn").Pool(asked.processes, maxtasksperchild=4) as pool:
        tallies = []
        for found in pool.imap(_of, jobs):
            tallies.append(found)
            sys.stdout.write("\n".join(_lines(found)) + "\n")
            sys.stdout.flush()
    if asked.out:
        head, _, rest = asked.out.read_text(encoding="utf-8").partition(BEGIN)
        _, _, tail = rest.partition(END)
        asked.out.write_text(f"{head}{BEGIN}\n{_table(tallies, asked.seed)}\n{END}{tail}", encoding="utf-8")
    sys.exit(any(found.failed for found in tallies))


def _lines(found: Tally) -> list[str]:
    worst_first = sorted(found.failed.items(), key=lambda item: -item[1][0])
    return [
        f"{found.reader:32} {found.inputs:6} {found.read:6} {found.refused:6} {_n_failed(found):6}",
        *(f"      {n:5} (first {first}) {what}" for what, (n, first) in worst_first),
    ]


def _n_failed(found: Tally) -> int:
    return sum(n for n, _ in found.failed.values())


def _table(tallies: list[Tally], seed: int) -> str:
    """Table for the documentation."""
    rows: list[tuple[str, int, int, int, int]] = [
        (found.reader, found.inputs, found.read, found.refused, _n_failed(found)) for found in tallies
    ]
    inputs, read, refused, failed = (sum(int(row[column]) for row in rows) for column in range(1, 5))
    rows.append(("all", inputs, read, refused, failed))
    return "\n".join(
        [
            f"Seed {seed}.",
            "",
            "| reader | inputs | read | refused | failed |",
            "|---|---|---|---|---|",
            *(f"| {name} | {' | '.join(f'{number:,}' for number in numbers)} |" for name, *numbers in rows),
        ]
    )


if __name__ == "__main__":
    main()
