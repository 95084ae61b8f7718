"""Whole sentences about a view, in plain Dutch or English."""

from __future__ import annotations

from ui.i18n import Texts
from ui.views import Basis, DesignView, EditView, PlaceRow
from ui.words import KINDS, LAYERS, MODES

NAMED_AT_MOST = 3
SECONDS_PER_HOUR = 3600


def headline(view: DesignView, texts: Texts) -> str:
    """Say in one sentence what the scenario does, or how things are now when nothing has changed."""
    if not view.edits:
        sentence = texts.say(
            "For {within} of {total} inhabitants ({percent}), {service} is within {limit} minutes {travelling}."
        )
        return sentence.format(
            within=texts.number(view.within_before),
            total=texts.number(view.inhabitants),
            percent=_share(view.within_before, view, texts),
            **_service(view, texts),
        )
    difference = view.within_after - view.within_before
    if difference > 0:
        sentence = texts.plural(
            "{opening}, {count} more inhabitant reaches {service} within {limit} minutes {travelling}.",
            "{opening}, {count} more inhabitants reach {service} within {limit} minutes {travelling}.",
            difference,
        )
    elif difference < 0:
        sentence = texts.plural(
            "{opening}, {count} fewer inhabitant reaches {service} within {limit} minutes {travelling}.",
            "{opening}, {count} fewer inhabitants reach {service} within {limit} minutes {travelling}.",
            -difference,
        )
    else:
        sentence = texts.say(
            "{opening}, as many inhabitants as now reach {service} within {limit} minutes {travelling}."
        )
    return sentence.format(
        opening=opening(view.edits, texts), count=texts.number(abs(difference)), **_service(view, texts)
    )


def details(view: DesignView, texts: Texts) -> tuple[str, ...]:
    """Sentences below the headline: the numbers behind it and who gains or loses."""
    if not view.edits:
        return (
            texts.say(
                "Click on the map, in a village or on open ground, to place a hub and see what changes."
            ),
        )
    counts = texts.say("That makes {after} of {total} inhabitants ({percent}); now it is {before}.")
    if view.within_after == view.within_before:
        counts = texts.say("They are {after} of {total} inhabitants ({percent}).")
    counts = counts.format(
        after=texts.number(view.within_after),
        total=texts.number(view.inhabitants),
        percent=_share(view.within_after, view, texts),
        before=texts.number(view.within_before),
    )
    return (counts, *_winners(view, texts), *_warning(view, texts))


def _winners(view: DesignView, texts: Texts) -> tuple[str, ...]:
    shorter = view.inhabitants_with("shorter", "won")
    longer = view.inhabitants_with("longer", "lost")
    sentences = []
    if shorter:
        sentences.append(
            texts.plural(
                "For {count} inhabitant the trip becomes at least a minute shorter.",
                "For {count} inhabitants the trip becomes at least a minute shorter.",
                shorter,
            ).format(count=texts.number(shorter))
        )
    if longer:
        sentences.append(
            texts.plural(
                "For {count} inhabitant the trip becomes at least a minute longer.",
                "For {count} inhabitants the trip becomes at least a minute longer.",
                longer,
            ).format(count=texts.number(longer))
        )
    return tuple(sentences) or (texts.say("Nobody's trip changes by a minute or more."),)


def _warning(view: DesignView, texts: Texts) -> tuple[str, ...]:
    if view.hubs_offer_kind:
        return ()
    sentence = texts.say("Note: not every hub in this scenario offers {service}.")
    return (sentence.format(service=texts.say(KINDS[view.kind].one)),)


