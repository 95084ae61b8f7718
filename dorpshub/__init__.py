"""Travel times to services in rural regions, before and after a change: the library for notebooks, and the command.

What it offers is loaded when it is first used, so that importing the package takes no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = [
    "Explained",
    "Region",
    "apply",
    "care_rounds",
    "compare",
    "costs",
    "equity",
    "explain",
    "flows",
    "matrix",
    "monitor",
    "open_region",
    "place_hubs",
    "place_services",
    "plan",
    "reach",
    "report",
    "round_trips",
    "school_days",
    "travel_times",
    "value_for_money",
]

if TYPE_CHECKING:
    from dorpshub.answers import compare, equity, flows, place_hubs, place_services, round_trips, travel_times
    from dorpshub.cared import care_rounds
    from dorpshub.costed import costs, value_for_money
    from dorpshub.explained import Explained, explain
    from dorpshub.monitored import monitor
    from dorpshub.planned import plan
    from dorpshub.points import matrix
    from dorpshub.reached import reach
    from dorpshub.regions import Region, apply, open_region
    from dorpshub.reported import report
    from dorpshub.schools import school_days
else:

    def __getattr__(name: str) -> object:
        if name not in __all__:
            msg = f"module 'dorpshub' has no attribute '{name}'; it offers {', '.join(__all__)}"
            raise AttributeError(msg)
        from importlib import import_module  # noqa: PLC0415

        room = {
            "care_rounds": "cared",
            "matrix": "points",
            "plan": "planned",
            "reach": "reached",
            "report": "reported",
            "school_days": "schools",
            "monitor": "monitored",
            **dict.fromkeys(("Region", "apply", "open_region"), "regions"),
        }
        room |= dict.fromkeys(("Explained", "explain"), "explained")
        room |= dict.fromkeys(("costs", "value_for_money"), "costed")
        return getattr(import_module(f"dorpshub.{room.get(name, 'answers')}"), name)

    def __dir__() -> list[str]:
        return __all__
