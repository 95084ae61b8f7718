"""The changes of a scenario in words: in a sentence, and as lines of a list."""

from __future__ import annotations

import re

from ui.views.edits import Action, EditView
from ui.words.i18n import Texts
from ui.words.words import DAYS, KINDS, MODES, TRAVELLERS

NAMED_AT_MOST = 3
WORD = re.compile(r"[A-Za-z]+")
NUMBERS: tuple[Action, ...] = ("headway", "new_line", "line_speed", "size")
"""Changes to something that is a number."""


def opening(edits: tuple[EditView, ...], texts: Texts) -> str:
    """Begin the sentence: "With a hub in Valthe and without GP Exloo"."""
    edits = tuple(edit for edit in edits if edit.holds)
    hubs = tuple(where(edit, texts) for edit in edits if edit.action == "hub")
    closed = tuple(edit.name for edit in edits if edit.action == "closure")
    others = tuple(_phrase(edit, texts) for edit in edits if edit.action not in {"hub", "closure"})
    parts: list[str] = []
    if hubs:
        sentence = texts.plural("with a hub {where}", "with hubs {where}", len(hubs))
        if len(hubs) > NAMED_AT_MOST:
            sentence = texts.say("with {count} hubs")
        parts.append(sentence.format(where=texts.sentence_list(hubs), count=texts.number(len(hubs))))
    if closed:
        names = texts.sentence_list(closed)
        if len(closed) > NAMED_AT_MOST:
            names = texts.say("{count} services").format(count=texts.number(len(closed)))
        parts.append(texts.say("without {names}").format(names=names))
    if len(others) > NAMED_AT_MOST:
        parts.append(texts.say("with {count} other changes").format(count=texts.number(len(others))))
    else:
        parts.extend(others)
    sentence = texts.sentence_list(tuple(parts))
    return sentence[:1].upper() + sentence[1:]


def _phrase(edit: EditView, texts: Texts) -> str:
    """Say one change inside a sentence, after "and"."""
    phrases: dict[Action, str] = {
        "opening": texts.say("with {value} {where}"),
        "move": texts.say("with {value} {where} instead"),
        "hours": texts.say("with other opening hours of {name}"),
        "size": texts.say("with another size of {name}"),
        "digital": texts.say("with {share} of the visits to {service} online"),
        "year": texts.say("with the population of {value}"),
        "traveller": texts.say("for {someone}"),
        "headway": texts.say("with line {name} every {value} minutes"),
        "span": texts.say("with line {name} from {value}"),
        "no_line": texts.say("without line {name}"),
        "line_speed": texts.say("with another speed of line {name}"),
        "new_stop": texts.say("with line {name} calling at {value}"),
        "no_stop": texts.say("with line {name} passing {value}"),
        "reroute": texts.say("with another route of line {name}"),
        "new_line": texts.say("with a new line {name} every {value} minutes"),
        "path": texts.say("with a new path or road {where}"),
        "no_street": texts.say("with a road closed to through traffic ({name})"),
        "limit": texts.say("with {value} km/h on {name}"),
        "on_demand": texts.say("with rides on demand ({name})"),
        "no_on_demand": texts.say("without the rides on demand of {name}"),
    }
    return phrases[edit.action].format(**_edit_words(edit, texts))


def _edit_words(edit: EditView, texts: Texts) -> dict[str, str]:
    share = texts.percent(float(edit.value)) if edit.action == "digital" else ""
    kind = edit.kinds[0] if edit.kinds else ""
    return {
        "where": where(edit, texts),
        "name": where(edit, texts) if edit.near else edit.name,
        "value": texts.number(float(edit.value)) if edit.action in NUMBERS else edit.value,
        "share": share,
        "service": texts.say(KINDS[kind].the) if kind in KINDS else kind,
        "someone": texts.say(TRAVELLERS[edit.value].someone) if edit.action == "traveller" else "",
    }


