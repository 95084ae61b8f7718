"""The progress bar of the command."""

from __future__ import annotations

import sys
from typing import Any

from tqdm import tqdm

from data.progress import WAITING, Progress


def progress_bar(*, quiet: bool) -> Progress:
    """One bar on standard error for the thing being done, where that is a terminal; the next thing closes it.

    Whom one waits for is told anywhere, each once, unless `quiet`.
    """
    bars: list[tqdm[Any]] = []
    waited: set[str] = set()

    def show(label: str, share: float) -> None:
        if quiet:
            return
        if label.startswith(WAITING):
            if label not in waited:
                tqdm.write(
                    f"{label.capitalize()}, which has not answered yet. Ctrl-C leaves all as it was.",
                    sys.stderr,
                )
            waited.add(label)
            return
        if not sys.stderr.isatty():
            return
        if not bars or bars[-1].desc != label:
            for bar in bars:
                bar.close()
            form = "{desc:<28}{bar:30} {percentage:3.0f}% {elapsed}"
            bars[:] = [tqdm(total=100, desc=label, bar_format=form)]
        bars[-1].update(100 * share - bars[-1].n)

    return show
