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


def village_headline(view: VillageView, edits: tuple[EditView, ...], texts: Texts) -> str:
    """Say how far the first services are; with changes, what becomes of the one that changes most."""
    if edits:
        return _changed(view, edits, texts)
    parts = tuple(
        texts.say("{service} is {time} {travelling}").format(
            service=texts.say(KINDS[service.kind].the),
            time=texts.minutes_in_words(reading.minutes),
            travelling=texts.say(MODES[reading.mode].travelling),
        )
        for service in view.services
        if service.kind in FIRST_KINDS
        and (reading := of_mode(service.before, own_mode(view))) is not None
        and reading.minutes is not None
    )
    if not parts:
        return texts.say("From {village} none of these services is within reach.").format(village=view.name)
    sentence = texts.say("From {village} {parts}.")
    return sentence.format(village=view.name, parts=texts.sentence_list(parts))


def _changed(view: VillageView, edits: tuple[EditView, ...], texts: Texts) -> str:
    start, service = opening(edits, texts), most_changed(view)
    if service is None:
        sentence = texts.say("{opening}, no trip from {village} changes by a minute or more.")
        return sentence.format(opening=start, village=view.name)
    mode = own_mode(view)
    before, after = of_mode(service.before, mode), of_mode(service.after, mode)
    assert before is not None and after is not None  # noqa: S101, PT018 - the traveller has this mode
    sentence = texts.say("{opening}, {service} is {after} {travelling} from {village}; now it is {before}.")
    if after.minutes is None:
        sentence = texts.say("{opening}, {service} can no longer be reached from {village}.")
    elif before.minutes is None:
        sentence = texts.say(
            "{opening}, {service} is {after} {travelling} from {village}; now it cannot be reached."
        )
    return sentence.format(
        opening=start,
        service=texts.say(KINDS[service.kind].the),
        village=view.name,
        travelling=texts.say(MODES[mode].travelling),
        after=texts.minutes_in_words(after.minutes),
        before=texts.minutes_in_words(before.minutes),
    )


def most_changed(view: VillageView) -> Service | None:
    """The service whose trip by own means changes most, None when none changes by a minute."""
    mode = own_mode(view)

    def change(service: Service) -> float:
        before, after = of_mode(service.before, mode), of_mode(service.after, mode)
        old, new = (side.minutes if side else None for side in (before, after))
        if old is None or new is None:
            return 0.0 if old is new else float("inf")
        return abs(new - old)

    most = max(view.services, key=change, default=None)
    return most if most is not None and change(most) >= LESS_THAN else None


def village_details(view: VillageView, kind: str, texts: Texts) -> tuple[str, ...]:
    """Who lives here, the bus in its three readings, and how others fare, for one kind of service."""
    old = texts.plural("{count} of them is 75 or older", "{count} of them are 75 or older", view.old)
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
    return tuple(filter(None, (first, _by_bus(service, texts), *others)))


def _by_bus(service: Service, texts: Texts) -> str:
    reading = of_mode(service.before, "transit")
    if reading is None:
        return ""
    name = texts.say(KINDS[service.kind].the)
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


def _others(service: Service, view: VillageView, texts: Texts) -> str:
    reading = of_mode(service.before, own_mode(view))
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
