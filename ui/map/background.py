"""The map pictures from the internet that a visitor may switch on: whose they are, and what the switch says."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from data.errors import InputError
from ui.words.i18n import Texts

SOURCES = Path(__file__).with_name("background_map.toml")
PLACEHOLDERS = ("{z}", "{x}", "{y}")


class TileSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A server of map pictures in Web Mercator; the fields are explained in `SOURCES`."""

    name: str
    tiles: Annotated[str, Meta(pattern="^https?://")]
    credit: str
    link: Annotated[str, Meta(pattern="^https?://")]
    crs: tuple[str, ...]
    zooms: tuple[Annotated[int, Meta(ge=0, le=24)], Annotated[int, Meta(ge=0, le=24)]]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    source: tuple[TileSource, ...] = ()


@cache
def load_sources(path: Path = SOURCES) -> tuple[TileSource, ...]:
    """Read the servers that may be asked.

    Raises
    ------
    InputError
        When the file cannot be read, or an address lacks one of {z}, {x} and {y}.

    """
    try:
        sources = msgspec.toml.decode(path.read_bytes(), type=_File).source
    except (OSError, msgspec.DecodeError) as error:
        msg = f"{path}: this is no list of map servers ({error}). Mend it, or remove all its tables."
        raise InputError(msg) from error
    for source in sources:
        if missing := [mark for mark in PLACEHOLDERS if mark not in source.tiles]:
            msg = f"{path}: the address of '{source.name}' lacks {', '.join(missing)}."
            raise InputError(msg)
    return sources


def offered(crs: str, sources: tuple[TileSource, ...]) -> TileSource | None:
    """Return the first source for regions in `crs`; None where there is none."""
    return next((source for source in sources if crs in source.crs or not source.crs), None)


def background(crs: str, sources: tuple[TileSource, ...], texts: Texts) -> dict[str, Any] | None:
    """What the map needs to offer the first source for regions in `crs`; None where there is none, and then no switch."""
    found = offered(crs, sources)
    if found is None:
        return None
    words = {
        "label": texts.say("Background map from the internet"),
        "told": texts.say(
            "Your browser then asks {server} for pictures of the map. That server sees your internet address and which piece "
            "of the map you look at."
        ),
        "failed": texts.say(
            "The map pictures of {server} do not come in. You see the map of this app itself."
        ),
        "partly": texts.say("Some of the map pictures of {server} did not come in."),
    }
    return {
        "tiles": found.tiles,
        "zooms": list(found.zooms),
        "credit": found.credit,
        "link": found.link,
        "texts": {name: text.format(server=found.name) for name, text in words.items()},
    }
