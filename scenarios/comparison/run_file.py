"""A run as a file: everything that the numbers of a comparison rest on, from which they can be made again."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

from accessibility.world import World
from data.errors import InputError, no_file
from data.files.whole import sweep
from data.source_files import source_files
from data.study_area.region_toml import Region, digest
from network.transit.departures import Window
from scenarios.edits.scenario import Scenario

Clock: TypeAlias = Annotated[int, Meta(ge=0, le=7 * 24 * 3600)]
Seconds: TypeAlias = Annotated[int, Meta(gt=0, le=24 * 3600)]
Departures: TypeAlias = Annotated[int, Meta(gt=0, le=24 * 3600)]
PROGRAM = "dorpshub"
CODE = ("data", "network", "accessibility", "scenarios")


class Spec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is compared, and how.

    Attributes
    ----------
    region
        Name of a region that comes along, or its folder, relative to that of the run file.
    scenarios
        The first is what the others are compared with.
    kinds, modes
        Kinds of facility and names of modes.
    traveller
        Who travels, before the scenarios.
    max_rides
        Vehicles boarded at most; 0 for any number.
    boarding_slack_s
        Seconds to be at the first stop before the departure.
    limit_min
        Minutes within which inhabitants are counted.
    same_below_min
        A smaller difference counts as none among winners and losers.
    cells, legs, contributions, band, equity, costs
        Tables that were asked for besides that of the places.

    """

    region: str
    scenarios: Annotated[tuple[Scenario, ...], Meta(min_length=2)]
    kinds: tuple[str, ...]
    modes: tuple[str, ...]
    traveller: str
    max_rides: int
    boarding_slack_s: int = 0
    limit_min: float
    same_below_min: float
    cells: bool
    legs: bool
    contributions: bool
    band: bool
    equity: bool = False
    costs: bool = False


class RunFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A comparison, what it rests on, and what came out.

    Attributes
    ----------
    version, code
        Version of the program, and the SHA-256 of its source.
    inputs
        SHA-256 of every input file of the region.
    assumptions
        Numbers that are neither mapped nor timetabled.
    service_date, window
        Day of the timetable; first departure, seconds between two, and how many.
    arrives
        Whether these are times of arrival instead.
    files
        SHA-256 of every file written, by its name.

    """

    format: Literal[1]
    spec: Spec
    version: str
    code: str
    inputs: dict[str, str]
    service_date: dt.date
    window: tuple[Clock, Seconds, Departures]
    arrives: bool = False
    assumptions: dict[str, Any]
    files: dict[str, str]

    @property
    def departures(self) -> Window:
        """When people left, or had to be there."""
        return Window(*self.window, self.arrives)


def run_file(world: World, spec: Spec, files: list[Path]) -> RunFile:
    """Describe a run of a world as it is."""
    return RunFile(
        format=1,
        spec=spec,
        version=importlib.metadata.version(PROGRAM),
        code=code_digest(),
        inputs=input_digests(world.region),
        service_date=world.region.service_date,
        window=(world.window.first, world.window.step_s, world.window.n),
        arrives=world.window.arrives,
        assumptions=assumptions_of(world),
        files={file.name: file_digest(file) for file in files},
    )


def assumptions_of(world: World) -> dict[str, Any]:
    """Numbers of the network, of its profiles and of the traveller."""
    network = world.network
    return {
        **asdict(network.assumptions),
        "cruise_mps": {profile.name: profile.speed.cruise_mps for profile in network.profiles},
        "traveller": {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(world.traveller).items()
        },
    }


def code_digest() -> str:
    """SHA-256 of the source that makes the numbers."""
    return digest(source_files(CODE))


def input_digests(region: Region) -> dict[str, str]:
    """SHA-256 of the files that a region is read from, by their paths in its folder."""
    named = [region.folder / source.file for source in region.layers if not source.generated]
    named += [region.folder / region.facts] if region.facts else []
    files = [*region.folder.glob("*.toml")]
    for path in named:
        files += [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    return {file.relative_to(region.folder).as_posix(): file_digest(file) for file in sorted(set(files))}


def file_digest(file: Path) -> str:
    """SHA-256 of a file's contents."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fill_run(path: Path, run: RunFile) -> None:
    """Make a new file of a run, as JSON that a person can read."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(run), indent=2) + b"\n")


def read_run(path: Path) -> RunFile:
    """Read what `fill_run` wrote.

    Raises
    ------
    InputError
        When it is not there, or no run file.

    """
    sweep(path.parent)  # whoever wrote it may have been cut short
    if not path.is_file():
        raise InputError(no_file(path))
    try:
        return msgspec.json.decode(path.read_bytes(), type=RunFile)
    except (OSError, ValueError, RecursionError, msgspec.DecodeError) as error:
        msg = f"{path}: this is no run file that can be used ({error}). Choose a .run.json that a comparison wrote."
        raise InputError(msg) from error


def refuse_other_inputs(path: Path, run: RunFile, region: Region) -> None:
    """Refuse to make a run again from inputs that have changed.

    Raises
    ------
    InputError
        With the names of the files.

    """
    now = input_digests(region)
    changed = sorted(name for name in {*now, *run.inputs} if now.get(name) != run.inputs.get(name))
    if changed:
        msg = (
            f"{path}: the inputs of the region are not those of this run: {', '.join(changed)} changed, came or went. "
            "Restore these files, or make a new comparison."
        )
        raise InputError(msg)
