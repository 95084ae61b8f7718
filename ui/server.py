"""How Streamlit serves the app. All settings stand here and in no file, so that an installed package behaves as a clone does."""

from __future__ import annotations

import logging
import sys
import webbrowser
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any

import streamlit as st

LIGHT = {
    "primaryColor": "#0b5d59",
    "backgroundColor": "#fdfcf9",
    "secondaryBackgroundColor": "#f3f1ea",
    "textColor": "#1c2b2a",
    "linkColor": "#0b5d59",
    "borderColor": "#dcd7ca",
    "dataframeHeaderBackgroundColor": "#f3f1ea",
}
DARK = {
    "primaryColor": "#5ab4ac",
    "backgroundColor": "#131a1b",
    "secondaryBackgroundColor": "#1c2627",
    "textColor": "#e9efee",
    "linkColor": "#7fcdc6",
    "borderColor": "#34403f",
    "dataframeHeaderBackgroundColor": "#1c2627",
}
SETTINGS: Mapping[str, Any] = MappingProxyType(
    {
        # No outside host hears of a visit, by the server or by the browser.
        "browser.gatherUsageStats": False,
        "server.showEmailPrompt": False,
        "client.showErrorLinks": False,
        # Only pages of this server speak to it, and none that holds it in a frame.
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.xsrfCookieSameSite": "strict",
        "client.allowedOrigins": [],
        "server.enableStaticServing": False,
        "server.enableAgentApi": False,
        # A visitor is told in words what went wrong; how is written to the log.
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "global.developmentMode": False,
        "server.fileWatcherType": "none",
        "logger.hideWelcomeMessage": True,
        # The largest file of any upload field, in MB (a national timetable); each field has a limit of its own.
        "server.maxUploadSize": 250,
        "theme.baseFontSize": 16,
        "theme.baseRadius": "10px",
        "theme.buttonRadius": "10px",
        "theme.headingFontWeights": [700, 650, 600],
        "theme.headingFontSizes": ["1.9rem", "1.35rem", "1.1rem"],
        "theme.showWidgetBorder": True,
        "theme.linkUnderline": True,
        **{f"theme.light.{name}": colour for name, colour in LIGHT.items()},
        **{f"theme.dark.{name}": colour for name, colour in DARK.items()},
    }
)
"""Options of Streamlit by name. What is not named here is Streamlit's own, or that of its file or environment on a server."""
EVERYBODY = ("0.0.0.0", "::")  # noqa: S104 -- only named, to say what it means


def serve(app: st.App, address: str, port: int, *, opens: bool) -> None:
    """Serve the app at an address and port of this machine until it is stopped; `opens` it in a browser as well.

    Port 0 is any that is free. Raises KeyboardInterrupt once all is closed after Ctrl-C.
    """
    asked = {"server.address": address, "server.port": port, "server.headless": not opens}
    # The pages have read options before these are set, which Streamlit takes for a change that needs a new start.
    logging.getLogger("streamlit.config").addFilter(lambda record: "[server]" not in record.getMessage())
    app.run(config={**SETTINGS, **asked})


@asynccontextmanager
async def announced(_app: st.App) -> AsyncIterator[None]:
    """Tell where the app is from the moment on that it answers, and open it in a browser where that was asked."""
    address, port = st.get_option("server.address"), st.get_option("server.port")
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    link = url(address, port) + path
    told = f"The app is at {link} (Ctrl-C stops it)."
    if address in EVERYBODY:
        told += " Everybody who can reach this machine can open it: put a server with a lock in front of it."
    sys.stdout.write(f"{told}\n")
    sys.stdout.flush()
    if not st.get_option("server.headless"):
        webbrowser.open(link)
    yield


def url(address: str, port: int) -> str:
    """Link that leads a browser on this machine to what listens at an address and port."""
    host = "localhost" if address in EVERYBODY else f"[{address}]" if ":" in address else address
    return f"http://{host}:{port}/"
