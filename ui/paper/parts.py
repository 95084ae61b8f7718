"""Parts that reports have in common: the report itself with what it rests on, tables, maps, and the largest changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

import pandas as pd

from accessibility.world import World
from ui.map.layers import Show, marks
from ui.map.svg import legend_entries, svg_legend, svg_map
from ui.paper.code import square_code
from ui.paper.pdf import Drawing, Link, Part, Report, Table
from ui.sentences.design import basis_sentence, modelled_sentence
from ui.views.compare import CompareView, Within
from ui.views.design import Basis, DesignView, order
from ui.views.reach import ReachView
from ui.words.i18n import Texts

N_PLACES = 12


def report(
    world: World,
    title: str,
    parts: Sequence[Part],
    rests_on: tuple[Basis, str],
    address: str,
    made: dt.date,
    texts: Texts,
) -> Report:
    """Put a report together.

    Parameters
    ----------
    world, title, parts
        What it is about.
    rests_on
        What the figures rest on, and the mode or "mix".
    address
        Link of the page, "" for none.
    made
        Day on which it is made.
    texts
        Language.

    """
    (basis, mode), day = rests_on, texts.date_of_source(made.isoformat())
    sources = "; ".join(
        f"{texts.say_data(layer.source)}, {texts.date_of_source(layer.date)}" for layer in basis.layers
    )
    notes = (
        basis_sentence(basis, mode, texts),
        modelled_sentence(basis, texts),
        texts.say("Sources: {sources}.").format(sources=sources),
        texts.say("Made on {day}.").format(day=day),
    )
    return Report(
        language=texts.language,
        kicker=f"Dorpshub \u00b7 {world.region.title}",
        title=title,
        parts=tuple(parts),
        notes=tuple(filter(None, notes)),
        made=made,
        foot=f"Dorpshub \u00b7 {title} \u00b7 {day}",
        link=_link(address, texts) if address else None,
    )


def _link(address: str, texts: Texts) -> Link:
    """Link with the square code that a phone reads; what is read by people is short."""
    code, short = square_code(address), urlunsplit(urlsplit(address)._replace(query="", fragment=""))
    said = texts.say("The page with these choices: {address} (click, or scan the code).")
    if not code:
        said = texts.say("The page with these choices: {address} (click; the link is too long for a code).")
    return Link(address, said.format(address=short), code, texts.say("Square code with the link of the page"))


def table_of(title: str, table: pd.DataFrame) -> Table:
    """Table of finished texts, its index first."""
    named = table.reset_index().astype(str)
    return Table(title, tuple(map(str, named.columns)), tuple(map(tuple, named.to_numpy().tolist())))


def map_of(
    world: World,
    view: DesignView,
    show: Show,
    sentence: str,
    texts: Texts,
    *,
    chosen: int | None = None,
    within: ReachView | None = None,
    with_legend: bool = True,
) -> Drawing:
    """The map of a page; who does not see it is told what it shows."""
    alt = texts.say("Map of {region}: {sentence}").format(region=world.region.title, sentence=sentence)
    drawn = svg_map(world, view, show, texts, chosen=chosen, within=within, with_legend=with_legend)
    return Drawing(drawn, alt)


def legend_of(views: Sequence[DesignView], show: Show, texts: Texts) -> Drawing:
    """One legend of several maps."""
    every = frozenset(mark for view in views for mark in marks(view, show))
    entries = legend_entries(views[0], show, texts, every)
    words = "; ".join(word for _, word in entries)
    return Drawing(svg_legend(entries), texts.say("Legend: {words}").format(words=words))


def largest_changes(view: DesignView, title: str, texts: Texts) -> tuple[Table, ...]:
    """The places whose trip changes most; no table where none does."""
    rows = [row for row in sorted(view.rows, key=order) if row.change not in {"same", "never"}]
    if not rows:
        return ()
    head = tuple(map(texts.say, ("Place", "Inhabitants", "Now", "With the changes")))
    cells = tuple(
        (row.name, texts.number(row.inhabitants), *map(texts.duration, (row.before_min, row.after_min)))
        for row in rows[:N_PLACES]
    )
    return (Table(title, head, cells),)


def within_table(view: CompareView, more: Sequence[tuple[str, Within]], texts: Texts) -> Table:
    """People within the limit, without the changes and with them: all, the oldest, those without a car, and `more`."""
    say = texts.say
    groups = (
        (say("All inhabitants"), view.all_ages),
        (say("75 and older"), view.old),
        (say("Without a car"), view.without_car),
        *more,
    )
    title = say("Inhabitants within {limit} minutes").format(limit=view.design.limit_min)
    head = (say("Who"), say("Now"), say("With the changes"))
    return Table(title, head, tuple(_within_row(name, of, texts) for name, of in groups))


def _within_row(name: str, of: Within, texts: Texts) -> tuple[str, ...]:
    said = texts.say("{percent}: {count} of {total}")
    return (
        name,
        *(
            said.format(
                percent=texts.percent(count / people if people else 0.0),
                count=texts.number(count),
                total=texts.number(people),
            )
            for count, people in ((of.before, of.people_before), (of.after, of.people_after))
        ),
    )
