"""The page "My village" on paper: what the page says of the village, its map, its services, and its trips there and back."""

from __future__ import annotations

from datetime import date

from accessibility.world import World
from ui.map.layers import Show
from ui.pages.village.day_line import day_sentence, last_sentence, step_words
from ui.pages.village.table import cell, comparison_table, none_sentence, note
from ui.paper import parts as on_paper
from ui.paper.pdf import Heading, Part, Points, Report, Sentences, Table
from ui.sentences.design import headline
from ui.sentences.edits import edit_title
from ui.sentences.village import own_mode, village_details, village_headline
from ui.views.day import DayView
from ui.views.design import DesignView
from ui.views.reach import ReachView
from ui.views.village import Service, VillageView
from ui.widgets import paper
from ui.words.i18n import Texts
from ui.words.words import KINDS, MODES


def report(
    world: World,
    view: VillageView,
    around: DesignView,
    within: ReachView | None,
    school_day: tuple[Part, ...],
    address: str,
    made: date,
    texts: Texts,
) -> Report:
    """Everything of a village that goes on paper, with how far one gets and its school day where these are shown."""
    show: Show = "difference" if around.edits else "before"
    changes: tuple[Part, ...] = ()
    if around.edits:
        changes = (Points(tuple(edit_title(edit, texts) for edit in around.edits)),)
    told: tuple[Part, ...] = (
        *changes,
        Sentences(
            (
                village_headline(view, around.edits, texts),
                " ".join(village_details(view, around.kind, texts)),
            )
        ),
        services_table(view, texts),
        Sentences((note(view, texts),)),
        Sentences((headline(around, texts),)),
        on_paper.map_of(world, around, show, headline(around, texts), texts, chosen=view.row),
        *paper.reach_parts(world, around, show, within, texts, chosen=view.row),
        *school_day,
        *_days(view, texts),
        on_paper.table_of(texts.say("How others fare"), comparison_table(view, own_mode(view), texts)),
    )
    return on_paper.report(world, view.name, told, (view.basis, "transit"), address, made, texts)


def services_table(view: VillageView, texts: Texts) -> Table:
    """Services down, modes across, as on the page."""
    title = texts.say("Minutes from {village}, door to door").format(village=view.name)
    head = (texts.say("Service"), *(texts.say(MODES[mode].label) for mode in view.modes))
    return Table(title, head, tuple(_row(service, texts) for service in view.services))


def _row(service: Service, texts: Texts) -> tuple[str, ...]:
    label = texts.say(KINDS[service.kind].label)
    if none := none_sentence(service, texts):
        return (label, none, *("" for _ in service.before[1:]))
    under = [texts.say("modelled")] if service.modelled else []
    under += [service.nearest] if service.nearest else []
    cells = []
    for before, after in zip(service.before, service.after, strict=True):
        of = cell(before, after, texts)
        now = texts.say("(now {time})").format(time=of.now) if of.now else ""
        facility = "" if service.nearest else after.facility
        cells.append("\n".join(filter(None, (of.then, now, of.spread, facility))))
    return ("\n".join((label, *under)), *cells)


def _days(view: VillageView, texts: Texts) -> tuple[Part, ...]:
    """The trips there and back, step by step."""
    if not view.days:
        return ()
    told: list[Part] = [Heading(texts.say("There and back"))]
    for day in view.days:
        told.append(Sentences((day_sentence(day, view.name, texts),)))
        if day.steps and day.away_min is not None:
            told.append(Points(_steps(day, day.away_min, texts)))
        if last := last_sentence(day, texts):
            told.append(Sentences((last,)))
    return tuple(told)


def _steps(day: DayView, away_min: float, texts: Texts) -> tuple[str, ...]:
    home = texts.say("home again, {away} after leaving").format(away=texts.minutes_in_words(away_min))
    steps = [f"{texts.clock(step.start)} {step_words(step, day, texts)}" for step in day.steps]
    return (*steps, f"{texts.clock(day.steps[-1].end)} {home}")
