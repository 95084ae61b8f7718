"""Whole sentences about one village."""

from __future__ import annotations

from ui.sentences.edits import opening
from ui.views.edits import EditView
from ui.views.village import Reading, Service, VillageView
from ui.words.i18n import Texts
from ui.words.words import KINDS, MODES

FIRST_KINDS = ("gp", "supermarket")
OWN_MODES = ("bike", "ebike", "walk")
LESS_THAN = 1.0


def own_mode(view: VillageView) -> str:
    """The quickest mode that needs neither car nor bus."""
    return next(mode for mode in OWN_MODES if mode in view.modes)


def of_mode(readings: tuple[Reading, ...], mode: str) -> Reading | None:
    """Reading of one mode, None where the traveller does not have it."""
    return next((reading for reading in readings if reading.mode == mode), None)


def time_in_words(reading: Reading, texts: Texts) -> str:
    """How long it takes: from the dot of the village, or how far that lies apart for those who live in it."""
    if reading.spread_min is None:
        return texts.minutes_in_words(reading.minutes)
    low, high = (max(round(end), 1) for end in reading.spread_min)
    minutes = texts.plural("{count} minute", "{count} minutes", high).format(count=texts.number(high))
    return texts.say("{low} to {high}").format(low=texts.number(low), high=minutes)


def village_headline(view: VillageView, edits: tuple[EditView, ...], texts: Texts) -> str:
    """Say how far the first services are; with changes, what becomes of them."""
    if edits:
        return _changed(view, edits, texts)
    told = [
        (service, reading)
        for service in view.services
        if service.kind in FIRST_KINDS
        and (reading := of_mode(service.after, own_mode(view))) is not None
        and reading.minutes is not None
    ]
    if not told:
        return texts.say("From {village} none of these services is within reach.").format(village=view.name)
    parts = tuple(
        texts.say("{service} is {time} {travelling}").format(
            service=texts.say(KINDS[service.kind].the),
            time=time_in_words(reading, texts),
            travelling=texts.say(MODES[reading.mode].travelling),
        )
        for service, reading in told
    )
    sentence = texts.say("From {village} {parts}.")
    if any(reading.spread_min is not None for _, reading in told):
        sentence = texts.say("From {village} {parts}, depending on where you live.")
    return sentence.format(village=view.name, parts=texts.sentence_list(parts))


def _changed(view: VillageView, edits: tuple[EditView, ...], texts: Texts) -> str:
    start, found = opening(edits, texts), changes_told(view)
    if not found:
        sentence = texts.say("{opening}, no trip from {village} changes by a minute or more.")
        return sentence.format(opening=start, village=view.name)
    parts = tuple(_change(service, before, after, texts) for service, before, after in found)
    sentence = texts.say("{opening}, from {village} {parts}.")
    if any(after.spread_min is not None for _, _, after in found):
        sentence = texts.say("{opening}, from {village} {parts}; it depends on where you live.")
    return sentence.format(opening=start, village=view.name, parts=texts.sentence_list(parts))


def _change(service: Service, before: Reading, after: Reading, texts: Texts) -> str:
    sentence = texts.say("{service} is {after} {travelling} (now {before})")
    if after.minutes is None:
        sentence = texts.say("{service} can no longer be reached (now it is {before} {travelling})")
    elif before.minutes is None:
        sentence = texts.say("{service} is {after} {travelling} (now it cannot be reached)")
    return sentence.format(
        service=texts.say(KINDS[service.kind].the),
        travelling=texts.say(MODES[after.mode].travelling),
        after=time_in_words(after, texts),
        before=time_in_words(before, texts),
    )


def changes_told(view: VillageView) -> tuple[tuple[Service, Reading, Reading], ...]:
    """The changes of the headline: of the GP and the shop where there are any, else the largest of another service.

    By own means where anything changes that way, else by the mode for which most changes. A hub itself is no news.
    """
    own = own_mode(view)
    for modes in ((own,), tuple(mode for mode in view.modes if mode != own)):
        found = [
            (service, before, after)
            for service in view.services
            for before, after in zip(service.before, service.after, strict=True)
            if before.mode in modes and size_of_change(before, after) >= LESS_THAN
        ]
        first = [of for of in found if of[0].kind in FIRST_KINDS]
        if first:
            mode = max(first, key=lambda of: size_of_change(*of[1:]))[1].mode
            return tuple(of for of in first if of[1].mode == mode)
        if found:
            return (max(found, key=lambda of: (of[0].kind != "hub", size_of_change(*of[1:]))),)
    return ()


