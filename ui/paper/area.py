"""The report of a municipality, or a booklet of all of them: for everybody, on A4."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import chain

from accessibility.world import World
from ui.paper.parts import largest_changes, map_of, report, within_table
from ui.paper.pdf import Chapter, Heading, Part, Points, Report, Sentences, Table
from ui.sentences.area import (
    AGES,
    area_title,
    later_sentence,
    people_sentence,
    proposal_sentence,
    services_sentence,
    unsure_sentences,
    year_words,
)
from ui.sentences.compare import equity_sentences, three_sentences
from ui.sentences.design import headline
from ui.sentences.edits import edit_title
from ui.views.area import BUS, AreaView, only
from ui.views.compare import Within
from ui.views.design import basis_of
from ui.words.i18n import Texts
from ui.words.words import KINDS, MODES


def area_report(world: World, views: Sequence[AreaView], address: str, made: dt.date, texts: Texts) -> Report:
    """Report of one area; of several a booklet with a chapter for each.

    Parameters
    ----------
    world
        The region as it is.
    views
        The areas, one at least, in the order of the chapters.
    address
        Link to where the report was asked for, "" for none.
    made
        Day on which it is made.
    texts
        Language.

    """
    region, first = world.region.title, views[0]
    rests_on = (basis_of(world, BUS), BUS)
    if len(views) == 1:
        return report(
            world,
            area_title(first, region, texts),
            area_parts(world, first, texts),
            rests_on,
            address,
            made,
            texts,
        )
    chapters = chain.from_iterable(
        (Chapter(view.name or region), *area_parts(world, view, texts)) for view in views
    )
    title = texts.say("How near are services in {area}?").format(area=region)
    parts = (Points(tuple(view.name or region for view in views)), *chapters)
    return report(world, title, parts, rests_on, address, made, texts)


def area_parts(world: World, view: AreaView, texts: Texts) -> tuple[Part, ...]:
    """Everything that a report tells of one area."""
    say, region, design = texts.say, world.region.title, view.compare.design
    part, told = only(world, view.name), headline(design, texts)
    changes: tuple[Part, ...] = ()
    if design.edits:
        changes = (
            Points(tuple(edit_title(edit, texts) for edit in design.edits)),
            Sentences(
                tuple(
                    filter(None, (told, *three_sentences(view.compare, texts), later_sentence(view, texts)))
                )
            ),
            map_of(part, design, "difference", told, texts),
            _within(view, texts),
            *largest_changes(design, say("Largest changes"), texts),
        )
    else:
        changes = (map_of(part, design, "before", told, texts),)
    return (
        Heading(say("Who lives there")),
        Sentences((people_sentence(view, region, texts),)),
        ages_table(view, texts),
        Heading(say("How near services are")),
        Sentences((services_sentence(view, texts),)),
        services_table(view, texts),
        Heading(say("Where a village hub could come") if view.is_proposal else say("What changes")),
        Sentences((proposal_sentence(view, texts),)),
        *changes,
        Heading(say("Who has no car")),
        Sentences(equity_sentences(view.compare, texts)),
        Heading(say("What is uncertain")),
        Sentences(unsure_sentences(view, texts)),
    )


def ages_table(view: AreaView, texts: Texts) -> Table:
    """Inhabitants by age, now and later."""
    later = view.ages_later
    head = (texts.say("Age"), year_words(view.year, texts), *([str(view.later_year)] if later else []))
    columns = [view.ages, *([later] if later else [])]
    rows = tuple(
        (texts.say(name), *(texts.number(column[row]) for column in columns)) for row, name in enumerate(AGES)
    )
    total = (texts.say("All inhabitants"), *(texts.number(sum(column)) for column in columns))
    return Table("", head, (*rows, total))


def services_table(view: AreaView, texts: Texts) -> Table:
    """Services down: mean minutes, and the share of the inhabitants who have it near, now and later."""
    say, mode = texts.say, texts.say(MODES[view.compare.design.mode].label)
    bus, now = texts.say(MODES["transit"].label), year_words(view.year, texts)
    years = [now, *([str(view.later_year)] if view.later_year else [])]
    head = (
        say("Service"),
        say("{mode}: minutes on average").format(mode=mode),
        *(say("{mode}: near, {year}").format(mode=way, year=year) for way in (mode, bus) for year in years),
    )

    def share(value: float | None) -> str:
        return "\N{EN DASH}" if value is None else texts.percent(value)

    rows = []
    for service in view.services:
        near = [service.near, *([service.near_later] if view.later_year else [])]
        near += [service.by_bus, *([service.by_bus_later] if view.later_year else [])]
        minutes = "\N{EN DASH}" if service.mean_min is None else texts.decimal(service.mean_min)
        rows.append((say(KINDS[service.kind].label), minutes, *map(share, near)))
    return Table("", head, tuple(rows))


def _within(view: AreaView, texts: Texts) -> Table:
    """Who is within the limit, without the changes and with them; of the later year too."""
    later: tuple[tuple[str, Within], ...] = ()
    if view.later is not None:
        later = ((texts.say("All inhabitants in {year}").format(year=view.later_year), view.later),)
    return within_table(view.compare, later, texts)
