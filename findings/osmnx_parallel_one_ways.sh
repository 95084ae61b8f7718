#!/bin/sh
# OSMnx 2.1.1 counts two one-way streets between the same two junctions as one street when they have no geometry.
#
# Expected: street_length_total is the length of all streets, 120 + 130 = 250 m, whether their shape is known or not
# (https://osmnx.readthedocs.io/en/stable/user-reference.html, osmnx.stats). Seen: 130 m without shapes.
# `to_undirected` says that it keeps parallel edges only if their geometries differ; it gives both edges the straight
# line, so that one overwrites the other under the same key, before their osmid is compared. A graph without
# geometries is valid: one made from a table of junctions and lengths has none.
# Exits 0 while what is seen is what is written below, else it says what changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check osmnx==2.1.1

"$folder/venv/bin/python" - <<'PYTHON'
import sys

import networkx as nx
import osmnx as ox
from shapely import LineString

# Two junctions 100 m apart; one street bends away to the north, the other to the south.
THERE = (1, 2, 10, 120.0, LineString([(0, 0), (50, 33.17), (100, 0)]))
BACK = (2, 1, 11, 130.0, LineString([(100, 0), (50, -41.53), (0, 0)]))


def streets(with_geometry: bool) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph(crs="EPSG:28992")
    graph.add_node(1, x=0.0, y=0.0, street_count=2)
    graph.add_node(2, x=100.0, y=0.0, street_count=2)
    for start, end, osmid, length, line in (THERE, BACK):
        shape = {"geometry": line} if with_geometry else {}
        graph.add_edge(start, end, osmid=osmid, length=length, oneway=True, reversed=False, **shape)
    return graph


print("OSMnx", ox.__version__)
seen = {}
for with_geometry in (True, False):
    stats = ox.basic_stats(streets(with_geometry))
    seen[with_geometry] = (stats["street_length_total"], stats["street_segment_count"])
    print(
        f"{'with' if with_geometry else 'without'} geometry: expected 250 m in 2 streets; "
        f"seen {seen[with_geometry][0]:.0f} m in {seen[with_geometry][1]}"
    )
sys.exit(0 if seen == {True: (250.0, 2), False: (130.0, 1)} else "changed")
PYTHON
