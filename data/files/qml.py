"""Styles of QGIS layers: one colour per value of a column, as QML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import quoteattr


class Category(NamedTuple):
    """A value of a column, the words for it in the legend, and its colour."""

    value: str
    label: str
    red_green_blue: tuple[int, int, int]


def document(renderer: str, aliases: Mapping[str, str]) -> str:
    """QML of a layer: how it is drawn, "" for a table, and what its columns are called."""
    rows = "\n".join(
        f'    <alias field={quoteattr(name)} name={quoteattr(called)} index="{number}"/>'
        for number, (name, called) in enumerate(aliases.items(), start=1)
    )
    return f"""<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology|Fields">
{renderer}  <aliases>
{rows}
  </aliases>
</qgis>
"""


def categorised(column: str, categories: Sequence[Category], *, areas: bool) -> str:
    """How points, or areas, are coloured by a column of text (QGIS 3, `categorizedSymbol`)."""
    rows = "\n".join(
        f'      <category value={quoteattr(of.value)} type="string" symbol="{number}" label={quoteattr(of.label)} render="true"/>'
        for number, of in enumerate(categories)
    )
    symbols = "\n".join(
        _area(number, of) if areas else _point(number, of) for number, of in enumerate(categories)
    )
    return f"""  <renderer-v2 type="categorizedSymbol" attr={quoteattr(column)} forceraster="0" symbollevels="0" enableorderby="0">
    <categories>
{rows}
    </categories>
    <symbols>
{symbols}
    </symbols>
  </renderer-v2>
"""


def within(column: str, limits: Sequence[float]) -> str:
    """How areas are coloured by a column of limits in minutes: the nearest darkest, and on top."""
    shades = [_between(number / max(len(limits) - 1, 1)) for number in range(len(limits))]
    categories = [
        Category(f"{limit:g}", f"within {limit:g} minutes", shade)
        for limit, shade in zip(limits, shades, strict=True)
    ]
    text = categorised(column, categories, areas=True).replace('type="string"', 'type="double"')
    order = f'<orderby><orderByClause asc="0" nullsFirst="0">"{column}"</orderByClause></orderby>'
    return text.replace('enableorderby="0"', 'enableorderby="1"').replace(
        "  </renderer-v2>", f"    {order}\n  </renderer-v2>"
    )


def _between(share: float) -> tuple[int, int, int]:
    """Colour from dark (0) to light (1) blue-green."""
    red, green, blue = (
        round(dark + share * (light - dark))
        for dark, light in zip((1, 102, 94), (220, 240, 237), strict=True)
    )
    return red, green, blue


def _point(number: int, of: Category) -> str:
    options = {
        "name": "circle",
        "color": _colour(of),
        "outline_color": "60,60,60,255",
        "size": "3",
        "size_unit": "MM",
    }
    return _symbol(number, "marker", "SimpleMarker", options)


def _area(number: int, of: Category) -> str:
    options = {"color": _colour(of), "outline_style": "no", "style": "solid"}
    return _symbol(number, "fill", "SimpleFill", options)


def _symbol(number: int, kind: str, layer: str, options: dict[str, str]) -> str:
    lines = "\n".join(
        f'            <Option name="{name}" type="QString" value="{value}"/>'
        for name, value in options.items()
    )
    return f"""      <symbol type="{kind}" name="{number}" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="{layer}" enabled="1" locked="0" pass="0">
          <Option type="Map">
{lines}
          </Option>
        </layer>
      </symbol>"""


def _colour(of: Category) -> str:
    return ",".join(str(part) for part in (*of.red_green_blue, 255))
