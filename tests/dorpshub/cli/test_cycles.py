"""A command that answers one question hardly looks for cycles of objects; a server does as Python does."""

from __future__ import annotations

import subprocess
import sys

SAID = """
import gc, sys
from dorpshub.cli import cycles, main
sys.argv = ["dorpshub", "--version"]
try:
    main.main()
except SystemExit as end:
    print(gc.get_threshold()[0] == cycles.SELDOM[0], gc.get_freeze_count() > 0, end.code)
cycles.look_as_usual()
print(*gc.get_threshold())
"""


def test_a_process_looks_seldom_and_not_at_its_end_until_it_serves() -> None:
    usual = subprocess.run(
        [sys.executable, "-c", "import gc; print(*gc.get_threshold())"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    run = subprocess.run([sys.executable, "-c", SAID], capture_output=True, text=True, check=True)  # noqa: S603 -- our own code
    _, told, later = run.stdout.splitlines()
    assert told == "True True 0"
    assert later == usual.strip()
