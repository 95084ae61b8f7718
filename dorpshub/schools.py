"""School days for notebooks: who gets to school before the bell, how, and who moves when a school closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from data.errors import InputError
from scenarios.school.day import school_day
from scenarios.school.question import USUAL_LIMIT_MIN, question_of
from scenarios.school.tables import answered, moves_table, places_table, schools_table

if TYPE_CHECKING:
    import pandas as pd

    from dorpshub.regions import Region

Rows: TypeAlias = Literal["place", "school", "move"]
TABLES = {"place": places_table, "school": schools_table, "move": moves_table}


def school_days(
    region: Region,
    kind: str = "primary_school",
    *,
    after: Region | None = None,
    limit_min: float = USUAL_LIMIT_MIN,
    from_age: int | None = None,
    bell: str = "",
    rows: Rows = "place",
) -> pd.DataFrame:
    """Pupils on a school day: who has far to go, who cycles alone, who is brought, and whom a bus brings before the bell.

    Parameters
    ----------
    region
        As it is. Pupils have their own pace and modes, whoever its traveller is.
    kind
        Kind of school, of data/parameters/school_days.toml or a file of that name in the folder of the region, where bells,
        margins and ages stand.
    after
        The same region with a scenario; no change when left out.
    limit_min
        Minutes beyond which a school is far, by bike, and on foot for those who do not cycle alone.
    from_age
        Age from which pupils cycle alone; that of the table when left out.
    bell
        HH:MM for all schools; those of the table when left out.
    rows
        ``place``: a row per place. ``school``: a row per school, with its pupils by the model and as counted. ``move``: a row
        per pair of schools between which pupils move.

    Returns
    -------
    By place: pupils, too_young (to cycle alone), far, far_with_bus (a bus brings them in time, quicker than walking), cycling,
    walking, brought, the school that most have nearest, and mean seconds by mode; the same with `_after` for `after`. By school:
    bell, be_there_by, first_ride, pupils, pupils_counted, room and so on. By move: from, to, pupils, pupils_counted, bike_s.

    Raises
    ------
    InputError
        When a name is unknown, a number means nothing, or school_days.toml of the region cannot be used.

    Examples
    --------
    >>> from dorpshub import apply, open_region, school_days
    >>> region = open_region("zuid-oost-drenthe")
    >>> closed = apply(region, {"edits": [{"edit": "CloseFacility", "facility_id": "school-18wq00"}]})
    >>> school_days(region, after=closed, rows="move")[["to", "pupils"]].head(1).values.tolist()
    [['Basisschool De Weiert, Odoorn', 90.8]]

    """
    if rows not in get_args(Rows):
        msg = f"rows '{rows}': ask for {', '.join(get_args(Rows))}."
        raise InputError(msg)
    then = region if after is None else after
    if then.world.places.id != region.world.places.id:
        msg = f"{region} and {then} do not have the same places: compare one region with itself."
        raise InputError(msg)
    question = question_of(region.world, kind, limit_min, bell=bell, from_age=from_age)
    before = school_day(region.world, question)
    changed = before if after is None else school_day(then.world, question)
    return TABLES[rows](answered(before, changed))
