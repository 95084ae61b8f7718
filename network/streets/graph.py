"""Streets of one mode as a graph of networkx, for whoever goes on in OSMnx or igraph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from data.columns import Int32s
from data.osm.graphs import Edge, graph_of
from data.projection import Projection
from network.streets.mapped import MappedStreets
from network.streets.network import CLOSED_S, StreetNetwork
from network.streets.turns import CONNECTOR

if TYPE_CHECKING:
    from data.osm.graphs import Graph


def street_graph(streets: StreetNetwork, row: int, projection: Projection, *, with_lines: bool) -> Graph:
    """Graph of the streets that the mode of a row of the profiles may use, one edge for each open direction.

    Nodes are junctions with `x`, `y` (lon and lat, degrees) and `street_count`. Edges have `osmid` (the number of the
    edge in these streets: edges between junctions are parts of several ways), `length` (metres), `travel_time` (whole
    seconds, delays at its end included), `highway`, `name`, `oneway`, `reversed`, and with `with_lines` also `geometry`
    (a shapely LineString in the direction of travel). Turn restrictions have no place in such a graph.
    """
    mapped = streets.mapped
    there_s, back_s = _seconds(streets, streets.forward_s[row]), _seconds(streets, streets.backward_s[row])
    edges = np.flatnonzero((there_s < CLOSED_S) | (back_s < CLOSED_S))
    ends = np.concatenate([mapped.edge_tail[edges], mapped.edge_head[edges]])
    n_streets = np.bincount(ends, minlength=mapped.n_nodes)
    lon_deg, lat_deg = projection.to_lonlat(mapped.node_x_m, mapped.node_y_m)
    nodes = [
        (node, {"x": float(lon_deg[node]), "y": float(lat_deg[node]), "street_count": int(n_streets[node])})
        for node in np.unique(ends).tolist()
    ]
    return graph_of(nodes, _edges(mapped, (there_s, back_s), projection, with_lines=with_lines))


def _edges(
    mapped: MappedStreets, seconds: tuple[Int32s, Int32s], projection: Projection, *, with_lines: bool
) -> Iterator[Edge]:
    """Open directions of all edges, one after the other."""
    there_s, back_s = seconds
    line_lon, line_lat = projection.to_lonlat(mapped.vertex_x_m, mapped.vertex_y_m)
    for edge in range(mapped.n_edges):
        tail, head, road = (
            int(column[edge]) for column in (mapped.edge_tail, mapped.edge_head, mapped.edge_road)
        )
        both = there_s[edge] < CLOSED_S and back_s[edge] < CLOSED_S
        data: dict[str, Any] = {
            "osmid": edge,
            "length": float(mapped.edge_length_m[edge]),
            "highway": mapped.road_class[road],
            "name": mapped.road_name[road],
            "oneway": not both,
        }
        along = slice(mapped.vertex_offset[edge], mapped.vertex_offset[edge + 1])
        points = np.column_stack([line_lon[along], line_lat[along]])
        for one, other, time_s, is_back in (
            (tail, head, there_s[edge], False),
            (head, tail, back_s[edge], True),
        ):
            if time_s < CLOSED_S:
                line = {"geometry": shapely.LineString(points[::-1] if is_back else points)}
                own = {"travel_time": int(time_s), "reversed": is_back} | (line if with_lines else {})
                # A street has the same key both ways, and no other street has it: so OSMnx tells streets from directions
                # also where there are no lines to compare. The second way round a loop needs a key of its own.
                yield one, other, edge + mapped.n_edges * (is_back and tail == head), data | own


def _seconds(streets: StreetNetwork, seconds: Int32s) -> Int32s:
    """(E,) int32 of the mapped edges, the least over an edge and what repeats it for the sake of turns."""
    least = np.full(streets.mapped.n_edges, CLOSED_S, np.int32)
    of_edge = streets.mapped_edge != CONNECTOR
    np.minimum.at(least, streets.mapped_edge[of_edge], seconds[of_edge])
    return least
