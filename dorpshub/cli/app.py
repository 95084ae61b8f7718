"""The verb `app`."""

from __future__ import annotations

import errno
import socket
import subprocess
import sys
from importlib.util import find_spec

import click

from data.errors import InputError
from data.memory import give_back_free_memory
from data.study_area.region_toml import load_region
from dorpshub.cli.cycles import look_as_usual

NO_STREAMLIT = "The app needs Streamlit, which is not installed here: pip install 'dorpshub[app]'."
TRIES = 100
"""Ports after one that is taken among which a free one is looked for."""


def app(region: str, address: str, port: int, opens: bool, quiet: bool) -> None:
    """Serve the app of a region, built first where it is not ready yet, until it is stopped."""
    if find_spec("streamlit") is None:
        raise InputError(NO_STREAMLIT)
    load_region(region)
    _check_free(address, port)
    _build(region, quiet=quiet)
    give_back_free_memory()
    look_as_usual()

    import streamlit_app  # noqa: PLC0415 -- all pages of the app, and Streamlit
    from ui import server  # noqa: PLC0415

    # The app takes the region from where a script finds what was typed behind its name.
    sys.argv = [streamlit_app.__file__, region]
    try:
        server.serve(streamlit_app.app, address, port, opens=opens)
    except KeyboardInterrupt:
        click.echo("The app has stopped.")


def _build(region: str, *, quiet: bool) -> None:
    """Build a region in a process of its own: what building takes is given back before the app starts."""
    command = [sys.executable, "-m", "dorpshub", "build", region, *(["--quiet"] if quiet else [])]
    code = subprocess.call(command)  # noqa: S603 -- this Python and this program
    if code:
        click.get_current_context().exit(code)


def _check_free(address: str, port: int) -> None:
    """Refuse an address that is not of this machine, and a port that is taken, before anybody waits."""
    if not _is_free(address, port):
        free = next(
            (other for other in range(port + 1, min(port + TRIES, 65536)) if _is_free(address, other)), 0
        )
        msg = (
            f"Port {port} is taken by another program, or may not be used. Is it this app, started before? "
            f"Otherwise choose another port: --port {free}."
        )
        raise InputError(msg)


def _is_free(address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as tried:
        if sys.platform != "win32":  # there it lets two programs have one port
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((address, port))
        except PermissionError:
            return False
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                msg = (
                    f"--address '{address}' is no address of this machine. 'localhost' is for this machine alone, "
                    "'0.0.0.0' for everybody who can reach it."
                )
                raise InputError(msg) from error
            return False
    return True
