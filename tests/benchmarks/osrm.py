"""OSRM as a peer: the programs of its PyPI package, asked over a local connection.

The wheel of osrm-bindings is for Python 3.12 and later, but the programs in it need no Python, so `make bench` unpacks it
beside the environment. Answers are asked for as flatbuffers, plain float32, so that next to nothing of the time goes
into writing and reading numbers.
"""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from data.columns import Floats

PACKAGE = Path(sys.prefix) / "osrm" / "osrm"
PROFILES = PACKAGE / "share" / "profiles"
MOST_POINTS = 5000
START_S = 30.0


def is_here() -> bool:
    """Whether OSRM's programs have been unpacked into the environment."""
    return (PACKAGE / "bin" / "osrm-routed").is_file()


@contextmanager
def serving(streets: Path, profile: str) -> Iterator[int]:
    """Port of a server for the streets of a pbf file, contracted (its quickest algorithm for tables) for a profile."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "streets.osrm"
        pbf = base.with_suffix(".osm.pbf")
        pbf.symlink_to(streets.resolve())
        _run("osrm-extract", "-p", str(PROFILES / f"{profile}.lua"), str(pbf))
        _run("osrm-contract", str(base))
        port = _free_port()
        options = ("-i", "127.0.0.1", "-p", str(port), "--max-table-size", str(MOST_POINTS))
        command = [str(PACKAGE / "bin" / "osrm-routed"), "--algorithm", "CH", *options, str(base)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:  # noqa: S603 -- a pinned package
            try:
                _await(port)
                yield port
            finally:
                server.terminate()


def table(port: int, lon_deg: Floats, lat_deg: Floats) -> Floats:
    """(P, P) float64 seconds between P points, snapped by the server; nan where there is no way."""
    n_points = len(lon_deg)
    points = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in zip(lon_deg, lat_deg, strict=True))
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"/table/v1/any/{points}.flatbuffers?skip_waypoints=true")
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != http.client.OK:
        msg = f"OSRM answered {answer.status}: {body[:200]!r}"
        raise ValueError(msg)
    return _seconds(body, n_points)


def _seconds(body: bytes, n_points: int) -> Floats:
    """Durations of an answer: the one vector of P * P float32 in it, which follows its length."""
    length = np.array(n_points * n_points, "<u4").tobytes()
    start = body.index(length) + len(length)
    found = np.frombuffer(body, "<f4", n_points * n_points, start).reshape(n_points, n_points)
    return np.where(found < np.finfo(np.float32).max, found, np.nan).astype(np.float64)


def _run(program: str, *arguments: str) -> None:
    command = [str(PACKAGE / "bin" / program), *arguments]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- a pinned package


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _await(port: int) -> None:
    """Wait until the server answers.

    Raises
    ------
    TimeoutError
        When it does not within half a minute.

    """
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    msg = f"OSRM's server did not answer within {START_S:g} s"
    raise TimeoutError(msg)


def version() -> str:
    """Version of the package that was unpacked."""
    folder = next(PACKAGE.parent.glob("osrm_bindings-*.dist-info"), None)
    return "not installed" if folder is None else folder.name.removesuffix(".dist-info").split("-")[1]
