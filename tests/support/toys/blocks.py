"""Work for workers, which find it by the name of this module."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.files.parts import Columns


@dataclass(frozen=True, slots=True)
class Square:
    """A number to be squared; who does it writes its name into `log`."""

    number: int
    log: Path
    kills: int = 0
    """Process that is killed by it, the first time; -1 for the worker itself."""


def squared(block: Square) -> Columns:
    with block.log.open("a", encoding="utf-8") as log:
        log.write(f"{block.number}\n")
    struck = block.log.with_name(f"struck-{block.number}")
    if block.kills and not struck.exists():
        struck.touch()
        os.kill(os.getpid() if block.kills < 0 else block.kills, signal.SIGKILL)
        time.sleep(60)  # killed itself, or with nobody left to report to
    return {"square": np.array([block.number**2, block.number])}


def worked_on(log: Path) -> list[int]:
    """Numbers in the order in which they were begun."""
    return list(map(int, log.read_text(encoding="utf-8").split()))
