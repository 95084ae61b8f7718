"""Blocks on workers: what is done stays, whoever dies, and the answer is that of one process to the last byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from accessibility.world import silent
from data.errors import InputError
from data.files.parts import Part, encoded, keep_part, kept_part
from scenarios.blocks.forecast import makespan_s
from scenarios.blocks.workers import Workers, done, in_blocks, parts_folder
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.json_text import to_json
from scenarios.edits.people import ChangeTraveller
from scenarios.edits.scenario import Scenario
from support.command import dorpshub
from support.toys.blocks import Square, squared, worked_on
from support.toys.region import lonlat, write_toy_region

pytest.importorskip("distributed")
TWO = Workers(n_processes=2)


def squares(folder: Path, blocks: list[Square], workers: Workers) -> list[int]:
    parts = in_blocks(squared, blocks, folder, workers, silent)
    return [int(part.columns["square"][0]) for part in parts]


def test_a_part_is_read_as_it_was_written_and_a_damaged_one_is_none(tmp_path: Path) -> None:
    part = Part({"seconds": np.array([1.0, np.inf]), "target": np.array([3, -1], np.int32)}, 0.5)
    keep_part(tmp_path / "one", encoded(part))
    found = kept_part(tmp_path / "one")
    assert found is not None
    assert found.work_s == 0.5
    for name, column in part.columns.items():
        assert found.columns[name].dtype == column.dtype
        assert np.array_equal(found.columns[name], column)
    (tmp_path / "half").write_bytes(encoded(part)[:40])
    assert kept_part(tmp_path / "half") is None
    assert kept_part(tmp_path / "none") is None


def test_a_worker_that_dies_costs_its_block_and_what_is_there_is_not_done_again(tmp_path: Path) -> None:
    log, folder = tmp_path / "log", tmp_path / "parts"
    blocks = [Square(number, log, kills=-1 if number == 3 else 0) for number in range(6)]
    # Block 0 was done before, and of block 1 half was written by somebody else.
    folder.mkdir()
    keep_part(folder / "00000.parquet", encoded(Part({"square": np.array([0, 0])}, 0.0)))
    (folder / "00001.parquet").write_bytes(b"PAR1")
    assert squares(folder, blocks, TWO) == [0, 1, 4, 9, 16, 25]
    begun = worked_on(log)
    assert set(begun) == {1, 2, 3, 4, 5}
    assert begun.count(3) == 2


HERE = os.pathsep.join(sys.path)
"""Where a process of its own finds the modules of the tests."""


@contextmanager
def scheduler_with(folder: Path, n_workers: int = 1, modules: str = HERE) -> Iterator[tuple[int, str]]:
    """Process and address of a scheduler of its own with workers, as on another machine."""
    told = folder / "scheduler.json"
    running = [_dask(modules, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(told))]
    try:
        for _ in range(600):
            if told.exists():
                break
            time.sleep(0.1)
        address = json.loads(told.read_text(encoding="utf-8"))["address"]
        worker = ("worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny")
        running.extend(_dask(HERE, *worker) for _ in range(n_workers))
        yield running[0].pid, address
    finally:
        for process in running:
            process.kill()
            process.wait()


def _dask(modules: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from dask.__main__ import main; main()", *arguments]
    environment = {**os.environ, "PYTHONPATH": modules}
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)  # noqa: S603


def test_a_scheduler_that_dies_leaves_what_is_done_and_another_goes_on(tmp_path: Path) -> None:
    log, folder = tmp_path / "log", tmp_path / "parts"
    with scheduler_with(tmp_path) as (process, address):
        blocks = [Square(number, log, kills=process if number == 2 else 0) for number in range(4)]
        with pytest.raises(InputError, match="run the same again"):
            squares(folder, blocks, Workers(scheduler=address))
    kept = {int(file.stem) for file in folder.glob("*.parquet")}
    assert kept <= {0, 1}
    before = len(worked_on(log))
    assert squares(folder, blocks, TWO) == [0, 1, 4, 9]
    assert set(worked_on(log)[before:]) == {0, 1, 2, 3} - kept


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere"])
def test_a_scheduler_that_does_not_answer_is_one_sentence(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenarios.blocks.workers.PATIENCE_S", 1)
    with pytest.raises(InputError, match=f"No Dask scheduler answers at {address}"):
        squares(tmp_path, [Square(1, tmp_path / "log")], Workers(scheduler=address))


def test_a_cluster_that_does_not_know_the_work_is_one_sentence(tmp_path: Path) -> None:
    """Without the tests' modules a scheduler knows as little of the work as one without the program does."""
    with (
        scheduler_with(tmp_path, modules="") as (_, address),
        pytest.raises(InputError, match="same version of dorpshub everywhere"),
    ):
        squares(tmp_path / "parts", [Square(1, tmp_path / "log")], Workers(scheduler=address))


