"""A folder of results as a catalogue in DCAT, with what the Dutch profile DCAT-AP-NL 3.0 asks for.

What files say of themselves comes from the files; who publishes them, where and under which licence, only a publisher can say.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from data.errors import InputError
from data.metadata.about import KEY, VOCABULARIES

FILE = "dcat.jsonld"
EU = "http://publications.europa.eu/resource/authority"
THEME = f"{EU}/data-theme/TRAN"
LANGUAGE = f"{EU}/language/ENG"
ACCESS = {"public": "PUBLIC", "restricted": "RESTRICTED", "non-public": "NON_PUBLIC"}
FORMATS = {
    ".csv": ("CSV", "text/csv"),
    ".parquet": ("PARQUET", "application/vnd.apache.parquet"),
    ".geojson": ("GEOJSON", "application/geo+json"),
    ".gpkg": ("GPKG", "application/geopackage+sqlite3"),
    ".dorpshub": ("ZIP", "application/zip"),
}
"""Of each ending: the name in the European list of file types, and the media type."""
KNOWN_LICENCES = {
    "cc by 4.0": "http://creativecommons.org/licenses/by/4.0/",
    "cc-by-4.0": "http://creativecommons.org/licenses/by/4.0/",
    "cc0": "http://creativecommons.org/publicdomain/zero/1.0/",
    "cc0 1.0": "http://creativecommons.org/publicdomain/zero/1.0/",
    "odbl": "http://opendatacommons.org/licenses/odbl/1-0/",
    "odbl 1.0": "http://opendatacommons.org/licenses/odbl/1-0/",
}
"""Addresses of licences that are written in so many words; whatever else a source says is not guessed."""
CONTEXT: dict[str, Any] = {
    **VOCABULARIES,
    "spdx": "http://spdx.org/rdf/terms#",
    **{
        name: {"@type": "@id"}
        for name in (
            *("dcat:theme", "dcat:accessURL", "dcat:downloadURL", "dcat:mediaType"),
            *("dct:accessRights", "dct:format", "dct:language", "dct:license", "dct:conformsTo"),
            *("vcard:hasEmail", "spdx:algorithm"),
        )
    },
}


class Publisher(NamedTuple):
    """Who publishes: a name and an address on the web that stands for it, an e-mail address, and on which terms."""

    name: str
    uri: str
    email: str
    base: str
    licence: str
    access: str


class File(NamedTuple):
    """A file of results, with what it says of itself."""

    path: Path
    title: str
    description: str
    modified: str
    rights: tuple[str, ...]


def files_in(folder: Path) -> list[File]:
    """Files of a folder that say what they are; those that do not are left out.

    Raises
    ------
    InputError
        When there is no such folder, or none of its files says what it is.

    """
    if not folder.is_dir():
        msg = f"{folder}: there is no such folder. Name the folder with the files that are published."
        raise InputError(msg)
    found = [(path, _said(path)) for path in sorted(folder.iterdir()) if path.suffix in FORMATS]
    told = [_file(path, said) for path, said in found if said]
    if not told:
        msg = f"{folder}: no file in it says what it is. Write results into it with dorpshub, as {', '.join(FORMATS)}."
        raise InputError(msg)
    return told


def _said(path: Path) -> dict[str, Any]:
    """What a file says of itself, in the words of `About.json_ld`; nothing where it says nothing or is damaged."""
    with suppress(OSError, ValueError, KeyError, TypeError, sqlite3.Error, zipfile.BadZipFile):
        said = _READERS[path.suffix](path)
        return said if isinstance(said, dict) else {}
    return {}


def _of_csv(path: Path) -> dict[str, Any]:
    text = path.with_name(f"{path.name}-metadata.json").read_text(encoding="utf-8")
    return {name.replace("dc:", "dct:", 1): value for name, value in json.loads(text).items()}


def _of_parquet(path: Path) -> dict[str, Any]:
    import pyarrow.parquet as pq  # noqa: PLC0415 -- for this alone

    said: dict[str, Any] = json.loads(pq.read_schema(path).metadata[KEY.encode()])
    return said


def _of_geojson(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    return said


def _of_geopackage(path: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        ((text,),) = database.execute(
            "SELECT metadata FROM gpkg_metadata WHERE mime_type = 'application/ld+json'"
        )
    said: dict[str, Any] = json.loads(text)
    return said


def _of_region_file(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    layers = manifest["layers"]
    return {
        "dct:title": f"Region: {manifest['title']}",
        "dct:description": (
            "Streets, timetable, places and services of a region, with scenarios, as one file for dorpshub "
            f"{manifest['version']}. Sources: {'; '.join(of['source'] for of in layers)}."
        ),
        "dct:modified": max((of["date"] for of in layers), default=""),
        "dct:rights": list(dict.fromkeys(of["licence"] for of in layers if of["licence"])),
    }


_READERS = {
    ".csv": _of_csv,
    ".parquet": _of_parquet,
    ".geojson": _of_geojson,
    ".gpkg": _of_geopackage,
    ".dorpshub": _of_region_file,
}


def _file(path: Path, said: dict[str, Any]) -> File:
    rights = said.get("dct:rights", ())
    return File(
        path,
        str(said.get("dct:title", path.name)),
        str(said.get("dct:description", "")) or path.name,
        str(said.get("dct:modified", "")),
        tuple(map(str, rights)) if isinstance(rights, list) else (str(rights),),
    )


def licence_of(files: Iterable[File]) -> str:
    """Address of the one licence that all sources of all files are under.

    Raises
    ------
    InputError
        With all their licences, when they are several, or in other words than those of a known one.

    """
    said = list(dict.fromkeys(of for file in files for of in file.rights))
    known = {KNOWN_LICENCES.get(of.casefold()) for of in said}
    if len(known) == 1 and (one := next(iter(known))):
        return one
    msg = (
        f"Say under which --licence these files are published, as an address: their sources are under {'; '.join(said) or 'none'}. "
        "What is made of several keeps to the strictest of them."
    )
    raise InputError(msg)


def catalogue(title: str, files: Iterable[File], by: Publisher) -> dict[str, Any]:
    """Catalogue of files that are published together, a data set each, as JSON-LD."""
    agent = {"@id": by.uri, "@type": "foaf:Agent", "foaf:name": by.name}
    contact = {"@type": "vcard:Organization", "vcard:fn": by.name, "vcard:hasEmail": f"mailto:{by.email}"}
    common = {"dct:publisher": agent, "dcat:contactPoint": contact, "dct:language": LANGUAGE}
    return {
        "@context": CONTEXT,
        "@id": f"{by.base}{FILE}",
        "@type": "dcat:Catalog",
        "dct:title": _english(title),
        "dct:description": _english(
            f"Travel times from villages to services, and what they rest on: {title}."
        ),
        **common,
        "dcat:dataset": [_dataset(file, by) | common for file in files],
    }


def _english(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "en"}


def _dataset(file: File, by: Publisher) -> dict[str, Any]:
    address = f"{by.base}{quote(file.path.name)}"
    kind, media = FORMATS[file.path.suffix]
    modified = {} if len(file.modified) != len("2026-10-06") else {"dct:modified": _day(file.modified)}
    return {
        "@id": f"{address}#dataset",
        "@type": "dcat:Dataset",
        "dct:title": _english(file.title),
        "dct:description": _english(file.description),
        "dct:identifier": f"{address}#dataset",
        "dct:creator": {"@id": by.uri},
        "dct:accessRights": f"{EU}/access-right/{ACCESS[by.access]}",
        "dcat:theme": THEME,
        **modified,
        "dcat:distribution": {
            "@id": address,
            "@type": "dcat:Distribution",
            "dct:title": _english(file.path.name),
            "dcat:accessURL": address,
            "dcat:downloadURL": address,
            "dct:license": by.licence,
            "dct:rights": {"@type": "dct:RightsStatement", "dct:description": "; ".join(file.rights)},
            "dct:format": f"{EU}/file-type/{kind}",
            "dcat:mediaType": f"https://www.iana.org/assignments/media-types/{media}",
            "dcat:byteSize": {"@value": str(file.path.stat().st_size), "@type": "xsd:nonNegativeInteger"},
        },
    }


def _day(text: str) -> dict[str, str]:
    return {"@value": text, "@type": "xsd:date"}
