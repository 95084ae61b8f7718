"""A server on this machine that gives files and misbehaves on request."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

LAST_MODIFIED = "Tue, 06 Oct 2026 04:00:00 GMT"
HTML = b"<!DOCTYPE html><html><body>Log in to this network</body></html>"

Behaviour = Callable[["Handler", bytes], None]


@dataclass(slots=True)
class Server:
    """Files by path, and for each path how the next requests are answered; then as they should be.

    `asked` are the requests so far: path and headers. `sizes` are told instead of the true ones to who asks for no more.
    """

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    behaviours: dict[str, list[Behaviour]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    md5: bool = False
    sizes: dict[str, int] = field(default_factory=dict)
    posts: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)

    def url(self, path: str) -> str:
        return self.address + path

    def count(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Server

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.site.asked.append((path, {name.lower(): value for name, value in self.headers.items()}))
        content = self.site.files.get(self.path, self.site.files.get(path))
        if self.site.md5 and path.endswith(".md5") and (file := self.site.files.get(path[:-4])):
            content = f"{hashlib.md5(file).hexdigest()}  file\n".encode()  # noqa: S324 -- as Geofabrik does
        waiting = self.site.behaviours.get(path)
        if waiting:
            waiting.pop(0)(self, content or b"")
        elif content is None:
            self.refuse(404)
        else:
            self.give(content)

    def do_HEAD(self) -> None:
        content = self.site.files.get(urlsplit(self.path).path)
        size = self.site.sizes.get(urlsplit(self.path).path, len(content or b""))
        self.send_response(200 if content is not None else 404)
        self.send_header("Content-Length", str(size))
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.site.posts[urlsplit(self.path).path](body)
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(answer)

    def give(self, content: bytes) -> None:
        tag = self.tag(content)
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.end_headers()
            return
        asked = self.headers.get("Range")
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        if start and self.headers.get("If-Range") == tag:
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            start = 0
            self.send_response(200)
        self.describe(tag, len(content) - start)
        self.wfile.write(content[start:])

    @staticmethod
    def tag(content: bytes) -> str:
        """What the server calls this version of a file."""
        return f'"{hashlib.sha256(content).hexdigest()[:16]}"'

    def describe(self, tag: str, length: int) -> None:
        self.send_header("ETag", tag)
        self.send_header("Last-Modified", LAST_MODIFIED)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def refuse(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- as the base class calls it
        """Keep quiet."""


def status(number: int, **headers: str) -> Behaviour:
    """Answer with a status and nothing else."""
    return lambda handler, _: handler.refuse(number, **headers)


def html(handler: Handler, _: bytes) -> None:
    """Answer with a page of a network that asks to log in."""
    handler.give(HTML)


def cut_off(share: float) -> Behaviour:
    """Promise the whole file and hang up after a share of it."""

    def answer(handler: Handler, content: bytes) -> None:
        handler.send_response(200)
        handler.describe(handler.tag(content), len(content))
        handler.wfile.write(content[: int(share * len(content))])
        handler.close_connection = True

    return answer


def short(handler: Handler, content: bytes) -> None:
    """Promise, and give, less than the file."""
    handler.give(content[:-100])


def instead(other: bytes) -> Behaviour:
    """Give another file."""
    return lambda handler, _: handler.give(other)


def redirect(to: str) -> Behaviour:
    """Send on to another address."""
    return lambda handler, _: handler.refuse(302, Location=to)


def silent(handler: Handler, _: bytes) -> None:
    """Say nothing for longer than anybody waits, then hang up."""
    handler.server.stopped.wait(5.0)  # type: ignore[attr-defined]
    handler.close_connection = True


class _QuietServer(ThreadingHTTPServer):
    """Says nothing of who hangs up: programs that fetch are killed in tests."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serve() -> Iterator[Server]:
    """A server on a free port of this machine, for as long as the block lasts."""
    from threading import Event  # noqa: PLC0415

    site = Server()
    handler = type("Handler", (Handler,), {"site": site})
    server = _QuietServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.stopped = Event()  # type: ignore[attr-defined]
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.stopped.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()
        thread.join()
