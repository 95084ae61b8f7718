"""The `dorpshub` command as people run it."""

from __future__ import annotations

import sys

import pytest

import cli


def dorpshub(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run the command and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["dorpshub", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)
