"""The report of a municipality in words."""

from __future__ import annotations

from ui.sentences.compare import sure_sentence
from ui.views.area import BUS_LIMIT_MIN, AreaView
from ui.words.i18n import Texts, mark
from ui.words.words import KINDS, MODES

OLDEST = 3
"""Place of those of 75 and over among the ages."""
AGES = (mark("Up to 19"), mark("20 to 64"), mark("65 to 74"), mark("75 and older"))
NOW = mark("Now")


def area_title(view: AreaView, region: str, texts: Texts) -> str:
    """What the report is called."""
    return texts.say("How near are services in {area}?").format(area=view.name or region)


def year_words(year: int | None, texts: Texts) -> str:
    """A year, or "now" where that of the data is not known."""
    return texts.say(NOW) if year is None else str(year)


def people_sentence(view: AreaView, region: str, texts: Texts) -> str:
    """Say how many people live there, and how many later."""
    area, number = view.name or region, texts.number
    now = texts.say("{area} has {people} inhabitants; {old} of them are 75 or older.").format(
        area=area, people=number(sum(view.ages)), old=number(view.ages[OLDEST])
    )
    if not view.ages_later:
        return f"{now} {texts.say('Of later years nothing is known here.')}"
    later = texts.say(
        "In {year} there will be {people}, of whom {old} are 75 or older: that is a forecast."
    ).format(year=view.later_year, people=number(sum(view.ages_later)), old=number(view.ages_later[OLDEST]))
    return f"{now} {later}"


def services_sentence(view: AreaView, texts: Texts) -> str:
    """Say which service is furthest away, and what counts as near."""
    limits = texts.say(
        "Near is within {limit} minutes {travelling}, or within {bus} minutes by bus: choices made here, not legal norms."
    ).format(
        limit=view.compare.design.limit_min,
        travelling=texts.say(MODES[view.compare.design.mode].travelling),
        bus=BUS_LIMIT_MIN,
    )
    known = [service for service in view.services if service.mean_min is not None]
    if not known:
        return limits
    furthest = min(known, key=lambda service: service.near)
    said = texts.say("Fewest people have {service} near: {percent}.").format(
        service=texts.say(KINDS[furthest.kind].one), percent=texts.percent(furthest.near)
    )
    return f"{said} {limits}"


def proposal_sentence(view: AreaView, texts: Texts) -> str:
    """Say where the hubs come from."""
    design = view.compare.design
    if not view.is_proposal:
        return texts.say("These are the changes of the scenario that this report was made for.")
    service = texts.say(KINDS[design.kind].one)
    travelling = texts.say(MODES[design.mode].travelling)
    if not design.edits:
        sentence = texts.say(
            "No place was found where a hub brings anybody within {limit} minutes {travelling} of {service}."
        )
    else:
        sentence = texts.say(
            "These places were worked out: of all villages they bring the most people within {limit} minutes {travelling} of "
            "{service}. That is a proposal to talk about, not a decision."
        )
    return sentence.format(limit=design.limit_min, travelling=travelling, service=service)


def later_sentence(view: AreaView, texts: Texts) -> str:
    """Say what the hubs mean for the people of the later year; "" where nothing is known of one."""
    if view.later is None:
        return ""
    sentence = texts.say(
        "Of the {total} inhabitants of {year} it is {before} without the changes and {after} with them who have the service near."
    )
    return sentence.format(
        total=texts.number(view.later.people_after),
        year=view.later_year,
        before=texts.number(view.later.before),
        after=texts.number(view.later.after),
    )


def unsure_sentences(view: AreaView, texts: Texts) -> tuple[str, ...]:
    """Say what is uncertain."""
    say = texts.say
    sure = say("How sure these figures are has not been worked out.")
    if view.sure is not None:
        sure = sure_sentence(view.sure, texts)
    elif not view.compare.design.edits:
        sure = ""
    later = ""
    if view.later_year is not None:
        later = say(
            "For {year} the services, roads and buses of now were counted with; only the people are others."
        ).format(year=view.later_year)
    guessed = say("How many people there will be is a forecast; who has no car is worked out, not counted.")
    return tuple(filter(None, (sure, later, guessed)))
