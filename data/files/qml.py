"""Styles of QGIS layers: one colour per value of a column, as QML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import quoteattr


class Category(NamedTuple):
    """A value of a column, the words for it in the legend, and its colour."""

    value: str
    label: str
    red_green_blue: tuple[int, int, int]


def categorised(column: str, categories: Sequence[Category], *, areas: bool) -> str:
    """QML that colours points, or areas, by a column of text (QGIS 3, `categorizedSymbol`)."""
    rows = "\n".join(
        f'      <category value={quoteattr(of.value)} type="string" symbol="{number}" label={quoteattr(of.label)} render="true"/>'
        for number, of in enumerate(categories)
    )
    symbols = "\n".join(
        _area(number, of) if areas else _point(number, of) for number, of in enumerate(categories)
    )
    return f"""<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.28" styleCategories="Symbology">
  <renderer-v2 type="categorizedSymbol" attr={quoteattr(column)} forceraster="0" symbollevels="0" enableorderby="0">
    <categories>
{rows}
    </categories>
    <symbols>
{symbols}
    </symbols>
  </renderer-v2>
</qgis>
"""


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
