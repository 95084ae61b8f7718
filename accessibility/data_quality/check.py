"""How good the data of a region are: every layer looked at, what was found as plain data."""

from __future__ import annotations

from accessibility.data_quality.findings import Check, Municipalities, Quality, Section
from accessibility.data_quality.people import people_checks
from accessibility.data_quality.streets import street_checks
from accessibility.data_quality.timetable import timetable_checks
from accessibility.world import World


def check_quality(world: World) -> Quality:
    """Look at every layer of a region as it is."""
    places = Municipalities(world)
    found = [street_checks(world), timetable_checks(world, places), people_checks(world, places)]
    return Quality(
        world.region.title,
        world.region.service_date.isoformat(),
        tuple(check for checks, _ in found for check in checks) + reported(world),
        tuple(table for _, tables in found for table in tables),
    )


def reported(world: World) -> tuple[Check, ...]:
    """What the readers and builders assumed, repaired or dropped."""
    sections: dict[str, Section] = {"features": "facilities", "streets": "streets", "places": "places"}
    sections |= {"facilities": "facilities", "population": "population"}
    return tuple(
        Check(
            sections.get(found.layer, "timetable"),
            found.what,
            found.count,
            action=found.action,
            examples=found.examples,
        )
        for found in world.report.findings
    )
