"""What is said of where a service is known from."""

from __future__ import annotations

import math

from ui.views.services import KindOrigin, Known
from ui.words.i18n import Texts


def known_from(known: Known, texts: Texts) -> str:
    """Say behind a name that a service is modelled, or of when it is and how exact its position is; "" of an edit."""
    if known.modelled:
        return texts.say("modelled")
    said = []
    if known.date:
        said.append(texts.say("data of {date}").format(date=texts.date_of_source(known.date)))
    if known.in_the_middle:
        said.append(texts.say("in the middle of the village, as its address is not known"))
    elif math.isfinite(known.position_m):
        said.append(texts.say("to about {metres} m").format(metres=texts.number(known.position_m)))
    return ", ".join(said)


def dates_of(row: KindOrigin, texts: Texts) -> str:
    """First and last date of what is known of a kind, once where they are one."""
    first, last = (texts.date_of_source(text) if text else "" for text in row.dates)
    return first if first == last else texts.say("{first} to {last}").format(first=first, last=last)


def position_of(row: KindOrigin, texts: Texts) -> str:
    """How exact the positions of a kind are."""
    said = []
    if row.position_m is not None:
        metres = texts.number(row.position_m)
        said.append(texts.say("half within {metres} m").format(metres=metres))
    if row.in_the_middle:
        number = texts.number(row.in_the_middle)
        said.append(texts.say("{number} in the middle of the village").format(number=number))
    return "; ".join(said)
