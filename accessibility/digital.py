"""Contacts that need no travel, where there is fast internet for them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from accessibility.origins import Origins
from accessibility.world import World
from data.columns import Floats


class DigitalReach(NamedTuple):
    """Inhabitants of the region who can have fast internet, who cannot, and of whom that is unknown."""

    people_with: float
    people_without: float
    people_unknown: float

    @property
    def left_out(self) -> float:
        """Those who have to travel, whatever a scenario lets go online."""
        return self.people_without + self.people_unknown


def broadband_at(world: World, origins: Origins) -> Floats:
    """(O,) float64 share of the people at each origin who can have fast internet; nan where unknown."""
    if world.broadband is None:
        return np.full(len(origins.place), np.nan)
    # The last row is for origins that belong to no place.
    return np.append(world.broadband.share, np.nan)[origins.place]


def digital_share(world: World, kind: str, origins: Origins) -> Floats:
    """(O,) float64 share of the contacts with a kind of service for which nobody at an origin travels.

    Where it is unknown whether there is fast internet, nobody is taken to have it. In a region that says nothing of it, a scenario
    speaks for everybody, as nothing else is known.
    """
    share = dict(world.digital_share).get(kind, 0.0)
    if world.broadband is None:
        return np.full(len(origins.place), share)
    return share * np.nan_to_num(broadband_at(world, origins))


def digital_reach(world: World) -> DigitalReach | None:
    """Who can have fast internet in the region; None where the region says nothing of it."""
    if world.broadband is None:
        return None
    residents = world.residents
    inside = residents.in_region
    people, share = residents.people[inside], broadband_at(world, residents)[inside]
    known = np.isfinite(share)
    reached = float((people[known] * share[known]).sum())
    total, total_known = float(people.sum(dtype=np.int64)), float(people[known].sum(dtype=np.int64))
    return DigitalReach(reached, total_known - reached, total - total_known)


def digital_lines(world: World) -> list[str]:
    """Whom contacts that go online leave out, in words; nothing where none do."""
    if not world.digital_share:
        return []
    kinds = ", ".join(f"{share:.0%} of {kind}" for kind, share in world.digital_share)
    found = digital_reach(world)
    if found is None:
        return [
            f"Online ({kinds}): this region does not say where there is fast internet, so it counts for everybody."
        ]
    modelled = " (modelled)" if world.region.is_modelled("broadband") else ""
    line = f"Online ({kinds}): {found.people_without:,.0f} people have no fast internet{modelled} and travel as before"
    unknown = (
        f"; of {found.people_unknown:,.0f} it is unknown, and they do too" if found.people_unknown else ""
    )
    return [f"{line}{unknown}."]
