"""Run the benchmarks and write docs/benchmarks.md, docs/benchmarks.json and docs/growth.svg: `make bench`.

Of some parts alone (`make bench PARTS="streets processes"`) the others stay as they were measured; each tells when and on what.
"""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import json
import os
import platform
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import (
    bench_measures,
    bench_placement,
    bench_processes,
    bench_rounds,
    bench_scenarios,
    bench_streets,
    bench_transit,
    growth,
    osrm,
)
from benchmarks.growth import COUNTRY, STEPS, Forecast, Size, forecast
from benchmarks.measure import Row
from benchmarks.networks import real_networks

from support.files import DOCS

BENCHES: dict[str, tuple[str, Callable[[], Iterable[Row]]]] = {
    "streets": ("Streets", bench_streets.rows),
    "transit": ("Timetables", bench_transit.rows),
    "scenarios": ("Scenarios", bench_scenarios.rows),
    "measures": ("Closures", bench_measures.rows),
    "placement": ("Placement", bench_placement.rows),
    "rounds": ("Rounds of home care", bench_rounds.rows),
    "processes": (f"Whole processes, beside version {bench_processes.COMMIT}", bench_processes.rows),
}
"""Parts by name, with their headings."""
GROWTH = "growth"
FILE = DOCS / "benchmarks.json"
BYTES_PER_ARC = 42
"""Of a mode: two packed weights and two flags for each arc, and for each that is needed, at most all, 12 bytes both ways."""
PACKAGES = (
    "numpy",
    "numba",
    "scipy",
    "osmium",
    "shapely",
    "pandana",
    "igraph",
    "pynigiri",
    "highspy",
    "spopt",
    "ortools",
)


def main() -> None:
    """Measure all parts or those that are named, write, and print the ratios with what was asked for."""
    asked = sys.argv[1:] or [*BENCHES, GROWTH]
    unknown = set(asked) - {*BENCHES, GROWTH}
    if unknown:
        sys.exit(f"No such part: {', '.join(sorted(unknown))}. Parts are {', '.join((*BENCHES, GROWTH))}.")
    parts = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    for name in asked:
        parts[name] = {"setting": _setting(), **(_grown() if name == GROWTH else _measured(name))}
        # Written after each: the last may take half an hour.
        FILE.write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")
        (DOCS / "benchmarks.md").write_text(_text(parts) + "\n", encoding="utf-8")


def _measured(name: str) -> dict[str, object]:
    """Rows of a part, which are printed as they come."""
    rows = []
    for row in BENCHES[name][1]():
        sys.stdout.write(f"{row.verdict:<12} {_ratio(row):>9}  {row.question} | {row.network} | {row.peer}\n")
        sys.stdout.flush()
        rows.append(asdict(row))
    return {"ratios": rows}


def _grown() -> dict[str, object]:
    """Cost at each size, drawn as well."""
    largest = real_networks()[0]
    sizes = growth.sizes(largest)
    growth.draw(sizes, f"Cost per node of {largest.name}, tiled", DOCS / "growth.svg")
    return {"network": largest.name, "steps": STEPS, "sizes": [size._asdict() for size in sizes]}


def _text(parts: dict[str, Any]) -> str:
    found = [HEADING]
    found += [
        f"## {title}\n\n{_told(parts[name]['setting'])}\n\n{_table([Row(**row) for row in parts[name]['ratios']])}"
        for name, (title, _) in BENCHES.items()
        if name in parts
    ]
    if GROWTH in parts:
        sizes = [Size(**size) for size in parts[GROWTH]["sizes"]]
        found.append(_growth_text(parts[GROWTH]["network"], _told(parts[GROWTH]["setting"]), sizes))
        found.append(_country_text(forecast(sizes, COUNTRY), sizes))
    return "\n\n".join(found)


def _setting() -> dict[str, str]:
    """Where and when: processor, date and versions."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", info.read_text(encoding="utf-8")) if info.exists() else None
    versions = {"Python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = "not installed"
    versions["OSRM"] = osrm.version()
    return {
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "processor": f"{found[1] if found else platform.machine()}, {os.cpu_count()} cores",
        "versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
    }


def _told(setting: dict[str, str]) -> str:
    return f"Measured {setting['date']}, {setting['processor']}. {setting['versions']}."


HEADING = """# Benchmarks

Written by `make bench`; do not edit. `make bench PARTS="streets processes"` measures some parts anew; each tells when it was measured.

