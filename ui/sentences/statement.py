"""The sentences of the accessibility statement. They say what the tests in `tests/browser` check, and what was looked at."""

from __future__ import annotations

import datetime as dt

from ui.words.i18n import Texts, mark

TESTED_ON = dt.date(2026, 11, 29)
"""When the sentences below were held beside the tests last; change it together with them."""
PARTS = {
    "status": mark(
        "First measures were taken. The pages are tested by machine with every change, but nobody from outside has examined "
        "them against the whole of the norm."
    ),
    "norm": mark(
        "The norm is EN 301 549 with WCAG 2.2, levels A and AA. This statement follows the model of digitoegankelijk.nl, where "
        "this would be status C: first measures taken."
    ),
}
CHECKED = (
    mark(
        "Every page with axe-core, by the rules of WCAG 2.2 A and AA: on a desk (1280 by 900) and on a phone (390 by 844), "
        "light in Dutch and dark in English. Nothing serious or critical was found. A machine finds only a part of all barriers."
    ),
    mark(
        "On a phone: no page scrolls sideways, and every button, link and choice that one needs is at least 44 pixels high. "
        "The map begins on the first screen."
    ),
    mark(
        "Keyboard: the map can be moved, zoomed and clicked with keys, and wide tables can be scrolled with "
        "them."
    ),
    mark(
        "Looked at by hand: numbers, maps and charts have their sentence and a table with the same figures, and the focus can "
        "be seen."
    ),
)
SHORTFALLS = (
    mark("Places on the map cannot be reached with Tab. The table below the map holds the same places."),
    mark(
        "The large tables and the charts are drawn as pictures. A screen reader gets less from them than from a plain table; "
        "the table can be downloaded as a file."
    ),
    mark("Nothing was tried with a screen reader, with voice control, or in other browsers than Chromium."),
    mark("A few hidden labels of Streamlit, with which this app is made, are in English."),
    mark("A click on a curve has no key of its own; the villages can be ticked in the table instead."),
)


def on_date(texts: Texts) -> str:
    """Say of which day the statement is."""
    return texts.say("Drawn up by the makers of this app on {day}.").format(
        day=texts.date_of_source(TESTED_ON.isoformat())
    )


def whom_to_tell(keeper: str, texts: Texts) -> str:
    """Say to whom a barrier is reported; "" for a region without an address."""
    if keeper:
        return texts.say(
            "Write which page it is, what you wanted to do, and with which device or aid. It goes to whoever keeps the "
            "data of this region."
        )
    return texts.say(
        "This region gives no address. Tell whoever showed you this page which page it is, what you wanted to do, and with "
        "which device or aid."
    )
