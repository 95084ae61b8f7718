"""A server in front of the app, as one stands in a municipality: it hands on requests, uploads and websockets byte for byte."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

PIECE = 65_536


@contextmanager
def proxy(address: str) -> Iterator[str]:
    """Stand in front of the app at `address`, and give the address that visitors open."""
    behind = urlsplit(address)
    there = (behind.hostname, behind.port or 80)

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = self.request.recv(PIECE)
                if not piece:
                    return
                head += piece
            with socket.create_connection(there) as app:
                app.sendall(_one_answer(head))
                back = Thread(target=_pump, args=(app, self.request))
                back.start()
                _pump(self.request, app)
                back.join()

    with _served(ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def stranger(page: str) -> Iterator[str]:
    """Give the address of another site, all of whose pages are `page`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with _served(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _served(server: Any) -> Iterator[int]:
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _one_answer(head: bytes) -> bytes:
    """Ask for the connection to be closed after the answer, unless it becomes a websocket: then nothing need be counted."""
    lines, rest = head.split(b"\r\n\r\n", 1)
    if b"\r\nupgrade: websocket" in lines.lower():
        return head
    kept = [line for line in lines.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*kept, b"Connection: close", b"", rest])


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Hand on all that comes until the source ends."""
    with suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
