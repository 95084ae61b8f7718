"""Nothing asks a network before it is told to: not the import of any module, not the help of any verb."""

from __future__ import annotations

import os
import subprocess
import sys

from support.files import ROOT

WITHOUT_NETWORK = """
import importlib, io, pkgutil, socket, sys
from contextlib import redirect_stdout
asked = []
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"):
        asked.append((event, str(arguments[1:])))
        raise ConnectionRefusedError(event)
sys.addaudithook(refuse)
try:
    socket.create_connection(("192.0.2.1", 80), 0.1)  # an address of no machine
except ConnectionRefusedError:
    assert asked.pop()[0].startswith("socket."), "the guard does not see connections"
names = ["streamlit_app"]
for layer in ("data", "network", "accessibility", "scenarios", "ui", "dorpshub"):
    package = importlib.import_module(layer)
    names += [found.name for found in pkgutil.walk_packages(package.__path__, f"{layer}.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
from dorpshub.cli.main import main
from dorpshub.cli.commands import commands
for verb in ([], *([name] for name in commands.commands)):
    sys.argv = ["dorpshub", *verb, "--help"]
    try:
        with redirect_stdout(io.StringIO()) as said:
            main()
    except SystemExit as end:
        assert not end.code, verb
    assert "--help" in said.getvalue()
print(len(names), len(commands.commands), asked)
"""


def test_no_import_and_no_help_asks_a_network() -> None:
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-W", "ignore", "-c", WITHOUT_NETWORK],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    n_modules, n_verbs, asked = done.stdout.splitlines()[-1].split(" ", 2)
    # All modules and verbs were met: there are some 250 and fifteen.
    assert int(n_modules) > 200
    assert int(n_verbs) > 12
    assert asked == "[]"
