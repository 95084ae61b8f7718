"""What the server tells a browser with every answer: which code, pictures and servers the pages may use, and who may frame them.

The policy names all that is allowed; the rest a browser refuses and tells in its console. Why each is needed stands in
docs/headers.md, and tests/browser/test_headers.py opens every page under it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Mapping[str, tuple[str, ...]] = {
    "default-src": ("'none'",),
    "script-src": ("'self'", "blob:", "'wasm-unsafe-eval'"),
    "worker-src": ("'self'", "blob:"),
    "style-src": ("'self'", "'unsafe-inline'"),
    "font-src": ("'self'", "data:"),
    "img-src": ("'self'", "data:", "blob:"),
    "connect-src": ("'self'",),
    "base-uri": ("'none'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'none'",),
}
ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def headers(scripts: Iterable[str], pictures: Iterable[str]) -> dict[str, str]:
    """Headers of every answer.

    `scripts` are the texts of those that stand inside a page, beside the ones of Streamlit; `pictures` are addresses of map
    pictures that a visitor may switch on.
    """
    digests = sorted({digest(script) for script in (*_scripts_of_streamlit(), *scripts)})
    hosts = sorted({f"{at.scheme}://{at.netloc}" for at in map(urlsplit, pictures)})
    # The map fetches its pictures, so that they are asked for as data and not as images.
    more = {"script-src": digests, "connect-src": hosts}
    allowed = {name: (*sources, *more.get(name, ())) for name, sources in POLICY.items()}
    policy = "; ".join(" ".join((name, *sources)) for name, sources in allowed.items())
    return {"Content-Security-Policy": policy, **ALWAYS}


def digest(script: str) -> str:
    """Name that the policy has for a script inside a page."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def _scripts_of_streamlit() -> list[str]:
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    return re.findall(r"<script>(.*?)</script>", page, re.DOTALL)


class WithHeaders:
    """Server that adds headers to every answer of another, where that one did not say so itself."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name for name, _ in message["headers"]}
                added = [header for header in self._headers if header[0] not in there]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self._app(scope, receive, told)
