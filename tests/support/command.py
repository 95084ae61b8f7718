"""The `dorpshub` command as people run it."""

from __future__ import annotations

import sys

import pytest

from dorpshub.cli import main


def dorpshub(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run the command and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["dorpshub", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main.main()
    return int(end.value.code or 0)
