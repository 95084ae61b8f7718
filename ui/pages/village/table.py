"""The table of one village: services down, modes across; the bus with its three readings."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

import pandas as pd

from ui.views.design import SAME_BELOW_MIN
from ui.views.village import Reading, Service, VillageView
from ui.words.i18n import Texts
from ui.words.words import KINDS, MODES, TIMETABLE_MODES, VILLAGE_KINDS


def services_html(view: VillageView, texts: Texts) -> str:
    """Table of all services and modes as html."""
    head = "".join(f'<th scope="col">{escape(texts.say(MODES[mode].label))}</th>' for mode in view.modes)
    rows = "".join(_row(service, texts) for service in view.services)
    rows += "".join(
        _unknown(kind, len(view.modes), texts) for kind in VILLAGE_KINDS if view.service(kind) is None
    )
    caption = texts.say("Minutes from {village}, door to door").format(village=view.name)
    return (
        f'<table class="dh-services"><caption>{escape(caption)}</caption>'
        f'<thead><tr><th scope="col">{escape(texts.say("Service"))}</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f'<p class="dh-note">{escape(note(view, texts))}</p>'
    )


def note(view: VillageView, texts: Texts) -> str:
    """What the small print of the cells means."""
    notes = [texts.say("By bus or train: an ordinary trip, and below it well planned to just missed.")]
    if view.basis.arrives:
        by = texts.say(
            "By bus or train: from leaving home as late as possible until {time}, when one must be there."
        )
        notes = [by.format(time=texts.clock(view.basis.window_end))]
    if any(reading.spread_min is not None for service in view.services for reading in service.after):
        notes.append(
            texts.say(
                "A time like “3\u201314 min” is that of nine in ten inhabitants: it depends on where they live."
            )
        )
    return " ".join(notes)


def _unknown(kind: str, n_modes: int, texts: Texts) -> str:
    """Row of a service about which the region has no data: that is not the same as not being there."""
    label, none = texts.say(KINDS[kind].label), texts.say("Not in the data of this region.")
    return f'<tr><th scope="row">{escape(label)}</th><td colspan="{n_modes}" class="dh-none">{escape(none)}</td></tr>'


def _row(service: Service, texts: Texts) -> str:
    label = texts.say(KINDS[service.kind].label)
    mark = f' <small class="dh-mark">{escape(texts.say("modelled"))}</small>' if service.modelled else ""
    nearest = f"<small>{escape(service.nearest)}</small>" if service.nearest else ""
    if not service.known:
        return _unknown(service.kind, len(service.before), texts)
    cells = "".join(
        f'<td data-label="{escape(texts.say(MODES[before.mode].label))}"><div>{_html(cell(before, after, texts))}'
        f"{'' if service.nearest or not after.facility else _small(after.facility)}</div></td>"
        for before, after in zip(service.before, service.after, strict=True)
    )
    if none := none_sentence(service, texts):
        cells = f'<td colspan="{len(service.before)}" class="dh-none">{escape(none)}</td>'
    return f'<tr><th scope="row">{escape(label)}{mark}{nearest}</th>{cells}</tr>'


def none_sentence(service: Service, texts: Texts) -> str:
    """Say that there is none of a kind, "" where there is one."""
    if not service.known:
        return texts.say("Not in the data of this region.")
    if any(side.facility for side in (*service.before, *service.after)):
        return ""
    if service.kind == "hub":
        return texts.say("There is no village hub nearby yet.")
    return texts.say("None within reach, in this region or near it.")


def _small(text: str) -> str:
    return f"<small>{escape(text)}</small>"


def _time(reading: Reading, texts: Texts) -> str:
    """The time from the dot of the village, or that of nine in ten inhabitants where the dot stands beside the service."""
    if reading.spread_min is None:
        return texts.duration(reading.minutes)
    low, high = (max(round(end), 1) for end in reading.spread_min)
    return texts.say("{minutes} min").format(minutes=f"{low}\u2013{high}")


class Cell(NamedTuple):
    """One service by one mode in words: now ("" where nothing changes), with the changes, whether that is better, and how it spreads."""

    now: str
    then: str
    is_better: bool
    spread: str


def cell(before: Reading, after: Reading, texts: Texts) -> Cell:
    """Write one reading of the table."""
    now, then = (_time(side, texts) for side in (before, after))
    spread = ""
    if after.on_foot:
        spread = texts.say(MODES["walk"].label).lower()
    elif after.mode in TIMETABLE_MODES and after.minutes is not None and after.well_min != after.missed_min:
        worst = texts.duration(after.missed_min) if after.missed_min is not None else texts.say("never")
        spread = f"{texts.duration(after.well_min)} {texts.say('to')} {worst}"
    better = before.minutes is None or (after.minutes is not None and after.minutes < before.minutes)
    return Cell(now if differs(before, after) else "", then, better, spread)


def _html(of: Cell) -> str:
    spread = _small(of.spread) if of.spread else ""
    if not of.now:
        return f"<b>{escape(of.then)}</b>{spread}"
    look, arrow = ("dh-better", "\u2193") if of.is_better else ("dh-worse", "\u2191")
    return f'<s>{escape(of.now)}</s> <b class="{look}">{arrow} {escape(of.then)}</b>{spread}'


def differs(before: Reading, after: Reading) -> bool:
    """Whether the trip changes by a minute, or is possible only before or after."""
    if before.minutes is None or after.minutes is None:
        return before.minutes is not after.minutes
    return abs(after.minutes - before.minutes) >= SAME_BELOW_MIN


def comparison_table(view: VillageView, mode: str, texts: Texts) -> pd.DataFrame:
    """The village beside its municipality and the region, by one mode, in minutes."""
    say = texts.say
    readings = [
        (service.kind, reading)
        for service in view.services
        for reading in service.after
        if reading.mode == mode and service.known
    ]
    return pd.DataFrame(
        {
            say("Service"): [say(KINDS[kind].label) for kind, _ in readings],
            view.name: [_time(reading, texts) for _, reading in readings],
            say("Mean of {area}").format(area=view.municipality or say("the surroundings")): [
                texts.duration(reading.municipality_min) for _, reading in readings
            ],
            say("Mean of the region"): [texts.duration(reading.region_min) for _, reading in readings],
        }
    ).set_index(say("Service"))
