"""Whole sentences about a view, in plain Dutch or English."""

from __future__ import annotations

from datetime import date

from data.study_area.dates import ServiceDates
from scenarios.comparison.compare import Change
from ui.sentences.edits import opening
from ui.views.design import Basis, DesignView, PlaceRow
from ui.words.i18n import Texts
from ui.words.words import KINDS, LAYERS, MIXED, MODES, TRAVELLERS


def headline(view: DesignView, texts: Texts) -> str:
    """Say in one sentence what the scenario does, or how things are now when nothing has changed."""
    if not view.known:
        sentence = texts.say("Where {service} is, is not in the data of this region.")
        return sentence.format(service=texts.say(KINDS[view.kind].one))
    if not view.edits:
        sentence = texts.plural(
            "{within} of {total} inhabitants ({percent}) gets to {service} within {limit} minutes {travelling}.",
            "{within} of {total} inhabitants ({percent}) get to {service} within {limit} minutes {travelling}.",
            view.within_before,
        )
        return sentence.format(
            within=texts.number(view.within_before),
            total=texts.number(view.inhabitants),
            percent=_share(view.within_before, view, texts),
            **_service(view, texts),
        )
    difference = view.within_after - view.within_before
    if difference == 0:
        return _without_difference(view, texts)
    if difference > 0:
        sentence = texts.plural(
            "{opening}, {count} more inhabitant can get to {service} within {limit} minutes {travelling}.",
            "{opening}, {count} more inhabitants can get to {service} within {limit} minutes {travelling}.",
            difference,
        )
    else:
        sentence = texts.plural(
            "{opening}, {count} inhabitant can no longer get to {service} within {limit} minutes {travelling}.",
            "{opening}, {count} inhabitants can no longer get to {service} within {limit} minutes {travelling}.",
            -difference,
        )
    return sentence.format(
        opening=opening(view.edits, texts), count=texts.number(abs(difference)), **_service(view, texts)
    )


def _lead(view: DesignView) -> Change | None:
    """What happens to most people, None when nobody's trip changes by a minute."""
    changes: tuple[Change, ...] = ("shorter", "longer", "won", "lost")
    most = max(changes, key=view.inhabitants_with)
    return most if view.inhabitants_with(most) else None


def _without_difference(view: DesignView, texts: Texts) -> str:
    """Say what does change when as many people as now live within the limit."""
    lead = _lead(view)
    if lead is None:
        sentence = texts.say("{opening}, nobody's trip to {service} changes by a minute or more.")
    elif lead == "shorter":
        sentence = texts.say("{opening}, {service} is closer for {people}, by {minutes} on average.")
    elif lead == "longer":
        sentence = texts.say("{opening}, {service} is further away for {people}, by {minutes} on average.")
    elif lead == "won":
        sentence = texts.say("{opening}, {service} can be reached for the first time by {people}.")
    else:
        sentence = texts.say("{opening}, {service} can no longer be reached by {people}.")
    return sentence.format(
        opening=opening(view.edits, texts),
        service=texts.say(KINDS[view.kind].the),
        **({} if lead is None else _people(view, lead, texts)),
    )


def _people(view: DesignView, change: Change, texts: Texts) -> dict[str, str]:
    """Inhabitants with one `change`, and the minutes it means to them."""
    count, minutes = view.inhabitants_with(change), round(view.mean_minutes(change))
    people = texts.plural("{count} inhabitant", "{count} inhabitants", count)
    length = texts.plural("{count} minute", "{count} minutes", minutes)
    return {
        "people": people.format(count=texts.number(count)),
        "minutes": length.format(count=texts.number(minutes)),
    }


def details(view: DesignView, texts: Texts) -> tuple[str, ...]:
    """Sentences below the headline: the numbers behind it and who gains or loses."""
    if not view.known:
        return ()
    if not view.edits:
        return (
            texts.say(
                "Click on the map, in a village or on open ground, to place a hub and see what changes."
            ),
        )
    as_now = view.within_after == view.within_before
    counts = texts.say("That makes {after} of {total} inhabitants ({percent}); now it is {before}.")
    if as_now:
        counts = texts.say("Within {limit} minutes there are {after} of {total} ({percent}), as many as now.")
    counts = counts.format(
        after=texts.number(view.within_after),
        total=texts.number(view.inhabitants),
        percent=_share(view.within_after, view, texts),
        before=texts.number(view.within_before),
        limit=texts.number(view.limit_min),
    )
    said = _lead(view) if as_now else None
    return (counts, *_winners_and_losers(view, said, texts), *_warning(view, texts))


