"""Every number a result depends on that is neither mapped nor timetabled, with its source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is taken for granted about travelling by public transport.

    How far one goes to the first stop and from the last belongs to the mode, see `travel_times.TravelMode`.

    Attributes
    ----------
    min_transfer_s
        Seconds between alighting and boarding on top of the walk; 60 s is the usual allowance in open trip planners.
    transfer_walk_max_m
        Longest walk between two stops for a change; 600 m is about seven minutes.
    travel_max_s
        Longest travel time that counts as a connection; 4 hours.
    first_boarding_slack_s
        Seconds to be at the first stop before the departure, of any trip out or back; 0, while R5 takes 60 s at every stop.
        Changes have `min_transfer_s`.
    max_rides
        Vehicles boarded at most; 0 for any number. Staying seated where a vehicle goes on as another line is no new one.
    headway_samples
        Where only headways are published: so many samples of the times, pooled. Two lines in a row, both every h minutes,
        have a median with a standard error of h / sqrt(12 M): 0.18 min with 1,007 samples for a headway of 20 minutes, and
        in proportion for others. A multiple of `round_trips.SHARE`, see decision 18.

    """

    min_transfer_s: int = 60
    transfer_walk_max_m: float = 600.0
    travel_max_s: int = 4 * 3600
    first_boarding_slack_s: int = 0
    max_rides: int = 0
    headway_samples: int = 1007
