"""Whether the visit that asked for something is still there."""

from __future__ import annotations

import time

from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

LEFT_S = 120.0
"""How long a visit may be away, with a locked phone say, and come back to what it had: as long as Streamlit keeps it."""


class Presence:
    """The visit in which this was made, as it is seen from any thread; who is no visit, such as a test, is always there."""

    def __init__(self) -> None:
        context = get_script_run_ctx(suppress_warning=True)
        self._session = None if context is None else context.session_id
        self._seen_s = time.monotonic()

    @property
    def has_left(self) -> bool:
        """Whether nobody has been there for longer than a visit is kept."""
        now_s = time.monotonic()
        if (
            self._session is None
            or not Runtime.exists()
            or Runtime.instance().is_active_session(self._session)
        ):
            self._seen_s = now_s
        return now_s - self._seen_s > LEFT_S
