"""Scenarios side by side: the table that says which is best at what, and the choice of the one that the page tells of."""

from __future__ import annotations

from html import escape

from accessibility.world import World
from ui.pages.compare import panel
from ui.pages.compare.view import Compared
from ui.sentences.side_by_side import lines, title
from ui.state import session
from ui.views.side_by_side import Side, sides
from ui.widgets.inputs import segments
from ui.words.i18n import Texts, plain


def beside(world: World, compared: Compared, names: tuple[str, ...]) -> tuple[Side, ...]:
    """Put the scenarios side by side, with how sure each is as far as that is known."""
    return sides(names, compared.views, panel.sureness(world, compared))


def beside_html(found: tuple[Side, ...], limit_min: int, texts: Texts) -> str:
    """Draw what the scenarios give side by side: one column each, the best of every line marked."""
    best = escape(texts.say("best"))
    heads = "".join(
        f'<th scope="col"><b>{side.letter}</b><small>{escape(side.name)}</small></th>' for side in found
    )
    body = ""
    for line in lines(found, limit_min, texts):
        cells = "".join(
            f'<td><b>{escape(cell)}</b> <small class="dh-best">{best}</small></td>'
            if at in line.best
            else f"<td>{escape(cell)}</td>"
            for at, cell in enumerate(line.cells)
        )
        body += f'<tr><th scope="row">{escape(line.title)}</th>{cells}</tr>'
    caption = escape(texts.say("The scenarios side by side, in inhabitants"))
    return (
        f'<table class="dh-beside"><caption>{caption}</caption><thead><tr><td></td>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def pick_scenario(found: tuple[Side, ...], chosen: int, texts: Texts) -> None:
    """Draw the choice of the scenario that all below it tells of."""
    words = {side.letter: plain(title(side)) for side in found}
    letter = found[chosen].letter
    segments(texts.say("Which scenario"), words, letter, "choose-letter", session.choose, "letter")
