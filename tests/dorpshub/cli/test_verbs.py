"""The command line apart from the work: light to load, true to the tables, and handing on what the work takes."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner

from accessibility.asked import ALL_MODES
from accessibility.reach.times import DIRECTIONS, LIMITS_MIN
from accessibility.round_trips import WHOLE_DAY
from accessibility.travellers import TRAVELLERS
from data.clock import clock_text
from data.metadata.dcat import ACCESS
from data.parameters.facility_kinds import LANGUAGES
from dorpshub.cli import choices, options
from dorpshub.cli.commands import commands
from network.modes.modes import CAR
from scenarios.placement.question import Goal
from support.command import TYPED
from support.files import ROOT

VERBS = sorted(commands.commands)


def loaded_by(*arguments: str) -> set[str]:
    """Modules in memory when the command with these arguments ends."""
    told = (
        f"import sys; sys.argv = {['dorpshub', *arguments]}\n"
        "from dorpshub.cli.main import main\n"
        "try: main()\n"
        "finally: print('LOADED', *sys.modules)"
    )
    return printed(told)


def printed(program: str) -> set[str]:
    """Names that a program prints after the word LOADED."""
    ran = subprocess.run(  # noqa: S603 -- this Python
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return set(ran.stdout.rpartition("LOADED ")[2].split())


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["times", "--wrong"], *([verb, "--help"] for verb in VERBS)],
    ids=" ".join,
)
def test_help_and_refusals_load_nothing_but_click(arguments: list[str]) -> None:
    loaded = {name.partition(".")[0] for name in loaded_by(*arguments)}
    outside = {name for name in loaded if not name.startswith("_")} - set(sys.stdlib_module_names)
    outside -= {"sitecustomize", "usercustomize"}  # of the system's Python, as Debian's, before any program
    assert outside == {"click", "data", "dorpshub"}


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_hands_its_work_what_it_takes(
    verb: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    typed, handed = TYPED.get(verb, ()), []
    for name in typed:
        if Path(name).suffix and Path(name).name == name:
            Path(name).touch()  # what is read must be there

    class Module:
        """A module whose functions do nothing but take their arguments."""

        def __init__(self, name: str) -> None:
            self.real = import_module(name)

        def __getattr__(self, name: str) -> Any:
            takes = inspect.signature(getattr(self.real, name))
            return lambda **given: handed.append(takes.bind(**given))

    monkeypatch.setattr(options, "import_module", Module)
    ran = CliRunner().invoke(commands, [verb, *typed], standalone_mode=False)
    assert ran.exception is None
    assert len(handed) == 1


def test_what_can_be_chosen_is_what_there_is() -> None:
    assert tuple(ALL_MODES) == choices.MODES
    assert tuple(of.id for of in TRAVELLERS) == choices.TRAVELLERS
    assert choices.LANGUAGES == LANGUAGES
    assert get_args(Goal) == choices.GOALS
    assert tuple(ACCESS) == choices.ACCESS
    assert choices.DIRECTIONS == DIRECTIONS
    assert ",".join(map(str, LIMITS_MIN)) == choices.REACH_MIN
    assert CAR.terminal_s == choices.CAR_TERMINAL_MIN * 60
    ends = WHOLE_DAY.first, WHOLE_DAY.first + WHOLE_DAY.n * WHOLE_DAY.step_s
    assert tuple(map(clock_text, ends)) == (choices.DAY_START, choices.DAY_END)


HEAVY = frozenset(
    [
        *(
            "geopandas",
            "highspy",
            "networkx",
            "numba",
            "opening_hours",
            "osmium",
            "osmnx",
            "pandas",
            "pyarrow",
        ),
        *(
            "pyogrio",
            "pyproj",
            "requests",
            "scipy.sparse",
            "scipy.spatial",
            "scipy.stats",
            "shapely",
            "streamlit",
            "typst",
        ),
    ]
)
"""Libraries that take long to load."""
ALWAYS = frozenset(["numba", "opening_hours", "pyarrow", "shapely"])
"""Searches, and what a region is opened with. The time zones of `opening_hours` are loaded when they are asked for."""
TABLES = ALWAYS | {"pandas"}
LIVE = frozenset(["geopandas", "osmium", "pyogrio", "pyproj", "requests", "scipy.sparse", "scipy.spatial"])
MAY_LOAD = {
    "app": ALWAYS,
    "build": ALWAYS,
    "explain": ALWAYS,
    "matrix": ALWAYS | {"osmium", "pyproj"},
    "times": ALWAYS,
    "compare": ALWAYS,
    "cost": ALWAYS,
    "rerun": ALWAYS,
    "measures": TABLES,
    "stress": TABLES,
    "rounds": TABLES,
    "reach": TABLES | {"scipy.spatial"},
    "place": TABLES | {"highspy", "scipy.sparse", "scipy.spatial"},
    "plan": TABLES | {"highspy", "scipy.sparse", "scipy.spatial"},
    "place-services": TABLES | {"highspy", "scipy.sparse", "scipy.spatial"},
    "care-rounds": TABLES | {"scipy.spatial"},
    "report": TABLES | {"highspy", "scipy.sparse", "scipy.spatial"},
    "school": TABLES | LIVE,
    "monitor": TABLES | LIVE,
    "export": ALWAYS,
    "describe": ALWAYS,
    "import": ALWAYS,
    "init": TABLES | LIVE,
    "fetch": TABLES | LIVE,
    "check": TABLES | LIVE,
    "calibrate": TABLES | LIVE,
}
"""Of these, what the work of a verb may load before it begins."""


@pytest.mark.parametrize("verb", VERBS)
def test_the_work_of_a_verb_loads_no_more_than_it_uses(verb: str) -> None:
    told = (
        "import sys\nfrom dorpshub.cli import options\n"
        "from importlib import import_module\n"
        "def load(name):\n"
        "    import_module(name)\n"
        "    print('LOADED', *sys.modules)\n"
        "    sys.exit()\n"
        "options.import_module = load\n"
        f"sys.argv = {['dorpshub', verb, *TYPED.get(verb, ())]}\n"
        "from dorpshub.cli.main import main\nmain()\n"
    )
    loaded = printed(told) & HEAVY
    assert loaded <= MAY_LOAD[verb], loaded - MAY_LOAD[verb]
