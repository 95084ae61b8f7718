"""The app in a real browser: start it, open it, wait for its map. Shared by the browser tests and the pictures."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from dorpshub.cli.options import DEFAULT_REGION
from support.files import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",  # without a graphics card it is the dearest way to put a page together
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SLOW_MS = 300_000  # the first visit of a day or region that was not asked for before
LOG = "log.txt"
START_S = 600.0
"""The first start builds the region and compiles: a minute or two, but many on a machine that does much else."""


def interpreter(root: Path) -> str:
    """Python of a clone: that of its own environment where it has one, as another version needs other packages."""
    own = root / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


@contextmanager
def running_app(root: Path = ROOT, region: str = DEFAULT_REGION, home: Path | None = None) -> Iterator[str]:
    """Start the app of a clone with a region on a free port, give its address, and stop it afterwards.

    Its home is one of its own: the library of scenarios of whoever runs the tests is not to be touched. A home that is given stays,
    with what the app wrote to its log in it.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = ["dorpshub", "app", region, "--no-open", "--quiet", "--port", str(port)]
    if not (root / "dorpshub" / "cli" / "app.py").is_file():  # a clone of before there was such a verb
        script = str(root / "streamlit_app.py")
        serve = ["streamlit", "run", script, "--server.address", "localhost", "--server.port", str(port)]
    own_home = mkdtemp(prefix="dorpshub-")
    log = (home or Path(own_home)) / LOG
    with log.open("ab") as told:
        server = subprocess.Popen(  # noqa: S603 - a clone's own interpreter and app
            [interpreter(root), "-m", *serve],
            cwd=root,
            env=os.environ
            | {"PYTHONWARNINGS": "default", "HOME": str(home or own_home), "PYTHONPATH": str(root)},
            stdout=subprocess.DEVNULL,
            stderr=told,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(f"{url}/_stcore/health")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)
        shutil.rmtree(own_home, ignore_errors=True)


def _wait_until_healthy(url: str) -> None:
    give_up = time.monotonic() + START_S
    while time.monotonic() < give_up:
        try:
            with urlopen(url, timeout=2):  # noqa: S310 - always http on this machine
                return
        except (URLError, OSError):
            time.sleep(0.5)
    msg = f"the app did not start at {url}"
    raise TimeoutError(msg)


@contextmanager
def chromium() -> Iterator[Any]:
    """Chromium with software WebGL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - heavy, and absent where no browser is

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            yield browser
            browser.close()


def wait_for_map(page: Any) -> None:
    """Wait until every map shows its ground and what was worked out; roads rest while a background is switched on."""
    page.wait_for_selector(".maplibregl-canvas")
    # A map may be taken down and made anew while the page settles: all is asked of what stands there at that moment.
    page.wait_for_function(
        """() => {
            const maps = [...document.querySelectorAll(".dorpshub-map")].map((host) => host.dorpshub?.map);
            const hidden = (map, layer) => map.getLayoutProperty(layer, "visibility") === "none";
            const shows = (map, layer) =>
                map.getLayer(layer) && (hidden(map, layer) || map.queryRenderedFeatures({ layers: [layer] }).length);
            return maps.length && maps.every(
                (map) => map?.getLayer("hubs") && map.areTilesLoaded() && ["land", "roads"].every((layer) => shows(map, layer)));
        }"""
    )
