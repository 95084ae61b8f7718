"""How far one gets, in sentences."""

from __future__ import annotations

from accessibility.reach.times import READINGS
from data.clock import parse_clock
from ui.sentences.design import basis_sentence
from ui.views.reach import ReachView
from ui.words.i18n import Texts, mark
from ui.words.words import MODES

READING_WORDS = {
    "best": mark("Well planned"),
    "ordinary": mark("An ordinary trip"),
    "worst": mark("Just missed"),
}
"""Of `READINGS`, on a button."""
WHEN = {
    "best": mark("if the trip is well planned"),
    "ordinary": mark("on an ordinary trip"),
    "worst": mark("if the bus has just been missed"),
}


def reach_sentence(view: ReachView, texts: Texts) -> str:
    """Who comes to the place within the limit, or is reached from it, now and with the changes."""
    row = view.row
    told = texts.plural(
        "Within {limit} minutes {travelling}, {count} inhabitant can be at {name}{when}; {old} of them are 75 or older.",
        "Within {limit} minutes {travelling}, {count} inhabitants can be at {name}{when}; {old} of them are 75 or older.",
        row.after,
    )
    if view.direction == "from":
        told = texts.plural(
            "Within {limit} minutes {travelling}, from {name} one gets to the home of {count} inhabitant{when}; {old} of them are 75 or older.",
            "Within {limit} minutes {travelling}, from {name} one gets to the homes of {count} inhabitants{when}; {old} of them are 75 or older.",
            row.after,
        )
    told = told.format(
        limit=texts.number(view.limit_min),
        travelling=texts.say(MODES[view.mode].travelling),
        count=texts.number(row.after),
        name=view.name,
        when=_when(view, texts),
        old=texts.number(row.after_75plus),
    )
    there_now, there_then = view.is_there
    if not there_now:
        return f"{told} {texts.say('Now it is not there yet.')}"
    if not there_then:
        told = texts.say("With these changes, {name} is no longer there.").format(name=view.name)
    if not view.is_changed:
        return told
    if (row.before, row.before_75plus) == (row.after, row.after_75plus):
        return f"{told} {texts.say('Now there are just as many.')}"
    now = texts.say("Now there are {count}, of whom {old} are 75 or older.")
    return f"{told} {now.format(count=texts.number(row.before), old=texts.number(row.before_75plus))}"


def _when(view: ReachView, texts: Texts) -> str:
    reading = view.reading
    if not reading:
        return ""
    if reading in READINGS:
        return f" {texts.say(WHEN[reading])}"
    when = (
        texts.say("if one leaves at {time}")
        if view.direction == "from"
        else texts.say("when leaving at {time}")
    )
    return f" {when.format(time=texts.clock(parse_clock(reading)))}"


def reach_basis(view: ReachView, texts: Texts) -> str:
    """What people and areas rest on."""
    drawn = texts.say(
        "People are counted by the time from their own home, those of the region only. The areas are drawn along the "
        "streets that are reached."
    )
    if view.reading in {"", "ordinary"}:
        return f"{basis_sentence(view.basis, view.mode, texts)} {drawn}"
    day = texts.say("{mode}, door to door; {day}, departures {start} to {end}.")
    if view.reading not in READINGS:
        day = texts.say("{mode}, door to door; {day}, leaving at {start}.")
    at = view.basis.window_start if view.reading in READINGS else parse_clock(view.reading)
    words = {
        "mode": texts.say(MODES[view.mode].label),
        "day": texts.day(view.basis.service_date),
        "start": texts.clock(at),
        "end": texts.clock(view.basis.window_end),
    }
    return f"{day.format(**words)} {drawn}"
