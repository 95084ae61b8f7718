"""OSM files as libosmium reads them rightly: without what an editor deleted, and with places on nodes.

JOSM keeps objects that were deleted but not yet uploaded, with `action="delete"` (OSM wiki: JOSM file format); libosmium
does not look at that. A PBF with the feature `LocationsOnWays` (osmium add-locations-to-ways) has places on the nodes of
its ways and no untagged nodes, which is where everything else looks for them.
"""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol
from xml import sax
from xml.sax.handler import feature_external_ges
from xml.sax.saxutils import XMLFilterBase, XMLGenerator
from xml.sax.xmlreader import AttributesImpl

import osmium
from osmium.osm import Way

from data.limits import refuse_packing

_CHUNK = 1 << 22
_MARKS = (b"action=", b'visible="false"', b"visible='false'")
_OBJECTS = frozenset(["node", "way", "relation"])
_ON_WAYS = "LocationsOnWays"


class _Bytes(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...

    def close(self) -> None: ...


@contextmanager
def readable(path: Path) -> Iterator[tuple[Path, list[str]]]:
    """The file itself, or a copy for as long as the context lasts, and the objects that are left out of the copy."""
    with TemporaryDirectory() as folder:
        if path.name.lower().endswith(".pbf"):
            yield (_with_nodes(path, Path(folder)) if _has_places_on_ways(path) else path), []
        elif _has_mark(path):
            copy = Path(folder) / "kept.osm"
            yield copy, _without_deleted(path, copy)
        else:
            yield path, []


@contextmanager
def _opened(path: Path) -> Iterator[_Bytes]:
    """Content of a file, unpacked while it is read; InputError where it is far larger than the file."""
    name = path.name.lower()
    unpack = gzip.open if name.endswith(".gz") else bz2.open if name.endswith(".bz2") else open
    with unpack(path, "rb") as file:
        yield _Measured(file, path)


class _Measured:
    """A stream that counts what comes out of it."""

    def __init__(self, file: _Bytes, path: Path) -> None:
        self._file, self._name, self._packed, self._n_bytes = file, path.name, path.stat().st_size, 0

    def read(self, size: int = -1, /) -> bytes:
        content = self._file.read(size)
        self._n_bytes += len(content)
        refuse_packing(self._name, self._packed, self._n_bytes)
        return content

    def close(self) -> None:
        self._file.close()


def _has_mark(path: Path) -> bool:
    """Whether a file may tell of deleted objects; a text that only says so does no harm."""
    try:
        with _opened(path) as file:
            rest = b""
            while chunk := file.read(_CHUNK):
                if any(mark in rest + chunk for mark in _MARKS):
                    return True
                rest = chunk[-max(map(len, _MARKS)) :]
    except (OSError, EOFError, zlib.error):
        pass  # libosmium says what is wrong with the file
    return False


class _Deleted(XMLFilterBase):
    """Passes on everything but the objects that were deleted."""

    def __init__(self) -> None:
        super().__init__(sax.make_parser())  # noqa: S317 -- expat itself stops entities that blow up
        self.ids: list[str] = []
        self._skipping = ""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 -- the name that SAX calls
        is_gone = attrs.get("action") == "delete" or attrs.get("visible") == "false"
        if not self._skipping and name in _OBJECTS and is_gone:
            self._skipping = name
            self.ids.append(f"{name}/{attrs.get('id')}")
        if not self._skipping:
            super().startElement(name, attrs)

    def endElement(self, name: str) -> None:  # noqa: N802
        if not self._skipping:
            super().endElement(name)
        elif name == self._skipping:
            self._skipping = ""

    def characters(self, content: str) -> None:
        """Nothing: an OSM file has no text between its tags."""


def _without_deleted(path: Path, copy: Path) -> list[str]:
    """Write a file without its deleted objects, and return their ids."""
    reader = _Deleted()
    reader.setFeature(feature_external_ges, False)
    with _opened(path) as file, copy.open("wb") as out:
        reader.setContentHandler(XMLGenerator(out, "utf-8"))
        reader.parse(file)
    return reader.ids


def _has_places_on_ways(path: Path) -> bool:
    try:
        with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
            header = reader.header()
    except (RuntimeError, ValueError):
        return False  # reading it says what is wrong
    return any(header.get(f"pbf_optional_feature_{number}", "") == _ON_WAYS for number in range(8))


def _with_nodes(path: Path, folder: Path) -> Path:
    """Write a file in which the nodes of the ways are objects of their own; those that are keep their tags."""
    own = {node.id for node in osmium.FileProcessor(str(path), osmium.osm.NODE)}
    places = {
        node.ref: (node.location.lon, node.location.lat)
        for way in osmium.FileProcessor(str(path), osmium.osm.WAY)
        if isinstance(way, Way)
        for node in way.nodes
        if node.location.valid() and node.ref not in own
    }
    nodes = folder / "nodes.osm.pbf"
    with osmium.SimpleWriter(str(nodes)) as writer:
        for node, place in sorted(places.items()):
            writer.add_node(osmium.osm.mutable.Node(id=node, location=place, version=1, visible=True))
    return merged([path, nodes], folder / "with-nodes.osm.pbf")


def merged(paths: list[Path], out: Path) -> Path:
    """Write the objects of files to one, in the order nodes, ways, relations, each by id."""
    merge = osmium.MergeInputReader()
    for path in paths:
        merge.add_file(str(path))
    nothing = osmium.io.FileBuffer(b'<osm version="0.6"></osm>', "osm")
    writer = osmium.io.Writer(str(out))
    with osmium.io.Reader(nothing) as reader:
        merge.apply_to_reader(reader, writer)
    writer.close()
    return out
