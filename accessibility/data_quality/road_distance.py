"""Distances over roads, as Statistics Netherlands measures them by car: the shortest way, not the quickest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from accessibility.travel_network import Points, TravelNetwork
from data.columns import Floats
from network.hierarchy.search import StreetSearch, build_street_search, matrix, nearest
from network.streets.network import assemble
from network.streets.snap import Snapped, snap
from network.streets.snap_index import snap_indexes

CAR = "car"


class RoadDistances:
    """Roads of a mode on which every metre takes a second, so that the quickest way is the shortest.

    One-way streets, closures and forbidden turns stay as they are; lights and giving way cost nothing.
    """

    def __init__(self, network: TravelNetwork, street: str = CAR) -> None:
        row, mapped = network.row(street), network.streets.mapped
        alone = replace(
            mapped,
            node_closed=mapped.node_closed[[row]],
            speed_mps=(mapped.speed_mps[[row]] > 0).astype(np.float64),
            use=mapped.use[[row]],
            pushed_as=np.zeros(1, np.int32),
            is_bound=mapped.is_bound[[row]],
            signals_s=np.zeros(1),
            give_way_s=np.zeros(1),
        )
        self._profile = network.profiles[row]
        self._search: StreetSearch = build_street_search(assemble(alone))
        (self._index,) = snap_indexes(alone)

    def to_nearest_m(self, origins: Points, targets: Points) -> Floats:
        """(O,) float64, metres along the road to the nearest target, walks off the road left out; inf if unreached."""
        return nearest(self._search, 0, self._doors(origins), self._doors(targets)).metres

    def between_m(self, origins: Points, targets: Points) -> Floats:
        """(O, T) float64, metres along the road to every target, likewise."""
        return matrix(self._search, 0, self._doors(origins), self._doors(targets), np.inf)

    def _doors(self, points: Points) -> Snapped:
        return snap(self._search.network, 0, self._profile, self._index, points.x_m, points.y_m)
