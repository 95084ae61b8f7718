"""What the map asks of the server of the app: code, layers and tiles, kept for good under addresses that say what they lead to."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from data.tiles.archive import open_archive, write_archive
from ui.map import served

FOR_GOOD = "public, max-age=31536000, immutable"


def ask(address: str) -> tuple[int, dict[str, str], bytes]:
    """Status, head and body of an answer."""
    messages: list[Message] = []
    asked = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        return asked.pop() if asked else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "raw_path": address.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [],
    }
    asyncio.run(Starlette(routes=served.routes())(scope, receive, send))
    head = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    return messages[0]["status"], head, b"".join(message.get("body", b"") for message in messages[1:])


def test_the_code_lies_beside_the_library_it_imports() -> None:
    status, head, body = ask(served.code_address())
    assert (status, head["cache-control"]) == (200, FOR_GOOD)
    assert head["content-type"].startswith("text/javascript")
    assert b'from "../library/maplibre-gl.mjs"' in body
    status, head, body = ask(served.code_address().replace("browser/map.js", "library/maplibre-gl.mjs"))
    assert (status, head["cache-control"]) == (200, FOR_GOOD)
    assert b"MapLibre GL JS" in body[:200]


def test_code_of_before_an_update_is_not_kept() -> None:
    status, head, _ = ask("/map/code/old/browser/map.js")
    assert status == 200
    assert "cache-control" not in head


@pytest.mark.parametrize(
    "name", ["library/SOURCE.toml", "browser/none.js", "browser/..%2Fserved.py", "pages/page.py"]
)
def test_nothing_else_is_handed_out(name: str) -> None:
    assert ask(f"/map/code/x/{name}")[0] == 404


def test_layers_are_found_under_their_digest() -> None:
    address = served.layers_address("of-a-1", b'{"a": 1}')
    assert ask(address)[2] == b'{"a": 1}'
    assert served.layers_address("of-a-2", b'{"a": 2}') != address
    assert ask("/map/layers/unknown.json")[0] == 404


def test_a_tile_comes_as_it_is_kept_and_an_empty_one_is_no_error(tmp_path: Path) -> None:
    write_archive(tmp_path / "one.pmtiles", [((3, 4, 2), b"a tile")], (0.0, 0.0, 1.0, 1.0), {})
    archive = open_archive(tmp_path / "one.pmtiles")
    assert archive is not None
    address = served.tiles_address("some-region", archive)
    status, head, body = ask(address.format(z=3, x=4, y=2))
    assert (status, head["content-encoding"], gzip.decompress(body)) == (200, "gzip", b"a tile")
    assert ask(address.format(z=3, x=0, y=0))[0] == 204
    assert ask("/map/tiles/another/3/4/2.mvt")[0] == 404


def test_addresses_start_with_the_path_below_which_the_app_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.map.served.st.get_option", lambda _name: "/drenthe/hubs/")
    assert served.code_address().startswith("/drenthe/hubs/map/code/")
    assert ask(served.code_address())[0] == 200


def test_what_was_not_asked_for_for_longest_is_let_go_of() -> None:
    kept: served.Newest[int] = served.Newest(2)
    for key, value in (("a", 1), ("b", 2)):
        kept.keep(key, value)
    assert kept.get("a") == 1
    kept.keep("c", 3)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]
