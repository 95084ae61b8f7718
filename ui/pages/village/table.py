"""The table of one village: services down, modes across; the bus with its three readings."""

from __future__ import annotations

from html import escape

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
        f'<p class="dh-note">{escape(texts.say("By bus or train: an ordinary trip, and below it well planned to just missed."))}</p>'
    )


def _unknown(kind: str, n_modes: int, texts: Texts) -> str:
    """Row of a service about which the region has no data: that is not the same as not being there."""
    label, none = texts.say(KINDS[kind].label), texts.say("Not in the data of this region.")
    return f'<tr><th scope="row">{escape(label)}</th><td colspan="{n_modes}" class="dh-none">{escape(none)}</td></tr>'


def _row(service: Service, texts: Texts) -> str:
    label = texts.say(KINDS[service.kind].label)
    mark = f' <small class="dh-mark">{escape(texts.say("modelled"))}</small>' if service.modelled else ""
    nearest = f"<small>{escape(service.nearest)}</small>" if service.nearest else ""
    cells = "".join(
        f'<td data-label="{escape(texts.say(MODES[before.mode].label))}"><div>{_cell(before, after, texts)}</div></td>'
        for before, after in zip(service.before, service.after, strict=True)
    )
    if not any(side.facility for side in (*service.before, *service.after)):
        none = texts.say("None within reach, in this region or near it.")
        cells = f'<td colspan="{len(service.before)}" class="dh-none">{escape(none)}</td>'
    return f'<tr><th scope="row">{escape(label)}{mark}{nearest}</th>{cells}</tr>'


def _cell(before: Reading, after: Reading, texts: Texts) -> str:
    now, then = (texts.duration(side.minutes) for side in (before, after))
    ranged = after if after.minutes is not None else before
    spread = ""
    if before.mode in TIMETABLE_MODES and ranged.minutes is not None and ranged.well_min != ranged.missed_min:
        worst = texts.duration(ranged.missed_min) if ranged.missed_min is not None else texts.say("never")
        spread = f"<small>{escape(texts.duration(ranged.well_min))} {texts.say('to')} {escape(worst)}</small>"
    if not differs(before, after):
        return f"<b>{escape(now)}</b>{spread}"
    better = before.minutes is None or (after.minutes is not None and after.minutes < before.minutes)
    look, arrow = ("dh-better", "\u2193") if better else ("dh-worse", "\u2191")
    return f'<s>{escape(now)}</s> <b class="{look}">{arrow} {escape(then)}</b>{spread}'


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
        for reading in service.before
        if reading.mode == mode
    ]
    return pd.DataFrame(
        {
            say("Service"): [say(KINDS[kind].label) for kind, _ in readings],
            view.name: [texts.duration(reading.minutes) for _, reading in readings],
            say("Mean of {area}").format(area=view.municipality or say("the surroundings")): [
                texts.duration(reading.municipality_min) for _, reading in readings
            ],
            say("Mean of the region"): [texts.duration(reading.region_min) for _, reading in readings],
        }
    ).set_index(say("Service"))