def opening(edits: tuple[EditView, ...], texts: Texts) -> str:
    """Begin the sentence: "With a hub in Valthe and without GP Exloo"."""
    hubs = tuple(where(edit, texts) for edit in edits if edit.action == "hub")
    closed = tuple(edit.name for edit in edits if edit.action == "closure")
    with_hubs = ""
    if hubs:
        sentence = texts.plural("With a hub {where}", "With hubs {where}", len(hubs))
        if len(hubs) > NAMED_AT_MOST:
            sentence = texts.say("With {count} hubs")
        with_hubs = sentence.format(where=texts.sentence_list(hubs), count=texts.number(len(hubs)))
    if not closed:
        return with_hubs
    names = texts.sentence_list(closed)
    if len(closed) > NAMED_AT_MOST:
        names = texts.say("{count} services").format(count=texts.number(len(closed)))
    if not hubs:
        return texts.say("Without {names}").format(names=names)
    return texts.say("{with_hubs} and without {names}").format(with_hubs=with_hubs, names=names)


def where(edit: EditView, texts: Texts) -> str:
    """`in Valthe`, or `near Valthe` for a hub on open ground."""
    return (texts.say("near {place}") if edit.near else texts.say("in {place}")).format(place=edit.name)


def edit_title(edit: EditView, texts: Texts) -> str:
    """One change of the scenario as a line in a list."""
    if edit.action == "hub":
        return texts.say("Hub {where}").format(where=where(edit, texts))
    return texts.say("Closed: {name}").format(name=edit.name)


def edit_detail(edit: EditView, texts: Texts) -> str:
    """Second line of a change: what the hub offers, or of which kind the closed service was."""
    return texts.sentence_list(tuple(texts.say(KINDS[kind].label) for kind in edit.kinds if kind in KINDS))


def basis_sentence(basis: Basis, mode: str, texts: Texts) -> str:
    """What the figures rest on: how one travels, and the day and hours where a timetable counts."""
    label = texts.say(MODES[mode].label)
    if not basis.uses_timetable:
        return texts.say("{mode}, adult, door to door, at any time of day.").format(mode=label)
    sentence = texts.say("{mode}, adult, door to door; {day}, departures {start} to {end}, the median.")
    return sentence.format(
        mode=label,
        day=texts.day(basis.service_date),
        start=_clock(basis.window_start),
        end=_clock(basis.window_end),
    )


def modelled_sentence(basis: Basis, texts: Texts) -> str:
    """Say which layers are modelled, "" where everything was observed."""
    names = tuple(dict.fromkeys(layer_name(layer.layer, texts).lower() for layer in basis.modelled))
    if not names:
        return ""
    return texts.say(
        "These figures are an estimate. They rest on layers that were made by a rule and not observed, wholly or in part: {layers}."
    ).format(layers=texts.sentence_list(names))


def layer_name(layer: str, texts: Texts) -> str:
    """Name of a layer for people; an unknown one keeps its own name."""
    return texts.say(LAYERS[layer]) if layer in LAYERS else layer


def tooltip(row: PlaceRow, *, changed: bool, texts: Texts) -> str:
    """What the map says about a place: who lives there, how long it takes now and then, and where to."""
    lines = [
        row.name,
        texts.plural("{count} inhabitant", "{count} inhabitants", row.inhabitants).format(
            count=texts.number(row.inhabitants)
        ),
        _trip(texts.say("now"), row.before_min, row.facility_before, texts),
    ]
    if changed:
        lines.append(_trip(texts.say("then"), row.after_min, row.facility_after, texts))
    if row.reason and row.after_min is None:
        lines.append(texts.say(row.reason))
    return "\n".join(lines)


def _trip(when: str, minutes: float | None, facility: str, texts: Texts) -> str:
    to = f" ({facility})" if facility and minutes is not None else ""
    return f"{when}: {texts.duration(minutes)}{to}"


def _service(view: DesignView, texts: Texts) -> dict[str, str]:
    return {
        "service": texts.say(KINDS[view.kind].one),
        "limit": texts.number(view.limit_min),
        "travelling": texts.say(MODES[view.mode].travelling),
    }


def _share(persons: int, view: DesignView, texts: Texts) -> str:
    return texts.percent(persons / view.inhabitants if view.inhabitants else 0.0)


def _clock(seconds: int) -> str:
    return f"{seconds // SECONDS_PER_HOUR}:{seconds % SECONDS_PER_HOUR // 60:02d}"
