"""The verb that serves the app: for this machine alone, with its own settings wherever it is started, and without a traceback."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from streamlit import config

from data.errors import InputError
from dorpshub.cli import app
from dorpshub.cli.commands import commands
from support.files import ROOT
from support.toys.region import write_toy_region
from ui.server import SETTINGS, url


@contextmanager
def listening() -> Iterator[int]:
    """Port of this machine that another program holds."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def told(*arguments: str) -> str:
    """What the verb refuses, in words."""
    ran = CliRunner().invoke(commands, ["app", *arguments], standalone_mode=False)
    assert isinstance(ran.exception, InputError), ran.exception
    return str(ran.exception)


def test_a_port_that_is_taken_is_told_before_anything_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_build", lambda *_, **__: pytest.fail("it was built first"))
    with listening() as port:
        words = told("--port", str(port), "--address", "127.0.0.1")
    assert f"Port {port} is taken" in words
    free = int(re.search(r"--port (\d+)", words)[1])  # type: ignore[index]
    assert port < free < port + app.TRIES


@pytest.mark.parametrize("address", ["nowhere.invalid", "192.0.2.1"])
def test_an_address_of_another_machine_is_told(address: str) -> None:
    # Names that end in .invalid lead nowhere, and 192.0.2.* is kept for examples.
    assert f"'{address}' is no address of this machine" in told("--address", address)


def test_a_wrong_region_is_told() -> None:
    ran = CliRunner().invoke(commands, ["app", "atlantis"], standalone_mode=False)
    assert "There is no region 'atlantis'" in str(ran.exception)


def test_without_streamlit_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "find_spec", lambda _name: None)
    assert "pip install 'dorpshub[app]'" in told()


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("localhost", "http://localhost:80/"),
        ("::1", "http://[::1]:80/"),
        ("0.0.0.0", "http://localhost:80/"),  # noqa: S104 -- what is told, not what is done
    ],
)
def test_the_link_leads_a_browser_of_this_machine_there(address: str, link: str) -> None:
    assert url(address, 80) == link


def test_streamlit_knows_every_setting() -> None:
    known = config.get_config_options()
    assert not [name for name in SETTINGS if name not in known]
    # No file beside the program says anything else.
    assert not (ROOT / ".streamlit").exists()


def test_the_app_is_served_to_this_machine_and_stops_quietly(tmp_path: Path) -> None:
    region = write_toy_region(tmp_path / "valley")
    command = [sys.executable, "-m", "dorpshub", "app", str(region), "--port", "0", "--no-open", "--quiet"]
    with subprocess.Popen(  # noqa: S603 -- this Python and this program
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            found = re.fullmatch(r"The app is at (http://localhost:(\d+)/) \(Ctrl-C stops it\)\.\n", line)
            assert found, line
            assert _answer(f"{found[1]}_stcore/health") == b"ok"
            # No site outside may speak to the page that holds it, and no statistics are sent anywhere.
            host = json.loads(_answer(f"{found[1]}_stcore/host-config"))
            assert (host["allowedOrigins"], host["metricsUrl"]) == ([], "")
            # Bound to the loopback address alone: to any other of this machine nobody answers.
            for other in _other_addresses():
                with pytest.raises(OSError, match="refused"):
                    socket.create_connection((other, int(found[2])), timeout=5).close()
        finally:
            server.send_signal(signal.SIGINT)
            out, errors = server.communicate(timeout=60)
    assert (server.returncode, out) == (0, "The app has stopped.\n")
    assert errors == ""


def test_streamlit_run_lets_nobody_in() -> None:
    # It would listen to everybody who can reach this machine, without our settings.
    command = ["streamlit", "run", "streamlit_app.py", "--server.headless", "true", "--server.port", "0"]
    ran = subprocess.run(  # noqa: S603 -- this Python and this program
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 1
    assert "Start the app with `dorpshub app`" in ran.stderr


def _answer(address: str) -> bytes:
    with urlopen(address) as answer:  # noqa: S310 -- always http on this machine
        read: bytes = answer.read()
    return read


def _other_addresses() -> set[str]:
    """Addresses of this machine in a network; none where there is no network."""
    rows: list[Any] = []
    try:
        rows = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return set()
    addresses = {str(row[4][0]) for row in rows}
    return {address for address in addresses if not address.startswith("127.")}
