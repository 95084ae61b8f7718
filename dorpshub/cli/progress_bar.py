"""The progress bar of the command."""

from __future__ import annotations

import atexit
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from data.progress import WAITING, Progress

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar  # what click.progressbar returns has no public name

WHOLE = 1000
"""Steps of a bar: tenths of a percent."""
LABEL_CHARS = 28


def progress_bar(*, quiet: bool) -> Progress:
    """One bar on standard error for the thing being done, where that is a terminal; it closes when that is done or the next begins.

    Whom one waits for is told anywhere, each once, unless `quiet`.
    """
    shown = ExitStack()
    atexit.register(shown.close)  # a bar hides the cursor, also when the work is broken off
    bar: ProgressBar[int] | None = None
    waited: set[str] = set()

    def show(label: str, share: float) -> None:
        nonlocal bar
        if quiet:
            return
        if label.startswith(WAITING):
            if label not in waited:
                shown.close()
                bar = None
                click.echo(
                    f"{label.capitalize()}, which has not answered yet. Ctrl-C leaves all as it was.",
                    err=True,
                )
            waited.add(label)
            return
        if not sys.stderr.isatty():
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
