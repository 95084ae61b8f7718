"""Whole sentences about hubs with several services: what they bring, what they cost, and what that rests on."""

from __future__ import annotations

from ui.views.placement.question import PageQuestion
from ui.views.placement.services import OfferedService, ServedKind, ServicesFound
from ui.words.i18n import Texts
from ui.words.words import KINDS, MODES


def services_sentences(found: ServicesFound, question: PageQuestion, texts: Texts) -> tuple[str, ...]:
    """What the hubs cost, how many get each service, how sure it is that no choice is better, and what is not known."""
    say = texts.say
    if not found.sites:
        return (say("No hub is proposed: nowhere do enough people lack one of these services."),)
    money = texts.plural(
        "{count} hub costs {euros} euros a year; there is {budget}.",
        "{count} hubs cost {euros} euros a year; there is {budget}.",
        len(found.sites),
    ).format(
        count=texts.number(len(found.sites)),
        euros=texts.number(found.euros),
        budget=texts.number(found.budget),
    )
    sure = say("No other choice helps more people: that is proved.")
    if found.gap_share:
        sure = say("Another choice may help {share} more people at most.").format(
            share=texts.percent_fine(found.gap_share)
        )
    unknown = tuple(
        say("The data do not say where {service} is now, so everybody counts as without one.").format(
            service=say(KINDS[of.kind].one)
        )
        for of in found.served
        if not of.known
    )
    served = (_served(of, question, texts) for of in found.served)
    return (money, *served, sure, *unknown)


def _served(of: ServedKind, question: PageQuestion, texts: Texts) -> str:
    said = texts.say(
        "{people} of the {lacking} people who are not within {limit} minutes {travelling} of {service} now will be."
    )
    return said.format(
        people=texts.number(of.people),
        lacking=texts.number(of.lacking),
        service=texts.say(KINDS[of.kind].one),
        limit=texts.number(question.limit_min),
        travelling=texts.say(MODES[question.mode].travelling),
    )


def basis_sentence(texts: Texts) -> str:
    """What the costs and the room rest on."""
    return texts.say(
        "Costs, room and how many people a service needs are assumptions. Who comes more often than others, as older people to "
        "the GP, counts for more than one. People go to any hub within the limit that has room."
    )


def service_words(service: OfferedService, texts: Texts) -> str:
    """Hours and counters of a service, and how many people it serves; several counters are said."""
    said = texts.plural(
        "{hours} hours a week, {count} counter, for {people} people",
        "{hours} hours a week, {count} counters, for {people} people",
        service.counters,
    )
    return said.format(
        hours=texts.number(service.hours),
        count=texts.number(service.counters),
        people=texts.number(service.people),
    )
