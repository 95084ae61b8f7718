"""Whole processes against an earlier commit of this program: processor time, from the first word typed to the last byte written.

    PYTHONPATH=.:tests python -m benchmarks.bench_processes [--commit f469049] [--only matrix]

The earlier commit is checked out beside this one (`git worktree`), in an environment of its own, of the libraries it was
locked to. The two take turns; what is measured is user and system time of the process, best of the rounds, each after a run that does not count:
compiled, byte code written, regions built. Peak memory is told beside it. The region built from nothing is measured of the last commit, in a
checkout of its own, as its machine code goes: once where there is none, and then with it.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from benchmarks.measure import Row, dearer, missing

from data.osm.street_files import read_streets
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.json_text import to_json
from scenarios.edits.scenario import Scenario
from support.files import ROOT
from support.real_networks import FILES

COMMIT = "f469049"
"""What the targets were set against."""
N_POINTS, SEED = 1227, 1227
ROUNDS = 3
REGION = "zuid-oost-drenthe"
KINDS_OF_BOTH = ("gp", "pharmacy", "supermarket", "village_hall")
"""Those that the region had then: named, so that both do the same work."""
FROM_NOTHING = "the region built from nothing"
READY, MACHINE_CODE = f"data/regions/{REGION}/.ready", "*/**/__pycache__/kernels-*"
"""Folders in a checkout: of the built region, and of compiled searches."""
FEED, FEED_DAY = "vrn_gtfs_cut.zip", "2022-09-13"


MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], "w").write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss}")
sys.exit(code)
"""
"""Started by a small process, as the peak of a large one would count as that of what it starts."""


@dataclass(frozen=True, slots=True)
class Build:
    """A checkout of the program, and where it keeps what is its own."""

    root: Path
    home: Path
    python: Path

    def run(self, arguments: tuple[str, ...]) -> Taken:
        """Run the command to its end; in a folder of its own, so that no checkout finds the modules of another."""
        door = "cli" if (self.root / "cli.py").is_file() else "dorpshub.cli.main"
        environment = {**os.environ, "PYTHONPATH": str(self.root), "XDG_CACHE_HOME": str(self.home / "cache")}
        environment |= {"PYTHONPYCACHEPREFIX": str(self.home / "bytecode")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        printed, used = self.home / "printed.txt", self.home / "used.txt"
        with printed.open("wb") as out:
            code = subprocess.call(  # noqa: S603 -- this program
                [sys.executable, "-S", "-c", MEASURED, str(used), str(self.python), "-m", door, *arguments],
                cwd=self.home,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        if code not in {0, 2}:
            msg = f"{' '.join(arguments)}: {printed.read_text(encoding='utf-8')}"
            raise ValueError(msg)
        cpu_s, peak_kb = used.read_text(encoding="utf-8").split()
        return Taken(1e3 * float(cpu_s), float(peak_kb) / 1024)


@dataclass(frozen=True, slots=True)
class Taken:
    """Processor time of a process, milliseconds, and its peak, megabytes."""

    cpu_ms: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Question:
    """What is typed, at most which share of the earlier time it may take, and what the newer one has besides."""

    name: str
    arguments: tuple[str, ...]
    at_most: float
    now_besides: tuple[str, ...] = ()
    network: str = REGION


def rows(commit: str = COMMIT, only: str = "") -> Iterator[Row]:
    """Rows of all questions, or of those whose name has a word in it."""
    with TemporaryDirectory() as folder, checked_out(commit, Path(folder) / "before") as before:
        if before is None:
            yield missing("whole processes", "", commit, None, "no git history here")
            return
        _make_environment(before)
        builds = []
        own = before / ".venv" / "bin" / "python"
        for name, root, python in (("before", before, own), ("now", ROOT, Path(sys.executable))):
            home = Path(folder) / f"of-{name}"
            home.mkdir()
            builds.append(Build(root, home, python))
        for question in questions(Path(folder)):
            if only in question.name:
                try:
                    yield _row(question, builds[0], builds[1], commit)
                except ValueError as error:
                    # A verb or an option that one of the two has not.
                    why = str(error).strip().splitlines()[-1]
                    yield missing(question.name, question.network, commit, question.at_most, why)
        with checked_out("HEAD", Path(folder) / "now") as now:
            if now is not None and only in FROM_NOTHING:
                yield from _from_nothing(builds[0], replace(builds[1], root=now), commit)


def questions(folder: Path) -> list[Question]:
    """What is asked of both; their files stand in `folder`."""
    hub = Scenario("hub", edits=(PlaceHub(lon_deg=6.9, lat_deg=52.8, kinds=("gp",)),))
    (folder / "hub.json").write_text(to_json(hub), encoding="utf-8")
    kinds = ("--kinds", ",".join(KINDS_OF_BOTH))
    found = [
        Question("--help", ("--help",), 1 / 8),
        Question("place --help", ("place", "--help"), 1 / 8),
        Question("a wrong option", ("times", "--wrong"), 1 / 8),
        Question(
            "explain",
            ("explain", REGION, "--from", "Exloo", "--to", "gp", "--mode", "transit", "--at", "09:00"),
            1 / 3,
        ),
        Question("times of four kinds", ("times", REGION, *kinds, "--out", "times.csv"), 1 / 4),
        Question(
            "compare of one hub, four kinds",
            ("compare", REGION, str(folder / "hub.json"), *kinds, "--out", "c.csv"),
            1 / 4,
        ),
    ]
    streets = FILES["heidelberg"]
    if streets.exists():
        points = folder / "points.csv"
        _draw_points(streets, points)
        ends = ("--origins", str(points), "--destinations", str(points))
        asked = ("matrix", "--streets", str(streets), "--modes", "car", *ends)
        by_car = Question(
            f"matrix by car, {N_POINTS} x {N_POINTS}, to CSV", (*asked, "--out", "m.csv"), 1 / 4
        )
        by_car = replace(by_car, now_besides=("--no-cache",), network="Heidelberg")
        found += [
            by_car,
            replace(
                by_car,
                name=by_car.name.replace("CSV", "Parquet"),
                arguments=(*asked, "--out", "m.parquet"),
                at_most=1 / 5,
            ),
            replace(by_car, name=f"{by_car.name}, on unchanged files", now_besides=(), at_most=1 / 6),
        ]
        by_bus = ("--streets", str(streets), "--timetable", str(streets.with_name(FEED)))
        window = ("--date", FEED_DAY, "--depart", "09:00", "--window-min", "60", "--percentiles", "25,50,75")
        found.append(
            replace(
                by_car,
                name=f"matrix by bus, {N_POINTS} x {N_POINTS}, three percentiles of 60 departures",
                arguments=("matrix", *by_bus, "--modes", "transit", *ends, *window, "--out", "m.csv"),
                at_most=1 / 6,
            )
        )
    return found


def _draw_points(streets: Path, path: Path) -> None:
    """Points within some ten metres of nodes of streets, with a seed."""
    read, rng = read_streets(streets)[0], np.random.default_rng(SEED)
    node = rng.choice(len(read.node_id), N_POINTS, replace=False)
    lon_deg = read.lon_deg[node] + rng.normal(0, 3e-4, N_POINTS)
    lat_deg = read.lat_deg[node] + rng.normal(0, 2e-4, N_POINTS)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "lon", "lat"])
        for number, place in enumerate(zip(lon_deg.tolist(), lat_deg.tolist(), strict=True)):
            table.writerow([f"p{number}", *(f"{degrees:.6f}" for degrees in place)])


