"""Ten visitors at once who each place hub after hub: how long a click takes. `PYTHONPATH=.:tests python -m browser.load [VISITORS]`.

The visitors speak to the app as a browser does, over its websocket, but draw nothing: ten browsers on two cores would measure
the browsers. Each opens the page "Design", then chooses one village hall after another for a hub, and does so again as soon as the
app has sent the whole new page: the worst hour of the busiest day. It is no part of the test suite: what it measures depends on
what else the machine does.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time

from browser.chromium import running_app
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

VISITORS, CLICKS = 10, 10
AT_MOST_S, PATIENCE_S = 2.0, 300.0
HALLS = "hub-in-hall"
SENT_AT_MOST = 64 * 1024 * 1024


class Visitor:
    """One visitor on the page "Design"."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.widget = ""
        self.halls: list[str] = []

    async def run(self, hall: str | None) -> float:
        """Let the page run, with a hub chosen in a hall if there is one; return the seconds until all of it has come."""
        message = BackMsg()
        message.rerun_script.page_name = "ontwerp"
        if hall is not None:
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.string_value = self.widget, hall
        start = time.perf_counter()
        await self.connection.send(message.SerializeToString())
        while True:
            sent = ForwardMsg.FromString(
                await asyncio.wait_for(self.connection.recv(decode=False), PATIENCE_S)
            )
            if sent.WhichOneof("type") == "script_finished":
                return time.perf_counter() - start
            element = sent.delta.new_element
            if element.WhichOneof("type") == "selectbox" and HALLS in element.selectbox.id:
                self.widget, self.halls = element.selectbox.id, list(element.selectbox.options)


async def visitor(address: str, number: int, ready: asyncio.Barrier) -> list[float]:
    """Open the page, wait for the others, then click; return the seconds of each click."""
    stream = address.replace("http", "ws") + "/_stcore/stream"
    async with connect(
        stream, subprotocols=[Subprotocol("streamlit")], max_size=SENT_AT_MOST, ping_interval=None
    ) as connection:
        page = Visitor(connection)
        await page.run(None)
        await ready.wait()
        # Every visitor has other halls, so that none finds the answers of another ready.
        halls = page.halls[number * CLICKS :][:CLICKS]
        return [await page.run(hall) for hall in halls]


async def measure(address: str, n_visitors: int) -> list[float]:
    """Let all visitors in, and return the seconds of all clicks."""
    ready = asyncio.Barrier(n_visitors)
    visits = [visitor(address, number, ready) for number in range(n_visitors)]
    return [seconds for of_one in await asyncio.gather(*visits) for seconds in of_one]


def main() -> None:
    """Start the app, let the visitors in, and print the median and the worst."""
    n_visitors = int(sys.argv[1]) if len(sys.argv) > 1 else VISITORS
    with running_app() as address:
        asyncio.run(measure(address, 1))  # the first visit opens the region and compiles
        taken = sorted(asyncio.run(measure(address, n_visitors)))
    median, tail = statistics.median(taken), taken[round(0.95 * (len(taken) - 1))]
    sys.stdout.write(
        f"{n_visitors} visitors, {len(taken)} clicks: median {median:.2f} s (at most {AT_MOST_S:g} s is wanted), "
        f"95 % within {tail:.2f} s, worst {taken[-1]:.2f} s\n"
    )


if __name__ == "__main__":
    main()
