"""A visitor without a browser: speaks to the app over its websocket as a browser does, and draws nothing.

Ten browsers on two cores would measure the browsers.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

PATIENCE_S = 300.0
SENT_AT_MOST = 64 * 1024 * 1024
SAID = ("html", "markdown", "heading", "text", "alert")
TABLES = ("table", "dataframe")
"""What says something, in words or in bytes that are the same for the same answer."""
USED = ("button", "selectbox", "checkbox", "button_group")
MB = 2**20
CHILDREN = "/proc/{pid}/task/{pid}/children"


class Widget(NamedTuple):
    """Something on a page that can be used: of which kind, and what can be chosen."""

    id: str
    kind: str
    options: tuple[str, ...]


class Visitor:
    """One visitor, and what the page he or she looks at has."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.widgets: dict[str, Widget] = {}
        self.said: list[str] = []
        self.exceptions: list[str] = []

    async def run(self, page: str, used: Widget | None = None, chosen: int = 0, query: str = "") -> float:
        """Let a page run, with a widget used if there is one; return the seconds until all of it has come."""
        message = BackMsg()
        message.rerun_script.page_name, message.rerun_script.query_string = page, query
        if used is not None:
            _use(message.rerun_script.widget_states.widgets.add(), used, chosen)
        self.widgets, self.said = {}, []
        start = time.perf_counter()
        await self.connection.send(message.SerializeToString())
        while True:
            sent = ForwardMsg.FromString(
                await asyncio.wait_for(self.connection.recv(decode=False), PATIENCE_S)
            )
            what = sent.WhichOneof("type")
            if what == "script_finished":
                return time.perf_counter() - start
            if what == "delta":
                self._take(sent.delta.new_element)

    def _take(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind in USED:
            found = getattr(element, kind)
            options = tuple(map(_name, found.options)) if hasattr(found, "options") else ()
            self.widgets[found.id] = Widget(found.id, kind, options)
        elif kind == "exception":
            self.exceptions.append(element.exception.message)
        elif kind in SAID:
            self.said.append(getattr(element, kind).body)
        elif kind in TABLES:
            self.said.append(getattr(element, kind).SerializeToString(deterministic=True).decode("latin-1"))

    def widget(self, name: str) -> Widget:
        """Return the widget of which the key has this word."""
        found = self.widget_or_none(name)
        if found is None:
            msg = f"no widget {name} here"
            raise LookupError(msg)
        return found

    def widget_or_none(self, name: str) -> Widget | None:
        """Return the widget of which the key has this word; None where there is none."""
        return next((widget for widget in self.widgets.values() if name in widget.id), None)

    async def act(self, page: str, hand: random.Random) -> float:
        """Do something that the page allows."""
        useful = [widget for widget in self.widgets.values() if widget.kind != "selectbox" or widget.options]
        used = hand.choice(useful) if useful else None
        return await self.run(page, used, hand.randrange(10_000))


def _name(option: Any) -> str:
    return option if isinstance(option, str) else str(option.content)


def _use(state: Any, widget: Widget, chosen: int) -> None:
    state.id = widget.id
    if widget.kind == "button":
        state.trigger_value = True
    elif widget.kind == "checkbox":
        state.bool_value = bool(chosen % 2)
    elif widget.kind == "selectbox":
        state.string_value = widget.options[chosen % len(widget.options)]
    elif widget.options:
        state.string_array_value.data.append(widget.options[chosen % len(widget.options)])


@asynccontextmanager
async def visiting(address: str) -> AsyncIterator[Visitor]:
    """A visitor of the app at this address."""
    stream = address.replace("http", "ws") + "/_stcore/stream"
    async with connect(
        stream, subprotocols=[Subprotocol("streamlit")], max_size=SENT_AT_MOST, ping_interval=None
    ) as connection:
        yield Visitor(connection)


APPS = (b"dorpshub\0app\0", b"streamlit\0run\0")
"""How an app is started: by its verb, or as before there was one."""


class Used(NamedTuple):
    """What a process takes: seconds of processor so far, and MB of memory now, of these its own that is no part of a file."""

    processor_s: float
    memory_mb: float
    own_mb: float


def taken_by_app() -> Used:
    """What the app takes that this process has started; only where the system tells (Linux)."""
    children = Path(CHILDREN.format(pid=os.getpid())).read_text(encoding="ascii").split()
    typed = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    (pid,) = (pid for pid, words in typed.items() if any(app in words for app in APPS))
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    resident, of_files = map(int, Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1:3])
    page_mb = os.sysconf("SC_PAGE_SIZE") / MB
    processor_s = (int(fields[11]) + int(fields[12])) / ticks
    return Used(processor_s, resident * page_mb, (resident - of_files) * page_mb)