def test_a_scheduler_without_workers_is_one_sentence_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenarios.blocks.workers.PATIENCE_S", 5)
    with (
        scheduler_with(tmp_path, n_workers=0) as (_, address),
        pytest.raises(InputError, match="has no workers"),
    ):
        squares(tmp_path / "parts", [Square(1, tmp_path / "log")], Workers(scheduler=address))


def test_a_worker_of_another_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="another version"):
        done(squared, Square(1, tmp_path / "log"), "0" * 64)


def test_another_question_has_other_parts(tmp_path: Path) -> None:
    one, same, other = (parts_folder(tmp_path / "t.csv", "region", kind) for kind in ("gp", "gp", "school"))
    assert one == same != other


def test_the_forecast_is_the_time_of_workers_that_each_take_the_next_block() -> None:
    # Two workers: 5 s beside 3 + 3 s, and the last 4 s go to the first, who is free after 5: 9 s. Opening takes 1 s.
    assert makespan_s([5, 3, 3, 4], 2) == 9
    assert makespan_s([5, 3, 3, 4], 2, start_s=1) == 10
    assert makespan_s([5, 3, 3, 4], 1) == 15
    assert makespan_s([5, 3, 3, 4], 64) == 5


def test_answers_are_those_of_one_process_to_the_last_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    valley = write_toy_region(tmp_path / "valley")
    rows = [f"{spot},{lonlat(spot)[0]},{lonlat(spot)[1]}" for spot in ("west", "mid", "east", "lone")]
    Path("points.csv").write_text("\n".join(["id,lon,lat", *rows]) + "\n", encoding="utf-8")
    ask = {
        "times": ["times", valley, "--modes", "walk,transit"],
        "matrix": [
            "matrix", "--streets", valley / "streets.osm", "--timetable", valley / "timetable.zip",
            "--date", "2026-10-06", "--origins", "points.csv", "--destinations", "points.csv",
            "--modes", "walk,transit",
        ],
        "stress": ["stress", valley, "--kind", "supermarket", "--mode", "transit", "--pairs"],
    }  # fmt: skip
    # Blocks of one destination, so that there are several: those of the command, not of the workers.
    monkeypatch.setattr("scenarios.blocks.matrix.PER_BLOCK", {True: 1, False: 3})
    monkeypatch.setattr("scenarios.blocks.closures.PER_BLOCK", 2)
    for name, question in ask.items():
        assert dorpshub(monkeypatch, *question, "--out", f"{name}.csv") == 0
        alone = Path(f"{name}.csv").read_bytes()
        assert dorpshub(monkeypatch, *question, "--out", f"{name}.csv", "--workers", 2) == 0
        assert Path(f"{name}.csv").read_bytes() == alone
        # The parts have served.
        assert not Path(f"{name}.csv.parts").exists()


@pytest.mark.parametrize("region", ["toy", "zuid-oost-drenthe"])
def test_a_comparison_is_that_of_one_process_to_the_last_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, region: str
) -> None:
    monkeypatch.chdir(tmp_path)
    hub = Scenario("hub", edits=(PlaceHub(place_id="west" if region == "toy" else "exloo", kinds=("gp",)),))
    # Whoever is older walks slower and has no car: a world of its own, in which one mode is left out.
    older = Scenario("older", edits=(ChangeTraveller("75plus"),))
    for scenario in (hub, older):
        Path(f"{scenario.name}.json").write_text(to_json(scenario), encoding="utf-8")
    if region == "toy":
        region = str(write_toy_region(tmp_path / "valley"))
        # Blocks of two places, so that there are several. Of the other region the residents of all cells are asked about.
        monkeypatch.setattr("scenarios.blocks.nearest.PER_BLOCK", 2)
    question = ["compare", region, "hub.json", "older.json", "--kinds", "gp", "--modes", "walk,car,transit"]
    written = []
    for more in ([], ["--workers", 2]):
        assert dorpshub(monkeypatch, *question, "--cells", "--equity", "--out", "c.csv", *more) == 0
        written.append({file.name: file.read_bytes() for file in Path().glob("c*")})
        assert not Path("c.csv.parts").exists()
    alone, shared = written
    assert shared == alone
    assert b"hub" in alone["c.csv"]
    assert b"older" in alone["c.csv"]
