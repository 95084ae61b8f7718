"""A region with its scenarios as one file: a zip whose first part tells what the others are, and by which digest to know them."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from data.errors import InputError, no_file
from data.files.whole import new_folder, write_file
from data.limits import REGION_PARTS, refuse_packing
from data.names import slug
from data.study_area.region_toml import FINDINGS, Region, load_region, on_demand_files

ENDING = ".dorpshub"
MANIFEST = "manifest.json"
SCENARIOS = "scenarios"
"""Folder of the scenarios, beside region.toml."""
PART = re.compile(r"[^/\\:*?\"<>|\x00-\x1f.][^/\\:*?\"<>|\x00-\x1f]*")
"""Name of a file or folder that every system takes, and that is not hidden."""
PACKED = (".zip", ".pbf", ".gz", ".bz2", ".parquet", ".gpkg")
NO_TIME = (1980, 1, 1, 0, 0, 0)
"""Instead of the time of writing, so that equal contents make equal files."""
MANIFEST_BYTES = 2**24
_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""What a damaged zip raises while it is read."""


class LayerTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A layer of the region, as its region.toml has it."""

    layer: str
    origin: str
    source: str
    date: str
    licence: str


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file inside: its path in the region's folder, bytes, and SHA-256 in hexadecimal."""

    name: str
    size: Annotated[int, Meta(ge=0)]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file of a region says of itself.

    Attributes
    ----------
    version
        Of the program that wrote it.
    name, title, service_date
        Of the region; the name is that of its folder.
    layers
        Sources of the region, with their dates and licences.
    parts
        All files inside but this one.

    """

    format: Literal[1]
    version: str
    name: str
    title: str
    service_date: str
    layers: tuple[LayerTold, ...]
    parts: tuple[Part, ...]


def region_files(region: Region) -> dict[str, Path]:
    """Files that make a region, by their paths in its folder: what its figures rest on, and what is said of it.

    Ready arrays, kept downloads and whatever else lies in the folder is not among them.

    Raises
    ------
    InputError
        When region.toml names files outside its folder.

    """
    from data.live.job import ALL_FILES  # noqa: PLC0415 -- takes seconds to import, which reading need not wait for
    from data.study_area.observed_flows import FILE as FLOWS  # noqa: PLC0415

    named = [source.file for source in region.layers if not source.generated]
    paths = [region.folder / name for name in (*named, *on_demand_files(region))]
    outside = [str(path) for path in paths if not path.resolve().is_relative_to(region.folder.resolve())]
    if outside:
        msg = (
            f"{region.folder}: region.toml names {', '.join(outside)}, which lies outside its folder. "
            "Copy it in and name the copy, so that the folder is whole."
        )
        raise InputError(msg)
    paths += sorted(region.folder.glob("*.toml"))
    paths += [region.folder / name for name in (*ALL_FILES, FLOWS, FINDINGS)]
    if region.facts:
        facts = sorted((region.folder / region.facts).rglob("*"))
        paths += [path for path in facts if not path.name.startswith(".")]
    there = dict.fromkeys(path for path in paths if path.is_file())
    found = {path.relative_to(region.folder).as_posix(): path for path in there}
    if odd := [name for name in found if not _is_safe(name)]:
        msg = f"{region.folder}: not every system takes the names {', '.join(odd)}. Rename these files."
        raise InputError(msg)
    return found


def write_region_file(
    out: Path, region: Region, scenarios: Sequence[tuple[str, str]], version: str
) -> Manifest:
    """Write a region, with scenarios as their names and JSON, to one file: the same bytes for the same contents.

    Raises
    ------
    InputError
        When the ending of `out` is another, a file of the region lies elsewhere, or `out` cannot be written.

    """
    if out.suffix != ENDING:
        msg = f"{out}: a region as one file ends in {ENDING}; choose such a name."
        raise InputError(msg)
    files: dict[str, Path | bytes] = dict(region_files(region))
    for name, text in scenarios:
        path = f"{SCENARIOS}/{slug(name)}.json"
        number = 2
        while path in files:
            path, number = f"{SCENARIOS}/{slug(name)}-{number}.json", number + 1
        files[path] = text.encode()
    REGION_PARTS.refuse_beyond(str(out), len(files))
    manifest = Manifest(
        format=1,
        version=version,
        name=region.name,
        title=region.title,
        service_date=region.service_date.isoformat(),
        layers=tuple(LayerTold(of.layer, of.origin, of.source, of.date, of.licence) for of in region.layers),
        parts=tuple(_part(name, files[name]) for name in sorted(files)),
    )
    told = msgspec.json.format(msgspec.json.encode(manifest), indent=1)

    def write(beside: Path) -> None:
        with zipfile.ZipFile(beside, "w") as archive:
            for name, content in [(MANIFEST, told), *sorted(files.items())]:
                entry = zipfile.ZipInfo(name, NO_TIME)
                entry.compress_type = zipfile.ZIP_STORED if name.endswith(PACKED) else zipfile.ZIP_DEFLATED
                with _opened(content) as source, archive.open(entry, "w", force_zip64=True) as target:
                    while chunk := source.read(_CHUNK):
                        target.write(chunk)

    write_file(out, write)
    return manifest


def read_region_file(
    file: Path, folder: Path | None, check_scenario: Callable[[str], object]
) -> tuple[Path, Manifest]:
    """Make a new folder of a region out of its one file, and return it with what the file says of itself.

    Every part is held against its digest, and the region is read as far as its region.toml, before the folder is there.

    Parameters
    ----------
    file
        As `write_region_file` wrote it.
    folder
        New folder; None for the name that the region had, in the working folder.
    check_scenario
        Reads a scenario (JSON), and raises a DorpshubError when it is none.

    Raises
    ------
    DorpshubError
        When the folder is there already, or the file is none of a region, is damaged or too large, or holds names that
        would lead elsewhere. Then there is no new folder.

    """
    if not file.is_file():
        raise InputError(no_file(file))
    with _zip_of(file) as archive:
        manifest = _manifest(file, archive)
        target = folder or Path(slug(manifest.name))
        with new_folder(target) as beside:
            _unpack(file, archive, manifest, beside)
            _check(file, beside, check_scenario)
    return target, manifest


def scenario_files(folder: Path) -> list[Path]:
    """Scenarios that came with a region."""
    return sorted((folder / SCENARIOS).glob("*.json"))


def _part(name: str, content: Path | bytes) -> Part:
    with _opened(content) as stream:
        digest = hashlib.sha256()
        size = 0
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Part(name, size, digest.hexdigest())


def _opened(content: Path | bytes) -> io.BufferedIOBase:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


@contextmanager
def _zip_of(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN as error:
        msg = f"{file}: this is no region as one file, or a damaged one ({error}). Ask for it again."
        raise InputError(msg) from error
    with archive:
        yield archive


def _manifest(file: Path, archive: zipfile.ZipFile) -> Manifest:
    """What the file says of itself, once its parts are those that are there and their names and sizes are safe."""
    entries = archive.infolist()
    REGION_PARTS.refuse_beyond(str(file), len(entries) - 1)
    refuse_packing(str(file), file.stat().st_size, sum(entry.file_size for entry in entries))
    try:
        with archive.open(MANIFEST) as stream:
            text = stream.read(MANIFEST_BYTES)
        manifest = msgspec.json.decode(text, type=Manifest)
    except KeyError as error:
        msg = f"{file}: there is no {MANIFEST} in it, so it is no region that `dorpshub export` wrote, or a damaged one. Ask for it again."
        raise InputError(msg) from error
    except (*_BROKEN, msgspec.DecodeError, RecursionError) as error:
        msg = f"{file}: its {MANIFEST} cannot be read ({error}). Ask for the file again, or take a newer version of dorpshub."
        raise InputError(msg) from error
    told, there = [part.name for part in manifest.parts], [entry.filename for entry in entries]
    unsafe = sorted({name for name in (*told, *there) if not _is_safe(name)})
    if unsafe:
        msg = f"{file}: it holds names that could lead out of the folder ({', '.join(map(repr, unsafe[:3]))}). Do not use this file."
        raise InputError(msg)
    if sorted([*told, MANIFEST]) != sorted(there) or len({name.casefold() for name in there}) != len(there):
        msg = f"{file}: what is in it is not what its {MANIFEST} tells. Ask for the file again."
        raise InputError(msg)
    return manifest


def _is_safe(name: str) -> bool:
    return (
        all(PART.fullmatch(part) for part in PurePosixPath(name).parts) and str(PurePosixPath(name)) == name
    )


def _unpack(file: Path, archive: zipfile.ZipFile, manifest: Manifest, folder: Path) -> None:
    """Write all parts to `folder`; InputError with those that are not what they were."""
    damaged = []
    for part in manifest.parts:
        target = folder / part.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not _copied(archive, part, target):
            damaged.append(part.name)
    if damaged:
        msg = (
            f"{file}: damaged on the way: {', '.join(damaged[:5])}{' and more' * (len(damaged) > 5)} is not what it was "
            "when the file was made. Ask for the file again."
        )
        raise InputError(msg)


def _copied(archive: zipfile.ZipFile, part: Part, target: Path) -> bool:
    """Copy one part, no more of it than is told, and say whether it is what it was."""
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        try:
            with archive.open(part.name) as stream:
                while size <= part.size and (chunk := stream.read(_CHUNK)):
                    digest.update(chunk)
                    size += len(chunk)
                    out.write(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            return False
    return size == part.size and digest.hexdigest() == part.sha256


def _check(file: Path, folder: Path, check_scenario: Callable[[str], object]) -> None:
    """Refuse a region that cannot be opened, and scenarios that cannot be read."""
    if not (folder / "region.toml").is_file():
        msg = f"{file}: there is no region.toml in it, so it is no region that `dorpshub export` wrote."
        raise InputError(msg)
    load_region(folder)
    for scenario in scenario_files(folder):
        check_scenario(scenario.read_text(encoding="utf-8", errors="replace"))
