"""The `dorpshub` command as people run it."""

from __future__ import annotations

import sys

import pytest

from dorpshub.cli import main

TYPED = {
    "init": ("folder", "--streets", "map.osm"),
    "explain": ("valley", "--from", "west", "--to", "gp", "--at", "09:00"),
    "matrix": ("--streets", "streets.osm", "--origins", "o.csv", "--destinations", "d.csv", "--out", "c.csv"),
    "stress": ("valley", "--kind", "gp"),
    "place-services": ("valley", "--budget", "100000"),
    "plan": ("valley", "--budget-per-year", "100000"),
    "care-rounds": ("valley", "--base", "west"),
    "reach": ("valley", "--of", "gp"),
    "monitor": ("valley", "figures.csv"),
    "compare": ("valley", "hub.json"),
    "cost": ("valley", "hub.json"),
    "rerun": ("first.run.json", "--out", "second.csv"),
    "fetch": ("valley", "--offline"),
    "export": ("valley",),
    "describe": (
        "folder",
        "--publisher",
        "A",
        "--publisher-uri",
        "https://a.example",
        "--contact",
        "a@a.example",
        "--address",
        "https://a.example/x/",
    ),
    "import": ("valley.dorpshub",),
}
"""What each verb is given at least; the name of a region alone where it is not here."""


def dorpshub(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run the command and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["dorpshub", *map(str, arguments)])
    return main.run()
