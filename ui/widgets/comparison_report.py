"""A comparison as it goes on paper, from the page of the councillor and that of the planner alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import pandas as pd

from accessibility.world import World
from scenarios.comparison.equity import Spread
from ui.paper.chart import Curve, curves_svg
from ui.paper.parts import largest_changes, legend_of, map_of, table_of, within_table
from ui.paper.pdf import Drawing, Drawings, Heading, Part, Points, Sentences, Table
from ui.sentences.compare import equity_sentences, sure_sentence, three_sentences
from ui.sentences.costs import cost_details, cost_table, sources
from ui.sentences.design import headline
from ui.sentences.edits import edit_line
from ui.sentences.side_by_side import best_details, best_headline, lines, title
from ui.views.compare import CompareView, Sureness
from ui.views.side_by_side import Side
from ui.widgets.charts import COLOURS, DASHES
from ui.words.i18n import Texts


def areas_table(view: CompareView, texts: Texts) -> pd.DataFrame:
    """Winners and losers by municipality."""
    say = texts.say
    return pd.DataFrame(
        {
            say("Municipality"): [area.name for area in view.areas],
            say("Inhabitants"): [texts.number(area.within.people_after) for area in view.areas],
            say("Within, now"): [texts.number(area.within.before) for area in view.areas],
            say("Within, with the changes"): [texts.number(area.within.after) for area in view.areas],
            say("Gain"): [texts.number(area.winners) for area in view.areas],
            say("Lose"): [texts.number(area.losers) for area in view.areas],
            say("Mean change (min)"): [texts.decimal(area.mean_change_min) for area in view.areas],
        }
    ).set_index(say("Municipality"))


def equity_table(view: CompareView, texts: Texts) -> pd.DataFrame:
    """People without a car by municipality: how many, who is within the limit, and who gains."""
    say, found = texts.say, [area.equity for area in view.areas]
    span = say("{count} ({low} to {high})")

    def told(spread: Spread) -> str:
        used, low, high = (texts.number(round(value)) for value in spread)
        return span.format(count=used, low=low, high=high)

    return pd.DataFrame(
        {
            say("Municipality"): [area.name for area in view.areas],
            say("Inhabitants"): [texts.number(of.people) for of in found],
            say("Without a car"): [told(of.without_car) for of in found],
            say("Within, now"): [texts.number(round(of.within_before.used)) for of in found],
            say("Within, with the changes"): [texts.number(round(of.within_after.used)) for of in found],
            say("Gain"): [texts.number(round(of.gain_without_car.used)) for of in found],
            say("Lose"): [texts.number(round(of.lose_without_car.used)) for of in found],
        }
    ).set_index(say("Municipality"))


def money(view: CompareView, caption: str, texts: Texts) -> tuple[Part, ...]:
    """What each change costs, what it rests on, and where the rates come from; nothing where nothing costs anything."""
    if not view.costs.lines:
        return ()
    table = table_of(caption, cost_table(view, texts))
    told = list(cost_details(view, texts))
    if found := sources(view, texts):
        told.append(f"{texts.say('Sources of the rates')}: {'; '.join(found)}.")
    return (table, Sentences(tuple(told))) if told else (table,)


def side_by_side_table(beside: Sequence[Side], limit_min: int, texts: Texts) -> Table:
    """What the page has in its table of scenarios, the best of every line marked."""
    best = texts.say("best")
    rows = tuple(
        (
            line.title,
            *(f"{cell} ({best})" if at in line.best else cell for at, cell in enumerate(line.cells)),
        )
        for line in lines(beside, limit_min, texts)
    )
    caption = texts.say("The scenarios side by side, in inhabitants")
    return Table(caption, ("", *map(title, beside)), rows)


def parts(
    world: World, beside: Sequence[Side], views: Sequence[CompareView], texts: Texts
) -> tuple[Part, ...]:
    """Everything of up to four scenarios that goes on paper, each compared with the region as it is."""
    say, limit = texts.say, views[0].design.limit_min
    told = [_told(view, side.sure, texts) for view, side in zip(views, beside, strict=True)]
    is_one = len(views) == 1
    names = [side.name if is_one else title(side) for side in beside]
    maps = [
        map_of(world, view.design, "difference", headline(view.design, texts), texts, with_legend=is_one)
        for view in views
    ]
    norm = Sentences((say("{limit} minutes is a choice made here, not a legal norm.").format(limit=limit),))
    if is_one:
        return (
            *told[0],
            maps[0],
            within_table(views[0], (), texts),
            norm,
            _curves(names, views, texts),
            *largest_changes(views[0].design, say("Largest changes"), texts),
            *money(views[0], say("What it costs"), texts),
            table_of(say("By municipality"), areas_table(views[0], texts)),
            table_of(say("People without a car, by municipality"), equity_table(views[0], texts)),
        )
    captioned = tuple(Drawing(drawn.svg, drawn.alt, name) for drawn, name in zip(maps, names, strict=True))
    after_all = chain.from_iterable(
        (
            *largest_changes(view.design, f"{name}: {say('Largest changes')}", texts),
            *money(view, f"{name}: {say('What it costs')}", texts),
            table_of(f"{name}: {say('By municipality')}", areas_table(view, texts)),
        )
        for name, view in zip(names, views, strict=True)
    )
    return (
        Sentences((best_headline(beside, views[0].design.kind, texts), *best_details(beside, texts))),
        side_by_side_table(beside, limit, texts),
        norm,
        *chain.from_iterable((Heading(name), *of) for name, of in zip(names, told, strict=True)),
        Drawings(captioned),
        legend_of([view.design for view in views], "difference", texts),
        _curves(names, views, texts),
        *after_all,
    )


def _told(view: CompareView, found: Sureness | None, texts: Texts) -> tuple[Part, ...]:
    """What was changed, and what comes of it."""
    sure = texts.say("How sure these figures are has not been worked out yet.")
    if found is not None:
        sure = sure_sentence(found, texts)
    sentences = Sentences(
        (
            headline(view.design, texts),
            *three_sentences(view, texts),
            " ".join(equity_sentences(view, texts)),
            sure,
        )
    )
    if not view.design.edits:
        return (sentences,)
    return Points(tuple(edit_line(edit, texts) for edit in view.design.edits)), sentences


def _curves(names: Sequence[str], views: Sequence[CompareView], texts: Texts) -> Drawing:
    """How many more people there are within each minute, as the page draws it."""
    say = texts.say
    curves = [
        Curve(name, [after - before for before, after in view.curve], colour, " ".join(map(str, dashes)))
        for name, view, colour, dashes in zip(names, views, COLOURS, DASHES, strict=False)
    ]
    described = say(
        "How many more inhabitants than now are within each number of minutes, with each scenario"
    )
    return Drawing(curves_svg(curves, say("Minutes"), say("More than now"), texts), described, described)