def size_of_change(before: Reading, after: Reading) -> float:
    """Minutes, infinitely many where it is reached only before or after; where the dot stands beside, of those who live there."""
    if before.minutes is None or after.minutes is None:
        return 0.0 if before.minutes is after.minutes else float("inf")
    return abs(after.minutes - before.minutes)


def village_details(view: VillageView, kind: str, texts: Texts) -> tuple[str, ...]:
    """Who lives here, the bus in its three readings, and how others fare, for one kind of service."""
    old = texts.plural("{count} of them is 75 or older", "{count} of them are 75 or older", view.old)
    old = old if view.old else texts.say("none of them is 75 or older")
    people = texts.plural(
        "{village} has {count} inhabitant; {old}.",
        "{village} has {count} inhabitants; {old}.",
        view.inhabitants,
    )
    first = people.format(
        village=view.name, count=texts.number(view.inhabitants), old=old.format(count=texts.number(view.old))
    )
    service = view.service(kind)
    if service is None:
        return (first,)
    others = _others(service, view, texts), _published(view, kind, texts)
    return tuple(filter(None, (first, _unknown(service, texts) or _by_bus(service, view, texts), *others)))


def _unknown(service: Service, texts: Texts) -> str:
    if service.known:
        return ""
    sentence = texts.say("Where {service} is, is not in the data of this region.")
    return sentence.format(service=texts.say(KINDS[service.kind].one))


def _by_bus(service: Service, view: VillageView, texts: Texts) -> str:
    reading = of_mode(service.after, "transit")
    if reading is None:
        return ""
    name = texts.say(KINDS[service.kind].the)
    if reading.on_foot:
        sentence = texts.say("Nobody needs a bus to {service}: walking is quickest.")
        if reading.in_village:
            sentence = texts.say("{service} is in your village; you need no bus.")
        said = sentence.format(service=name)
        return said[:1].upper() + said[1:]
    if view.basis.arrives:
        return _by_bus_in_time(reading, name, view, texts)
    if reading.minutes is None:
        return texts.say("At most hours there is no way to {service} by bus within reach.").format(
            service=name
        )
    sentence = texts.say(
        "With bus or train, {service} takes {ordinary} on an ordinary trip, {well} when it is well planned, and {missed} "
        "when the bus has just been missed."
    )
    if reading.missed_min is None:
        sentence = texts.say(
            "With bus or train, {service} takes {ordinary} on an ordinary trip and {well} when it is well planned; at some "
            "minutes there is no bus any more."
        )
    return sentence.format(
        service=name,
        ordinary=texts.minutes_in_words(reading.minutes),
        well=texts.minutes_in_words(reading.well_min),
        missed=texts.minutes_in_words(reading.missed_min),
    )


def _by_bus_in_time(reading: Reading, name: str, view: VillageView, texts: Texts) -> str:
    """Say when one must leave to be there in time."""
    words = {"service": name, "time": texts.clock(view.basis.window_end)}
    if reading.minutes is None:
        return texts.say("No bus or train brings anybody to {service} by {time}.").format(**words)
    sentence = texts.say(
        "To be at {service} by {time} with bus or train, one must leave {minutes} before, at {leave}."
    )
    leave = view.basis.window_end - round(reading.minutes) * 60
    return sentence.format(**words, minutes=texts.minutes_in_words(reading.minutes), leave=texts.clock(leave))


def _others(service: Service, view: VillageView, texts: Texts) -> str:
    reading = of_mode(service.after, own_mode(view))
    if reading is None or reading.municipality_min is None or reading.region_min is None:
        return ""
    sentence = texts.say(
        "On average it is {municipality_min} {travelling} to {service} for the inhabitants of {municipality}, and "
        "{region_min} for those of the whole region."
    )
    return sentence.format(
        municipality_min=texts.minutes_in_words(reading.municipality_min),
        region_min=texts.minutes_in_words(reading.region_min),
        travelling=texts.say(MODES[reading.mode].travelling),
        service=texts.say(KINDS[service.kind].the),
        municipality=view.municipality,
    )


def _published(view: VillageView, kind: str, texts: Texts) -> str:
    found = next((figure for figure in view.published if figure.kind == kind), None)
    if found is None:
        return ""
    sentence = texts.say(
        "According to Statistics Netherlands ({year}), {service} is {km} km away on average for the inhabitants of "
        "{municipality}."
    )
    return sentence.format(
        year=found.year,
        service=texts.say(KINDS[kind].the),
        km=texts.decimal(found.km),
        municipality=view.municipality,
    )
