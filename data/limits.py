"""How large what comes from outside may be: one table, and what is said to whoever goes beyond it.

`docs/robustness.md` shows the same table; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.errors import InputError


@dataclass(frozen=True, slots=True)
class Limit:
    """The most there may be of something.

    Attributes
    ----------
    most
        So many of `what`, which is a plural.
    instead
        What to do when there is more.

    """

    what: str
    most: float
    instead: str

    def fault(self, where: str, number: float) -> str:
        """What is said when there is more, "" when there is not; `where` is what messages call it."""
        if number <= self.most:
            return ""
        return f"{where}: {number:,.0f} {self.what}, and at most {self.most:,.0f} can be used. {self.instead}"

    def refuse_beyond(self, where: str, number: float) -> None:
        """Raise InputError with `fault` when there is more."""
        if fault := self.fault(where, number):
            raise InputError(fault)


TABLE_ROWS = Limit("rows", 200_000, "Keep what lies in and around the region.")
TABLE_CELLS = Limit("values in all rows together", 5_000_000, "Leave out columns that are not needed.")
TABLE_MB = Limit("MB once unpacked", 500, "Keep what lies in and around the region.")
PACKING = Limit(
    "times its size",
    150,
    "No honest file packs so well: download it again, or unpack it yourself.",
)
"""Tables of digits pack up to about 30 times and maps up to 25; a file made to fill a memory a thousand times."""
SMALL_BYTES = 2**20
"""What unpacks to less may pack any number of times: a header over nothing, an empty database."""
UNPACKED_MB = Limit("MB once unpacked", 30 * 1024, "Take a smaller extract.")
"""Of a whole feed or map: the national timetable unpacks to about 2 GB, the squares to less."""
REGION_PARTS = Limit("files", 10_000, "Take out of its folder what the region does not need.")
"""Of a region as one file; a fetched one has a dozen."""
EDITS = Limit("edits", 200, "Leave out some of them, or make two scenarios.")
NEW_TRIPS = Limit("new trips in all", 20_000, "Let lines leave less often, or for fewer hours.")
"""Some twenty lines that run every five minutes from 5:00 to 24:00, both ways, make half of it."""
LINE_CORNERS = Limit("corners of one line", 1000, "Draw it with fewer.")
LINE_KM = Limit("km of one line", 100, "Draw it in parts.")
LIBRARY_SCENARIOS = Limit(
    "scenarios, deleted ones included", 20_000, "Ask whoever manages this installation to take old ones out."
)
LIBRARY_MB = Limit("MB", 1024, "Ask whoever manages this installation to take old scenarios out.")
OWN_SCENARIOS = Limit("scenarios of yours", 200, "Delete some that you no longer need.")
"""In one browser."""
VISITOR_SEARCHES = Limit("searches at the same time", 4, "Stop one of them, or wait until one is done.")
ALL_SEARCHES = Limit(
    "searches at the same time", 20, "Many people are searching now. Try again in some minutes."
)
LIMITS = {
    "a table": (TABLE_ROWS, TABLE_CELLS, TABLE_MB),
    "a packed file": (PACKING, UNPACKED_MB),
    "a region as one file": (REGION_PARTS,),
    "a scenario": (EDITS, NEW_TRIPS),
    "a drawn path or road": (LINE_CORNERS, LINE_KM),
    "the library": (LIBRARY_SCENARIOS, LIBRARY_MB),
    "a browser": (OWN_SCENARIOS,),
    "a visitor": (VISITOR_SEARCHES,),
    "all visitors": (ALL_SEARCHES,),
}
"""All of them, by what they are of."""


def packing_fault(packed: int, unpacked: int) -> str:
    """Why a packed file is not unpacked, from its size and that of what is in it, both in bytes; "" for nothing."""
    mb, times = unpacked / 2**20, unpacked / max(packed, 1)
    if unpacked <= SMALL_BYTES or (times <= PACKING.most and mb <= UNPACKED_MB.most):
        return ""
    limit, number = (PACKING, times) if times > PACKING.most else (UNPACKED_MB, mb)
    return limit.fault(f"it would unpack to {mb:,.0f} MB or more", number)


def refuse_packing(where: str, packed: int, unpacked: int) -> None:
    """Refuse a packed file by `packing_fault`; `where` is what messages call it.

    Raises
    ------
    InputError
        With how large it would become, and what to do.

    """
    if fault := packing_fault(packed, unpacked):
        msg = f"{where}: {fault}"
        raise InputError(msg)
