"""Whole sentences about a plan over years: what it brings, how sure that is, and what looking at the end only would lose."""

from __future__ import annotations

from ui.sentences.edits import edit_title
from ui.sentences.placement import people, service_words
from ui.views.placement.plan import PlanFound, PlanYear
from ui.views.placement.question import PageQuestion
from ui.words.i18n import Texts

SHOWN_SHARE = 5e-5
"""Less than this is nothing in a sentence."""


def plan_sentences(found: PlanFound, question: PageQuestion, texts: Texts) -> tuple[str, ...]:
    """What is first, what it all brings, how sure it is that no plan is better, and what the best end would lose."""
    say = texts.say
    if not found.hubs:
        return (
            say("No hub is planned: nobody would be nearer to {service} because of one.").format(
                **service_words(question, texts)
            ),
        )
    first, last = found.years[0], found.years[-1]
    opening = tuple(site for year in found.years for site in year.opens)
    begins = next(year for year in found.years if year.opens)
    said = texts.plural(
        "First comes a hub in {first}, in {year}. In {end} there is {count} hub.",
        "First comes a hub in {first}, in {year}. In {end} there are {count} hubs.",
        len(opening),
    ).format(
        first=texts.sentence_list(begins.opens),
        year=begins.year,
        end=last.year,
        count=texts.number(len(opening)),
    )
    sure = say("No other plan helps more people sooner: that is proved.")
    if found.gap_share:
        sure = say("Another plan may bring {share} more at most.").format(
            share=texts.percent_fine(found.gap_share)
        )
    return (said, _brings(found, first, question, texts), sure, *_end(found, question, texts))


def _brings(found: PlanFound, first: PlanYear, question: PageQuestion, texts: Texts) -> str:
    last = found.years[-1]
    if last.within is None:
        said = texts.say(
            "If everybody goes to {service} once, the hubs save {first} hours in {year}, and {last} in {end}."
        )
        return said.format(
            first=texts.number(first.gained),
            last=texts.number(last.gained),
            year=first.year,
            end=last.year,
            **service_words(question, texts),
        )
    said = texts.say(
        "Because of the hubs {first} get {service} within {limit} minutes {travelling} in {year}, and {last} in {end}."
    )
    return said.format(
        first=people(question.chosen.who, first.gained, texts),
        last=people(question.chosen.who, last.gained, texts),
        year=first.year,
        end=last.year,
        **service_words(question, texts),
    )


def _end(found: PlanFound, question: PageQuestion, texts: Texts) -> tuple[str, ...]:
    """What whoever looks at the last year only would choose, and lose."""
    if found.end is None:
        return ()
    last, end = found.years[-1], max(found.end, found.years[-1].gained)
    if max(found.lost_greedy, found.lost_ordered) < SHOWN_SHARE:
        said = texts.say(
            "Who looks at {end} alone would choose as well: the hubs that are best then can be opened in this order."
        )
        return (said.format(end=last.year),)
    amount = texts.say("{count} hours").format(count=texts.number(end))
    mine = texts.say("{count} hours").format(count=texts.number(last.gained))
    if last.within is not None:
        amount, mine = (people(question.chosen.who, count, texts) for count in (end, last.gained))
    said = texts.say(
        "Who looks at {end} alone would choose hubs for {amount} then, where this plan has {mine}. But until then these would bring "
        "{ordered} less in their best order, and {greedy} less if each time the one comes first that helps most at once."
    )
    return (
        said.format(
            end=last.year,
            amount=amount,
            mine=mine,
            ordered=texts.percent_fine(found.lost_ordered),
            greedy=texts.percent_fine(found.lost_greedy),
        ),
    )


def plan_basis(found: PlanFound, texts: Texts) -> str:
    """What a plan rests on."""
    kept = texts.say("What is left of a year is gone.")
    if found.carries_over:
        kept = texts.say("What is left of a year is kept for later.")
    said = texts.say(
        "There is {budget} euros a year. Opening a hub costs {opening} euros, and an open hub {cost} euros a year: assumptions, "
        "unless you said what a hub costs. A hub stays open. A year counts {rate} less than the one before it. The inhabitants are "
        "those of the forecast; cars per household stay as they are."
    )
    told = said.format(
        budget=texts.number(found.budget),
        opening=texts.number(found.opening),
        cost=texts.number(found.cost),
        rate=texts.percent_fine(found.rate),
    )
    return f"{told} {kept}"


def year_words(year: PlanYear, texts: Texts) -> str:
    """What opens and what else changes in a year."""
    opens = tuple(
        texts.say("Hub {where}").format(where=texts.say("in {place}").format(place=site))
        for site in year.opens
    )
    return "; ".join((*opens, *(edit_title(edit, texts) for edit in year.changes))) or "\u2013"


def year_sentence(year: PlanYear, question: PageQuestion, texts: Texts) -> str:
    """One year of a plan, above its map."""
    if year.within is None:
        said = texts.say("In {year} the hubs save {count} hours if everybody goes to {service} once.")
        return said.format(year=year.year, count=texts.number(year.gained), **service_words(question, texts))
    said = texts.say(
        "In {year} {within} have {service} within {limit} minutes {travelling}, of whom {gained} because of the hubs."
    )
    return said.format(
        year=year.year,
        within=people(question.chosen.who, year.within, texts),
        gained=texts.number(year.gained),
        **service_words(question, texts),
    )
