"""Pupils as they were counted, beside those of the model: journeys from postcodes to schools, kind by kind."""

from __future__ import annotations

import numpy as np

from accessibility.data_quality.flows import FlowCheck, check_flows
from accessibility.world import World
from data.live.published import compared_areas
from data.study_area.observed_flows import Flows, read_flows


def observed(world: World, kind: str) -> FlowCheck | None:
    """Counted journeys to schools of a kind beside those to the nearest, in a world without a scenario; None where there are none.

    Raises
    ------
    InputError
        When the table of journeys or the outlines of its areas cannot be read.

    """
    flows = _to_kind(world, read_flows(world.region), kind)
    if not len(flows.persons):
        return None
    areas, _ = compared_areas(world.region)
    (found,) = check_flows(world, flows, areas)
    return found if found.persons else None


def _to_kind(world: World, flows: Flows, kind: str) -> Flows:
    """Those of the journeys that go to a facility of the kind."""
    of = {id_ for id_, own in zip(world.facilities.id, world.facilities.kind, strict=True) if own == kind}
    rows = [row for row, facility in enumerate(flows.facility) if facility in of]

    def kept(column: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(column[row] for row in rows)

    return Flows(
        kept(flows.origin),
        kept(flows.facility),
        flows.persons[np.array(rows, np.int64)],
        kept(flows.ages),
        kept(flows.date),
        kept(flows.source),
    )
