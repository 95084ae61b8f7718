"""What larger networks cost: a real network laid out 1, 4, 16 and 64 times as a square and joined at the borders.

Each size runs in a process of its own, which tells the peak of its memory at each step (Linux). The joins are few, as
roads between towns are; a country's larger cities would add arcs that repeated tiles do not, so the arcs per node are
told too.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from benchmarks.networks import WALK, Real
from numpy.typing import NDArray

from data.columns import Floats, Int32s
from network.hierarchy.arcs import masked_arcs
from network.hierarchy.hierarchy import Hierarchy, customise, elimination_order, symbolic
from network.hierarchy.packing import pack
from network.hierarchy.search import in_seconds, pruned
from network.hierarchy.sweep import Seeds, search
from network.streets.network import StreetNetwork

COPIES = (1, 4, 16, 64)
STEPS = ("order", "fill", "customise one mode", "thin it", "nearest, one lane", "one to all, 64 lanes")
JOINS, JOIN_S, JOIN_M = 8, 60, 80.0
"""Streets between neighbouring tiles, each a minute's walk."""
N_LANES = 64
COUNTRY = 5_000_000


class Tiled(NamedTuple):
    """Streets on foot."""

    n_nodes: int
    tail: Int32s
    head: Int32s
    forward_s: Int32s
    backward_s: Int32s
    length_m: Floats


class Size(NamedTuple):
    """What one size costs: milliseconds and peak bytes per step, in the order of `STEPS`."""

    copies: int
    n_nodes: int
    n_arcs: int
    step_ms: tuple[float, ...]
    step_bytes: tuple[float, ...]
    """At the peak of a step above what was held before it, results included."""
    held_bytes: float
    """In the end: hierarchy, packed weights and thinned arcs of one mode, and the tables of both searches."""


def tiled(network: StreetNetwork, copies: int) -> Tiled:
    """Square of `copies` tiles, joined to the right and below by streets between the outermost junctions of bands."""
    side = round(copies**0.5)
    n_nodes = network.n_nodes
    tile = np.arange(copies).reshape(side, side)
    ends = [
        (tile[:, :-1].ravel(), _border(network.node_y_m, network.node_x_m, np.argmax)),
        (tile[:, 1:].ravel(), _border(network.node_y_m, network.node_x_m, np.argmin)),
        (tile[:-1].ravel(), _border(network.node_x_m, network.node_y_m, np.argmin)),
        (tile[1:].ravel(), _border(network.node_x_m, network.node_y_m, np.argmax)),
    ]
    right, left, lower, upper = (((of[:, None] * n_nodes) + node).ravel() for of, node in ends)
    shift = (np.arange(copies, dtype=np.int64) * n_nodes)[:, None]
    n_joins = len(right) + len(lower)
    join_s = np.full(n_joins, JOIN_S, np.int32)
    return Tiled(
        n_nodes=copies * n_nodes,
        tail=np.concatenate([(shift + network.edge_tail).ravel(), right, lower]).astype(np.int32),
        head=np.concatenate([(shift + network.edge_head).ravel(), left, upper]).astype(np.int32),
        forward_s=np.concatenate([np.tile(network.forward_s[WALK], copies), join_s]),
        backward_s=np.concatenate([np.tile(network.backward_s[WALK], copies), join_s]),
        length_m=np.concatenate([np.tile(network.edge_length_m, copies), np.full(n_joins, JOIN_M)]),
    )


def _border(along_m: Floats, across_m: Floats, outermost: Callable[[Floats], np.intp]) -> NDArray[np.int64]:
    """The outermost node across, in each of some bands of equally many nodes along."""
    bands = np.array_split(np.argsort(along_m, kind="stable"), JOINS)
    return np.array([band[outermost(across_m[band])] for band in bands])


class _Measured(NamedTuple):
    """What one step gave and cost."""

    result: Any
    taken_ms: float
    peak_bytes: float


def _measured(work: Callable[[], Any], repeats: int) -> _Measured:
    """Median time of some runs, and the most memory of the first above what was held before it."""
    before = _status_bytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    taken_ms = []
    for run in range(repeats):
        start = time.perf_counter()
        result = work()
        taken_ms.append((time.perf_counter() - start) * 1e3)
        if run == 0:
            peak_bytes = _status_bytes("VmHWM") - before
    return _Measured(result, float(np.median(taken_ms)), max(peak_bytes, 0))


