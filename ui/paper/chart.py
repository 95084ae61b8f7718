"""Curves as a drawing for paper: how many more or fewer people there are within each minute."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from ui.words.i18n import Texts

WIDTH, HEIGHT = 620, 250
LEFT, RIGHT, TOP, BOTTOM = 62, 12, 10, 40
LEGEND_ROW = 16
INK, GRID = "#20302f", "#ddd8cc"
STEPS = (1, 2, 5)


class Curve(NamedTuple):
    """A line of the chart: its name, people within 0, 1, ... minutes more than now, its colour and dashes ("" for none)."""

    name: str
    people: Sequence[int]
    colour: str
    dashes: str


def curves_svg(curves: Sequence[Curve], across: str, up: str, texts: Texts) -> str:
    """Draw steps over minutes; zero is in sight."""
    every = [count for curve in curves for count in curve.people]
    low, top = min(0, *every), max(0, *every)
    last = max(len(curve.people) for curve in curves) - 1
    each = _round_step(max(top - low, 1) / 4)
    low, top = each * (low // each), max(each * -(-top // each), low + each)
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def up_to(count: float) -> float:
        return TOP + high * (top - count) / (top - low)

    def at(minute: float, count: float) -> str:
        return f"{LEFT + wide * minute / last:.1f} {up_to(count):.1f}"

    drawn = []
    for count in range(low, top + 1, each):
        line = GRID if count else INK
        drawn.append(f'<path d="M{at(0, count)}L{at(last, count)}" stroke="{line}"/>')
        y = up_to(count) + 4
        drawn.append(
            f'<text x="{LEFT - 6}" y="{y:.1f}" text-anchor="end">{escape(texts.number(count))}</text>'
        )
    for minute in range(0, last + 1, 10):
        x = LEFT + wide * minute / last
        drawn.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle">{minute}</text>')
    for number, curve in enumerate(curves):
        steps = "".join(
            f"H{LEFT + wide * minute / last:.1f}V{up_to(count):.1f}"
            for minute, count in enumerate(curve.people)
        )
        look = f'fill="none" stroke="{curve.colour}" stroke-width="2" stroke-dasharray="{curve.dashes}"'
        drawn.append(f'<path d="M{at(0, curve.people[0])}{steps}" {look}/>')
        y = HEIGHT + 6 + number * LEGEND_ROW
        drawn.append(f'<path d="M{LEFT} {y}h34" {look}/>')
        drawn.append(f'<text x="{LEFT + 42}" y="{y + 4}">{escape(curve.name)}</text>')
    drawn.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end">{escape(across)}</text>')
    drawn.append(f'<text x="{LEFT + 5}" y="{TOP + 10}">{escape(up)}</text>')
    height = HEIGHT + len(curves) * LEGEND_ROW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="Libertinus Serif" font-size="11" fill="{INK}">{"".join(drawn)}</svg>'
    )


def _round_step(size: float) -> int:
    """The least of 1, 2, 5, 10, 20, 50 ... that is at least `size`."""
    ten = 1
    while True:
        for step in STEPS:
            if step * ten >= size:
                return step * ten
        ten *= 10