def _row(question: Question, before: Build, now: Build, commit: str) -> Row:
    runs: dict[str, Callable[[], Taken]] = {
        "before": lambda: before.run(question.arguments),
        "now": lambda: now.run((*question.arguments, *question.now_besides)),
    }
    for run in runs.values():
        run()
    return _ratio(question, commit, runs, ROUNDS)


def _ratio(question: Question, commit: str, runs: Mapping[str, Callable[[], Taken]], rounds: int) -> Row:
    """Best of so many runs of each, by turns."""
    taken: dict[str, list[Taken]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            taken[name].append(run())
    best = {name: min(one.cpu_ms for one in found) for name, found in taken.items()}
    peak = {name: max(one.peak_mb for one in found) for name, found in taken.items()}
    row = dearer(question.name, question.network, commit, (best["now"], best["before"]), question.at_most)
    return replace(row, note=f"peak {peak['now']:.0f} MB, before {peak['before']:.0f} MB")


def _from_nothing(before: Build, now: Build, commit: str) -> Iterator[Row]:
    """The embedded region built: once without machine code, and then with it."""
    for how, kept, rounds, at_most in (
        ("cold", (READY, MACHINE_CODE), 1, 1 / 2),
        ("warm", (READY,), ROUNDS, 1 / 4),
    ):
        question = Question(f"{FROM_NOTHING}, {how}", ("build", REGION), at_most)
        runs = {"before": partial(_without, before, kept), "now": partial(_without, now, kept)}
        yield _ratio(question, commit, runs, rounds)


def _without(build: Build, kept: tuple[str, ...]) -> Taken:
    """Build the region after what is kept in some folders has gone."""
    for pattern in kept:
        for folder in list(build.root.glob(pattern)):
            shutil.rmtree(folder)
    return build.run(("build", REGION))


def _make_environment(tree: Path) -> None:
    subprocess.run(  # noqa: S603
        ["make", f"PYTHON={sys.executable}", ".venv/.app"],  # noqa: S607
        cwd=tree,
        check=True,
        capture_output=True,
    )


@contextmanager
def checked_out(commit: str, tree: Path) -> Iterator[Path | None]:
    """The program as it was at a commit, for as long as the context lasts; None where there is no history of it."""
    git = ("git", "-C", str(ROOT), "worktree")
    made = subprocess.run(  # noqa: S603
        [*git, "add", "--quiet", "--detach", str(tree), commit], check=False, capture_output=True
    )
    try:
        yield tree if made.returncode == 0 else None
    finally:
        subprocess.run([*git, "remove", "--force", str(tree)], check=False, capture_output=True)  # noqa: S603


def main() -> None:
    """Print the ratio of each question."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--commit", default=COMMIT)
    parser.add_argument("--only", default="", help="questions with this word in their name")
    asked = parser.parse_args()
    for row in rows(asked.commit, asked.only):
        ratio = "-" if row.ratio is None else f"{row.ratio:.3f}"
        target = "" if row.target is None else f" of at most {row.target:.3f}"
        sys.stdout.write(f"{row.verdict:<12} {ratio}{target}  {row.question}, {row.note}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
