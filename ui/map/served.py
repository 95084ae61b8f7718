"""What the map asks of our own server: MapLibre GL and our code, what never changes of a region, and its base map as tiles.

Addresses hold a digest of what they lead to, so that a browser keeps what it got: it asks again only for what is new.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from data.tiles.archive import Archive

Value = TypeVar("Value")
HERE = Path(__file__).parent
FOLDERS = ("browser", "library")
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
MOST_KEPT = 64
"""Regions and days whose maps are asked for; each takes a megabyte or two, and who draws a map again has it kept again."""


class Newest(Generic[Value]):
    """What was kept or asked for last, by what stands for it in the address; the rest is let go of."""

    def __init__(self, most: int) -> None:
        self._most, self._values, self._lock = most, OrderedDict[str, Value](), Lock()

    def keep(self, key: str, value: Value) -> None:
        """Keep a value as the newest."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def get(self, key: str) -> Value | None:
        """Value of a key, the newest from then on; None where it is kept no longer."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)


LAYERS: Newest[bytes] = Newest(MOST_KEPT)
TILES: Newest[Archive] = Newest(MOST_KEPT)


def routes() -> list[BaseRoute]:
    """Addresses for the server of the app."""
    return [
        Route(f"{_root()}/code/{{digest}}/{{folder}}/{{name}}", _code),
        Route(f"{_root()}/layers/{{digest}}.json", _layers),
        Route(f"{_root()}/tiles/{{key}}/{{zoom:int}}/{{column:int}}/{{row:int}}.mvt", _tile),
    ]


def code_address() -> str:
    """Address of the module that draws the map."""
    return f"{_root()}/code/{_code_digest()}/browser/map.js"


def layers_address(digest: str, layers: bytes) -> str:
    """Address at which `layers` (JSON) of a digest can be had from now on."""
    LAYERS.keep(digest, layers)
    return f"{_root()}/layers/{digest}.json"


def tiles_address(key: str, archive: Archive) -> str:
    """Address of the tiles of an archive, with blanks for zoom, column and row; `key` may be known by its visitors only."""
    TILES.keep(key, archive)
    return f"{_root()}/tiles/{key}/{{z}}/{{x}}/{{y}}.mvt"


def _root() -> str:
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}/map" if base else "/map"


@cache
def _files() -> dict[tuple[str, str], Path]:
    return {
        (folder, file.name): file
        for folder in FOLDERS
        for file in (HERE / folder).iterdir()
        if file.suffix in TYPES
    }


@cache
def _code_digest() -> str:
    digest = hashlib.sha256()
    for _, file in sorted(_files().items()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:32]


async def _code(request: Request) -> Response:
    asked = request.path_params
    file = _files().get((asked["folder"], asked["name"]))
    if file is None:
        raise HTTPException(404)
    # A page of before an update asks under the old digest: it gets what there is, and does not keep it.
    headers = FOR_GOOD if asked["digest"] == _code_digest() else {}
    return Response(file.read_bytes(), media_type=TYPES[file.suffix], headers=headers)


async def _layers(request: Request) -> Response:
    found = LAYERS.get(request.path_params["digest"])
    if found is None:
        raise HTTPException(404)
    return Response(found, media_type="application/json", headers=FOR_GOOD)


async def _tile(request: Request) -> Response:
    asked = request.path_params
    archive = TILES.get(asked["key"])
    if archive is None:
        raise HTTPException(404)
    tile = archive.tile((asked["zoom"], asked["column"], asked["row"]))
    if tile is None:
        return Response(status_code=204, headers=FOR_GOOD)  # nothing to draw here is no error
    headers = FOR_GOOD | {"Content-Encoding": "gzip"}
    return Response(tile, media_type="application/vnd.mapbox-vector-tile", headers=headers)