def _winners_and_losers(view: DesignView, said: Change | None, texts: Texts) -> tuple[str, ...]:
    """One sentence for each change that people meet, except the one the headline has `said`."""
    sentences: dict[Change, str] = {
        "shorter": texts.say(
            "For {people} the trip becomes at least a minute shorter, {minutes} on average."
        ),
        "longer": texts.say("For {people} the trip becomes at least a minute longer, {minutes} on average."),
        "won": texts.say("For {people} there was no connection, and now there is."),
        "lost": texts.say("For {people} there is no connection any more."),
    }
    met = [change for change in sentences if view.inhabitants_with(change)]
    if not met and view.within_after != view.within_before:
        return (texts.say("Nobody's trip changes by a minute or more."),)
    return tuple(sentences[change].format(**_people(view, change, texts)) for change in met if change != said)


def _warning(view: DesignView, texts: Texts) -> tuple[str, ...]:
    if view.hubs_offer_kind:
        return ()
    sentence = texts.say("Note: not every hub in this scenario offers {service}.")
    return (sentence.format(service=texts.say(KINDS[view.kind].one)),)


def basis_sentence(basis: Basis, mode: str, texts: Texts) -> str:
    """What the figures rest on: how one travels, and the day and hours where a timetable counts."""
    words = {
        "mode": texts.say(MODES.get(mode, MIXED).label),
        "someone": texts.say(TRAVELLERS[basis.traveller].someone),
    }
    if not basis.uses_timetable:
        return texts.say("{mode}, for {someone}, door to door, at any time of day.").format(**words)
    sentence = texts.say(
        "{mode}, for {someone}, door to door; {day}, departures {start} to {end}; half of the trips are shorter."
    )
    if basis.arrives:
        sentence = texts.say(
            "{mode}, for {someone}, door to door; {day}, there by {end}, leaving as late as possible."
        )
    return sentence.format(
        **words,
        day=texts.day(basis.service_date),
        start=texts.clock(basis.window_start),
        end=texts.clock(basis.window_end),
    )


def no_service_sentence(day: date, known: ServiceDates, texts: Texts) -> str:
    """Say that the timetable has no trips on a day, and which days near it have."""
    days = known.nearest(day)
    nearest = texts.plural(
        "There is no timetable for {day}. The nearest day that has one is {days}.",
        "There is no timetable for {day}. The nearest days that have one are {days}.",
        len(days),
    )
    if not days:
        nearest = texts.say("In this region the day cannot be chosen, so {day} is not shown.")
    return nearest.format(day=texts.day(day), days=texts.sentence_list(tuple(map(texts.day, days))))


def other_day_sentence(trips: int, day: date, known: ServiceDates, texts: Texts) -> str:
    """Say how much runs on a day that is not the usual one."""
    sentence = texts.plural(
        "On {day} {count} trip of a bus or train begins; on the usual day of this region, {usual}, there are {others}.",
        "On {day} {count} trips of buses and trains begin; on the usual day of this region, {usual}, there are {others}.",
        trips,
    )
    return sentence.format(
        day=texts.day(day),
        count=texts.number(trips),
        usual=texts.day(known.usual),
        others=texts.number(known.usual_trips),
    )


def modelled_sentence(basis: Basis, texts: Texts) -> str:
    """Say which layers are modelled, "" where everything was observed."""
    names = tuple(dict.fromkeys(layer_name(layer.layer, texts).lower() for layer in basis.modelled))
    if not names:
        return ""
    return texts.say(
        "These figures are an estimate. They rest on layers that were made by a rule and not observed, wholly or in part: {layers}."
    ).format(layers=texts.sentence_list(names))


def counting_sentence(rests_on: Basis, texts: Texts) -> str:
    """Say where people are counted, and what that leaves out."""
    if rests_on.cells:
        return texts.say(
            "Inhabitants are counted where they live, in squares of 100 m. The minutes of a village start at its dot on "
            "the map."
        )
    return texts.say(
        "All inhabitants of a village are counted at one point, the dot of their village on the map: "
        "distances inside a village are not counted in this region."
    )


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
        lines.append(texts.say_data(row.reason))
    return "\n".join(lines)


def _trip(when: str, minutes: float | None, facility: str, texts: Texts) -> str:
    to = f"{facility}, " if facility and minutes is not None else ""
    return f"{when}: {to}{texts.duration(minutes)}"


def _service(view: DesignView, texts: Texts) -> dict[str, str]:
    return {
        "service": texts.say(KINDS[view.kind].one),
        "limit": texts.number(view.limit_min),
        "travelling": texts.say(MODES[view.mode].travelling),
    }


def _share(persons: int, view: DesignView, texts: Texts) -> str:
    return texts.percent(persons / view.inhabitants if view.inhabitants else 0.0)