def hours_in_words(opening_hours: str, texts: Texts) -> str:
    """Opening hours with the days in the language of the reader: `Mo-Fr 09:00-17:00` is `ma-vr 09:00-17:00`."""
    return WORD.sub(lambda found: texts.say(DAYS[found[0]]) if found[0] in DAYS else found[0], opening_hours)


def where(edit: EditView, texts: Texts) -> str:
    """`in Valthe`, or `near Valthe` for a hub on open ground."""
    return (texts.say("near {place}") if edit.near else texts.say("in {place}")).format(place=edit.name)


def edit_title(edit: EditView, texts: Texts) -> str:
    """One change of the scenario as a line in a list."""
    titles: dict[Action, str] = {
        "hub": texts.say("Hub {where}"),
        "closure": texts.say("Closed: {name}"),
        "opening": texts.say("New: {value} {where}"),
        "move": texts.say("Moved: {value}, now {where}"),
        "hours": texts.say("Opening hours of {name}"),
        "size": texts.say("Size of {name}"),
        "digital": texts.say("Online: {share} of the visits to {service}"),
        "year": texts.say("Population of {value}"),
        "traveller": texts.say("Everybody travels as {someone}"),
        "headway": texts.say("Line {name}: every {value} minutes"),
        "span": texts.say("Line {name}: from {value}"),
        "no_line": texts.say("Line {name} runs no longer"),
        "line_speed": texts.say("Line {name}: {value} times as fast"),
        "new_stop": texts.say("Line {name} also calls at {value}"),
        "no_stop": texts.say("Line {name} no longer calls at {value}"),
        "reroute": texts.say("Line {name}: another route between {value}"),
        "new_line": texts.say("New line {name}: every {value} minutes"),
        "path": texts.say("Path or road {where}"),
        "no_street": texts.say("Road closed to through traffic: {name}"),
        "limit": texts.say("Speed limit of {name}: {value} km/h"),
        "on_demand": texts.say("Rides on demand: {name}"),
        "no_on_demand": texts.say("No rides on demand any more: {name}"),
    }
    title = titles[edit.action].format(**_edit_words(edit, texts))
    if edit.from_year is None:
        return title
    return texts.say("{change}, from {year}").format(change=title, year=edit.from_year)


def edit_line(edit: EditView, texts: Texts) -> str:
    """One change as a line in a list that has no second line: whom it leaves out is said behind it."""
    title = edit_title(edit, texts)
    return f"{title}. {online_sentence(edit.left_out, texts)}" if edit.action == "digital" else title


def online_sentence(left_out: float | None, texts: Texts) -> str:
    """Say whom visits that go online leave out; None where the region says nothing of fast internet."""
    if left_out is None:
        return texts.say("It is not known where there is fast internet: this counts for everybody.")
    count = round(left_out)
    sentence = texts.plural(
        "{count} inhabitant has no fast internet, or it is not known, and travels as before.",
        "{count} inhabitants have no fast internet, or it is not known, and travel as before.",
        count,
    )
    return sentence.format(count=texts.number(count))


def edit_detail(edit: EditView, texts: Texts) -> str:
    """Second line of a change: the new value, or the kinds of service it is about and what it costs."""
    if edit.action in {"hours", "on_demand"}:
        return hours_in_words(edit.value, texts)
    if edit.action == "digital":
        return online_sentence(edit.left_out, texts)
    if edit.action == "no_street":
        modes = tuple(texts.say(MODES[mode].label).lower() for mode in edit.value.split())
        return f"{texts.say('Closed for')}: {texts.sentence_list(modes)}"
    if edit.action == "size":
        return texts.number(float(edit.value))
    if edit.action == "path":
        kinds = {"cycle_path": texts.say("Cycle path"), "road": texts.say("Road for all")}
        return kinds[edit.value]
    kinds_said = texts.sentence_list(
        tuple(texts.say(KINDS[kind].label) for kind in edit.kinds if kind in KINDS)
    )
    if edit.cost_per_year is None:
        return kinds_said
    cost = texts.say("{euros} euros a year").format(euros=texts.number(edit.cost_per_year))
    return f"{kinds_said} \u00b7 {cost}"