Rivals take turns within one run, and the median over the turns counts. Before anything is timed their answers are
compared: equal to the second on the same graph, pandana's after rounding away its thousandths. All run on one thread,
pandana on as many as it likes. "At least 20" means the peer takes at least 20 times as long; "below 3" means the engine
takes less than 3 times as long as what it is compared with. Milliseconds are for orientation: only ratios carry over to
another machine.

- SciPy's `dijkstra(min_only=True)` tells which source is nearest only with `return_predecessors=True`. That is the fair rival of a
  search that always knows which; the bare variant is told beside it.
- One-lane searches run several in a row in each turn, as the product asks for one kind of facility after the other; so do the
  peers. A single search after other work is told in a row of its own."""


def _table(rows: list[Row]) -> str:
    head = "| question | network | peer | ratio | target | | engine ms | peer ms |\n|---|---|---|--:|--:|---|--:|--:|"
    lines = [
        f"| {row.question} | {row.network} | {row.peer} | {_ratio(row)} | {_target(row)} | {row.verdict} "
        f"| {_ms(row.engine_ms)} | {_ms(row.peer_ms)} |"
        for row in rows
    ]
    notes = [f"- {row.question}, {row.peer}: {row.note}." for row in rows if row.note]
    return "\n".join([head, *lines, *(["", *notes] if notes else [])])


def _growth_text(name: str, told: str, sizes: list[Size]) -> str:
    columns = [f"{step}, ns | {step}, bytes" for step in STEPS]
    head = f"| copies | nodes | arcs per node | {' | '.join(columns)} |"
    rule = "|" + "--:|" * (3 + 2 * len(STEPS))
    lines = [
        f"| {size.copies} | {size.n_nodes:,} | {size.n_arcs / size.n_nodes:.2f} | "
        + " | ".join(
            f"{taken_ms * 1e6 / size.n_nodes:,.1f} | {peak / size.n_nodes:,.0f}"
            for taken_ms, peak in zip(size.step_ms, size.step_bytes, strict=True)
        )
        + " |"
        for size in sizes
    ]
    intro = (
        f"{name} on foot, laid out 1, 4, 16 and 64 times as a square and joined by {growth.JOINS} streets at each border. "
        "Time and memory per node; memory is the peak of the step above what was held before it (0: it fitted in memory "
        "that had been freed)."
    )
    picture = "![Time and memory per node at each size](growth.svg)"
    return "\n".join(["## Growth\n", told, "", intro, "", head, rule, *lines, "", picture])


def _country_text(country: Forecast, sizes: list[Size]) -> str:
    order, fill, customise, thin, nearest, lanes = (taken_ms / 1e3 for taken_ms in country.step_ms)
    peak_gb = (max(country.step_bytes[:4]) + country.held_bytes) / 1e9
    per_mode_gb = BYTES_PER_ARC * sizes[-1].n_arcs / sizes[-1].n_nodes * COUNTRY / 1e9
    return f"""## A country of {COUNTRY / 1e6:.0f} million nodes

Forecast, not measured: the line through the two largest sizes ({sizes[-2].n_nodes:,} and {sizes[-1].n_nodes:,} nodes) on
logarithmic axes goes on. Once: order {order:,.0f} s, fill {fill:,.1f} s, {customise + thin:,.1f} s per mode, five modes
{5 * (customise + thin):,.0f} s; {order + fill + 5 * (customise + thin):,.0f} s in all. Per question: {nearest * 1e3:,.0f} ms for the nearest of a kind at
every node, {lanes:,.1f} s for 64 sources to every node ({lanes / 64 * 1e3:,.0f} ms per source). Memory: {country.held_bytes / 1e9:,.1f} GB held (hierarchy,
one mode and a table of 64 lanes), at most about {peak_gb:,.1f} GB while it is prepared; each further mode adds at most
{per_mode_gb:,.1f} GB of packed weights and thinned arcs.

Tiles are joined by few streets, so their fill per node hardly grows. A real country has larger cities and denser joins:
expect up to twice the arcs per node, and time and memory in proportion."""


def _ratio(row: Row) -> str:
    if row.ratio is None:
        return "-"
    decimals = 0 if row.ratio >= 100 else 1 if row.ratio >= 1 else 2
    return f"{row.ratio:,.{decimals}f} x"


def _target(row: Row) -> str:
    if row.target is None:
        return "-"
    return f"below {row.target:g}" if row.at_most else f"at least {row.target:g}"


def _ms(taken_ms: float | None) -> str:
    return "-" if taken_ms is None else f"{taken_ms:,.3g}" if taken_ms < 100 else f"{taken_ms:,.0f}"


if __name__ == "__main__":
    main()
