"""The progress bar of the command."""

from __future__ import annotations

import atexit
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from data.progress import Progress

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar  # what click.progressbar returns has no public name

WHOLE = 1000
"""Steps of a bar: tenths of a percent."""
LABEL_CHARS = 28


def progress_bar(*, quiet: bool) -> Progress:
    """One bar on standard error for the thing being done, where that is a terminal; it closes when that is done or the next begins."""
    shown = ExitStack()
    atexit.register(shown.close)  # a bar hides the cursor, also when the work is broken off
    bar: ProgressBar[int] | None = None

    def show(label: str, share: float) -> None:
        nonlocal bar
        if quiet or not sys.stderr.isatty():
            return
        padded = f"{label:<{LABEL_CHARS}}"
        if bar is None or bar.label != padded:
            shown.close()
            bar = click.progressbar(length=WHOLE, label=padded, width=30, file=sys.stderr)
            shown.enter_context(bar)
        bar.update(round(WHOLE * share) - bar.pos)
        if share >= 1:
            shown.close()

    return show
