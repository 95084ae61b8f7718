"""The inner loops of trips there and back, see `network.rounds`."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from data.columns import Int32s
from network.departures import Access, Departing, Window, Worthwhile
from network.jit import kernel
from network.round_ends import NEVER_S, Appointments, Away, Back, Destinations
from network.windows import catch

Whole: TypeAlias = int | np.int32


@kernel
def _home(back: Back, base: int, destination: int, leave: Whole, travel_max_s: Whole) -> np.int32:
    """Clock time of being back when `destination` is left at `leave`; never where no way leads back in time."""
    home = NEVER_S
    direct_s = back.direct_s[base, destination]
    if direct_s < NEVER_S:
        home = np.int32(leave + direct_s)
    ways, found, lane = back.access, back.found, back.lane[base]
    for way in range(ways.first[destination], ways.first[destination + 1]):
        stop = ways.stop[way]
        begin, end = found.begin[lane, stop], found.end[stop]
        row = begin + np.searchsorted(found.departure[lane, begin:end], leave + ways.seconds[way])
        if row < end:
            home = min(home, np.int32(found.arrival[lane, row] + back.last_s[base]))
    return home if home - leave <= travel_max_s else NEVER_S


@kernel
def _visit(there: Destinations, destination: int, arrival: Whole, stay_s: Whole) -> np.int32:
    """Clock time at which a visit of `stay_s` that starts at `arrival` or later is over; never if all close too early."""
    for span in range(there.open_first[destination], there.open_first[destination + 1]):
        start = max(np.int32(arrival), there.opens[span])
        if start + stay_s <= there.closes[span]:
            return np.int32(start + stay_s)
    return NEVER_S


@kernel
def _least_rides(found: Worthwhile) -> Int32s:
    """(K, S) int32, least seconds from any departure of a stop to the destination of a lane; never without any."""
    least = np.full(found.begin.shape, NEVER_S, np.int32)
    for lane in range(len(found.begin)):
        for stop in range(len(found.end)):
            for row in range(found.begin[lane, stop], found.end[stop]):
                ride_s = np.int32(found.arrival[lane, row] - found.departure[lane, row])
                least[lane, stop] = min(least[lane, stop], ride_s)
    return least


@kernel
def _least(ways: Access, row: int, rides_s: Int32s, direct_s: np.int32) -> np.int32:
    """Seconds that the way takes at least, whenever one leaves."""
    least = direct_s
    for way in range(ways.first[row], ways.first[row + 1]):
        least = min(least, np.int32(ways.seconds[way] + rides_s[ways.stop[way]]))
    return least


@kernel
def _may_help(
    known_s: Int32s, there: Destinations, destination: int, window: Window, least: tuple[Whole, Whole, Whole]
) -> bool:
    """Whether a pair can be quicker than what is known for any departure that reaches the destination before it closes."""
    out_least_s, stay_s, after_s = least
    last_span = there.open_first[destination + 1] - 1
    if last_span < there.open_first[destination] or out_least_s >= NEVER_S:
        return False
    latest = there.closes[last_span] - stay_s - out_least_s
    n_in_time = min((latest - window.first) // window.step_s + 1, window.n)
    worst = np.int32(0)
    for departure in range(n_in_time):
        worst = max(worst, known_s[departure])
    return bool(out_least_s + after_s < worst)


@kernel
def go_round(
    out: Worthwhile,
    back: Back,
    departing: Departing,
    out_direct_s: Int32s,
    rules: tuple[Destinations, Int32s, np.int32],
    begins: tuple[int, int],
    away: Away,
) -> None:
    """Lower `away` by all pairs of a block of bases and a block of destinations; `begins` are their first rows."""
    there, row_of_base, stay_s = rules
    begin_base, begin_destination = begins
    window, travel_max_s = departing.window, departing.travel_max_s
    arrival = np.full(window.n, NEVER_S, np.int32)
    out_rides_s, back_rides_s = _least_rides(out), _least_rides(back.found)
    for block_row in range(len(out_direct_s)):
        base = begin_base + block_row
        for destination in range(len(there.row)):
            row = row_of_base[base] + there.row[destination]
            out_least_s = _least(
                departing.access, base, out_rides_s[destination], out_direct_s[block_row, destination]
            )
            back_least_s = _least(back.access, destination, back_rides_s[back.lane[block_row]], NEVER_S)
            back_least_s = min(
                np.int32(back_least_s + back.last_s[block_row]), back.direct_s[block_row, destination]
            )
            after_s = stay_s + back_least_s
            if not _may_help(away.seconds[row], there, destination, window, (out_least_s, stay_s, after_s)):
                continue
            arrival[:] = NEVER_S
            catch(out, destination, departing, base, arrival)
            direct_s = out_direct_s[block_row, destination]
            by_ride, known, home = NEVER_S, NEVER_S, NEVER_S
            for departure in range(window.n - 1, -1, -1):
                by_ride = min(by_ride, arrival[departure])
                clock = np.int32(window.first + window.step_s * departure)
                at = min(by_ride, np.int32(clock + direct_s)) if direct_s < NEVER_S else by_ride
                least = away.seconds[row, departure]
                if at - clock > travel_max_s or at - clock + after_s >= least:
                    continue
                if at != known:
                    known, home = at, NEVER_S
                    leave = _visit(there, destination, at, stay_s)
                    if leave < NEVER_S:
                        home = _home(back, block_row, destination, leave, travel_max_s)
                if home < NEVER_S and home - clock < least:
                    away.seconds[row, departure] = home - clock
                    away.destination[row, departure] = begin_destination + destination
                    away.base[row, departure] = base


@kernel
def keep_appointments(
    out: Worthwhile,
    back: Back,
    ways: Access,
    out_direct_s: Int32s,
    rules: tuple[Destinations, Int32s],
    times: tuple[int, int, np.int32, np.int32, np.int32],
    found: Appointments,
) -> None:
    """Lower `found` by all pairs of a block of bases and of destinations, where the least time away counts."""
    there, row_of_base = rules
    begin_base, begin_destination, start, end, travel_max_s = times
    for block_row in range(len(out_direct_s)):
        base = begin_base + block_row
        for destination in range(len(there.row)):
            if _visit(there, destination, start, end - start) != end:
                continue
            latest = -NEVER_S
            if out_direct_s[block_row, destination] < NEVER_S:
                latest = np.int32(start - out_direct_s[block_row, destination])
            for way in range(ways.first[base], ways.first[base + 1]):
                stop = ways.stop[way]
                begin, last = out.begin[destination, stop], out.end[stop]
                row = begin + np.searchsorted(out.arrival[destination, begin:last], start, side="right") - 1
                if row >= begin:
                    latest = max(latest, np.int32(out.departure[destination, row] - ways.seconds[way]))
            if start - latest > travel_max_s:
                continue
            home = _home(back, block_row, destination, end, travel_max_s)
            row = row_of_base[base] + there.row[destination]
            if home < NEVER_S and (
                found.home[row] >= NEVER_S or home - latest < found.home[row] - found.departure[row]
            ):
                found.departure[row], found.home[row] = latest, home
                found.destination[row] = begin_destination + destination
                found.base[row] = base