def _status_bytes(field: str) -> float:
    """Resident memory of this process: now, VmRSS, or at its highest, VmHWM."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(rf"{field}:\s+(\d+) kB", status)
    if found is None:
        msg = f"the growth of memory is read from {field} in /proc, which this system does not have"
        raise OSError(msg)
    return float(found[1]) * 1024


def measure_size(streets: Tiled, copies: int) -> Size:
    """Take the steps of one size one after the other; each but the first is repeated."""
    before = _status_bytes("VmRSS")
    n_nodes, tail, head = streets.n_nodes, streets.tail, streets.head
    ahead, back = (pack(seconds, streets.length_m, 0) for seconds in (streets.forward_s, streets.backward_s))
    few, many = (3, 9) if copies > COPIES[1] else (5, 25)
    order = _measured(lambda: elimination_order(n_nodes, tail, head), 1 if copies == COPIES[-1] else 3)
    fill = _measured(lambda: symbolic(order.result, tail, head), few)
    hierarchy: Hierarchy = fill.result
    weights = _measured(lambda: customise(hierarchy, ahead, back), few)
    node = np.random.default_rng(1).choice(n_nodes, N_LANES, replace=False)
    zeros, number = np.zeros(N_LANES, np.int64), np.arange(N_LANES)
    mode = _measured(lambda: pruned(hierarchy, weights.result), few)
    packed_arcs = mode.result.sweep
    one_lane = Seeds(node, zeros, pack(zeros, 0.0, number))
    nearest = _measured(lambda: search(packed_arcs, one_lane, 1, np.int64), many)
    arcs = in_seconds(masked_arcs(hierarchy, weights.result, mode.result.arc_mask))
    all_lanes = _measured(lambda: search(arcs, Seeds(node, number, zeros), N_LANES, np.int32), few)
    steps = (order, fill, weights, mode, nearest, all_lanes)
    return Size(
        copies=copies,
        n_nodes=n_nodes,
        n_arcs=len(hierarchy.high),
        step_ms=tuple(step.taken_ms for step in steps),
        step_bytes=tuple(step.peak_bytes for step in steps),
        held_bytes=_status_bytes("VmRSS") - before,
    )


def sizes(real: Real) -> list[Size]:
    """Measure all sizes, each in a process of its own."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for copies in COPIES:
            file = Path(folder) / f"{copies}.npz"
            np.savez(file, **tiled(real.search.network, copies)._asdict())
            command = [sys.executable, "-m", "benchmarks.growth", str(copies), str(file)]
            run = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 -- this file
            found.append(Size._make(json.loads(run.stdout)))
            file.unlink()
    return found


class Forecast(NamedTuple):
    """What a country would cost if the growth from the last size but one to the last went on."""

    step_ms: tuple[float, ...]
    step_bytes: tuple[float, ...]
    held_bytes: float


def forecast(measured: list[Size], n_nodes: int) -> Forecast:
    """Continue the line through the two largest sizes on logarithmic axes; never less than in proportion to nodes."""
    one, other = measured[-2:]

    def continued(small: float, large: float) -> float:
        steepness = np.log(large / small) / np.log(other.n_nodes / one.n_nodes) if small > 0 else 1.0
        continued_cost: float = large * (n_nodes / other.n_nodes) ** max(float(steepness), 1.0)
        return continued_cost

    return Forecast(
        tuple(continued(*pair) for pair in zip(one.step_ms, other.step_ms, strict=True)),
        tuple(continued(*pair) for pair in zip(one.step_bytes, other.step_bytes, strict=True)),
        continued(one.held_bytes, other.held_bytes),
    )


def draw(measured: list[Size], title: str, path: Path) -> None:
    """Plot of time and memory per node at each size."""
    import matplotlib as mpl  # noqa: PLC0415 -- only for the benchmarks

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "growth"
    from matplotlib import pyplot as plt  # noqa: PLC0415 -- after the choice of what it draws with

    n_nodes = np.array([size.n_nodes for size in measured])
    figure, panels = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    for panel, unit, cost in (
        (panels[0], "nanoseconds per node", [np.multiply(size.step_ms, 1e6) for size in measured]),
        (
            panels[1],
            "bytes per node at the peak of the step",
            [np.array(size.step_bytes) for size in measured],
        ),
    ):
        panel.loglog(n_nodes, np.array(cost) / n_nodes[:, None], marker="o", label=STEPS)
        panel.set_xticks(n_nodes, [f"{number:,}" for number in n_nodes])
        panel.minorticks_off()
        panel.set_xlabel("nodes")
        panel.set_ylabel(unit)
        panel.grid(visible=True, alpha=0.3)
    panels[0].legend()
    figure.suptitle(title)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def main(copies: int, path: Path) -> None:
    """Measure the size in a file after a small run that loads the compiled kernels, and write it as JSON."""
    with np.load(path) as columns:
        streets = Tiled(int(columns["n_nodes"]), *(columns[name] for name in Tiled._fields[1:]))
    ring = np.arange(2 * N_LANES, dtype=np.int32)
    second = np.ones(len(ring), np.int32)
    measure_size(Tiled(len(ring), ring, np.roll(ring, 1), second, second, second.astype(np.float64)), 1)
    sys.stdout.write(json.dumps(measure_size(streets, copies)))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
