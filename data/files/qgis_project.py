"""A project of QGIS beside a GeoPackage: its layers in groups, with their styles, in the order in which they are read."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

ENDING = ".qgz"
NO_TIME = (1980, 1, 1, 0, 0, 0)
"""Instead of the time of writing, so that equal contents make equal files."""
ID = "dorpshub_layer_"
"""QGIS gives a layer whose id is shorter than eleven letters another one, and then does not find it in its groups."""
MARGIN = 0.05
"""Share of the extent that is shown around it."""


class Shown(NamedTuple):
    """A layer of the project: its name in the file, group, what it is called there, style, and whether it is no map."""

    name: str
    group: str
    title: str
    qml: str
    is_table: bool


def fill_project(
    path: Path, geopackage: Path, title: str, groups: Mapping[str, tuple[str, str]], crs: str
) -> None:
    """Make a new project of the layers of a GeoPackage beside it, the first of them switched on.

    Parameters
    ----------
    path, geopackage
        The project, and the file with its layers and their styles, which it finds by its name.
    title
        Of the project.
    groups
        Group and title of each layer or table, by its name, in their order.
    crs
        Of the map.

    """
    with closing(sqlite3.connect(geopackage)) as database:
        styles = dict(database.execute("SELECT f_table_name, styleQML FROM layer_styles"))
        maps = {name for (name,) in database.execute("SELECT table_name FROM gpkg_geometry_columns")}
        layers = [
            Shown(name, group, called, styles.get(name, ""), name not in maps)
            for name, (group, called) in groups.items()
        ]
        text = _project(geopackage.name, title, layers, crs, _extent(database, layers))
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo(f"{path.stem}.qgs", NO_TIME)
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, text)


def _extent(database: sqlite3.Connection, layers: Sequence[Shown]) -> tuple[float, ...]:
    """West, south, east and north of all layers, with a margin."""
    rows = dict.fromkeys(layer.name for layer in layers if not layer.is_table)
    found = [
        database.execute(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?", (name,)
        ).fetchone()
        for name in rows
    ]
    boxes = [box for box in found if None not in box]
    if not boxes:
        return (0.0, 0.0, 1.0, 1.0)
    west, south = (min(box[side] for box in boxes) for side in (0, 1))
    east, north = (max(box[side] for box in boxes) for side in (2, 3))
    more = MARGIN * max(east - west, north - south, 1.0)
    return west - more, south - more, east + more, north + more


def _project(file: str, title: str, layers: Sequence[Shown], crs: str, extent: tuple[float, ...]) -> str:
    groups: dict[str, list[tuple[int, Shown]]] = {}
    for number, layer in enumerate(layers):
        groups.setdefault(layer.group, []).append((number, layer))
    # QGIS does not look at the name of a system without a number of its own before it; it knows one by its definition.
    from pyproj import CRS  # noqa: PLC0415 -- opens the database of PROJ, for who writes a project

    definition = CRS.from_user_input(crs).to_wkt()
    reference = (
        f"<spatialrefsys><wkt>{escape(definition)}</wkt><authid>{escape(crs)}</authid></spatialrefsys>"
    )
    ends = zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True)
    return "\n".join(
        [
            "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>",
            f'<qgis version="3.22.0" projectname={quoteattr(title)}>',
            f"<title>{escape(title)}</title>",
            f"<projectCrs>{reference}</projectCrs>",
            "<layer-tree-group>",
            *(_group(name, inside, file) for name, inside in groups.items()),
            "</layer-tree-group>",
            '<mapcanvas name="theMapCanvas"><units>meters</units>',
            f"<extent>{''.join(f'<{name}>{at!r}</{name}>' for name, at in ends)}</extent>",
            f"<destinationsrs>{reference}</destinationsrs></mapcanvas>",
            "<projectlayers>",
            *(_layer(number, layer, file, reference) for number, layer in enumerate(layers)),
            "</projectlayers>",
            '<properties><Paths><Absolute type="bool">false</Absolute></Paths>',
            '<SpatialRefSys><ProjectionsEnabled type="int">1</ProjectionsEnabled></SpatialRefSys></properties>',
            "</qgis>",
        ]
    )


def _source(file: str, layer: Shown) -> str:
    return f"./{file}|layername={layer.name}"


def _group(name: str, inside: Sequence[tuple[int, Shown]], file: str) -> str:
    rows = [
        f'<layer-tree-layer id="{ID}{number}" name={quoteattr(of.title)} providerKey="ogr" '
        f'source={quoteattr(_source(file, of))} expanded="{int(number == 0)}" '
        f'checked="{"Qt::Checked" if number == 0 else "Qt::Unchecked"}"/>'
        for number, of in inside
    ]
    is_first = inside[0][0] == 0
    head = f'<layer-tree-group name={quoteattr(name)} expanded="{int(is_first)}" checked="Qt::Checked">'
    return "\n".join([head, *rows, "</layer-tree-group>"])


def _layer(number: int, layer: Shown, file: str, reference: str) -> str:
    style = re.sub(r"^.*?<qgis[^>]*>|</qgis>\s*$", "", layer.qml, flags=re.DOTALL)
    spatial = "" if layer.is_table else f"<srs>{reference}</srs>"
    return (
        f'<maplayer type="vector"><id>{ID}{number}</id><datasource>{escape(_source(file, layer))}</datasource>'
        f'<layername>{escape(layer.title)}</layername><provider encoding="UTF-8">ogr</provider>{spatial}{style}</maplayer>'
    )
