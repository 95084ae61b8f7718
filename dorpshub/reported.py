"""Reports on paper for notebooks: of a municipality, or of the region."""

from __future__ import annotations

import datetime as dt

from accessibility.asked import kinds_named, mode_of
from accessibility.world import silent
from data.errors import InputError
from data.progress import Progress
from dorpshub.regions import Region
from scenarios.edits.scenario import Scenario
from ui.paper.area import area_report
from ui.paper.pdf import pdf
from ui.views.area import AreaQuestion, area_named, area_view, ground_of, municipalities
from ui.words.i18n import texts_in

MOST_HUBS = 10


def report(
    region: Region,
    municipality: str = "",
    scenario: Scenario | None = None,
    *,
    booklet: bool = False,
    kind: str = "gp",
    mode: str = "bike",
    limit_min: int = 10,
    hubs: int = 2,
    year: int | None = None,
    quick: bool = False,
    language: str = "nl",
    progress: Progress = silent,
) -> bytes:
    """Make a report for everybody: who lives there, how near services are, what hubs would change, and what is uncertain.

    Parameters
    ----------
    region
        As it is, without a scenario.
    municipality
        Its name; the whole region when left out.
    scenario
        What is to change; hubs are proposed when left out.
    booklet
        Whether it is of the region and of each of its municipalities, a chapter each.
    kind, mode, limit_min
        The service of the hubs, how people go there, and the minutes within which it is near.
    hubs
        How many are proposed.
    year
        The later year beside now; the last one known when left out.
    quick
        Whether to leave out how sure the change is, which takes a minute for each area.
    language
        "nl" or "en".
    progress
        Told what is being done.

    Returns
    -------
    A PDF that can be read aloud (PDF/UA).

    Raises
    ------
    InputError
        When a name, number or year cannot be used.
    ScenarioError
        When the scenario does not fit the region.

    Examples
    --------
    >>> from dorpshub import open_region, report
    >>> report(open_region("zuid-oost-drenthe"), "Coevorden", hubs=1, quick=True)[:5]
    b'%PDF-'

    """
    world, faults = region.world, []
    if booklet and municipality:
        faults.append("a booklet is of all municipalities: name none")
    if not 1 <= hubs <= MOST_HUBS:
        faults.append(f"{hubs} hubs cannot be proposed: ask for 1 to {MOST_HUBS}")
    if limit_min < 1:
        faults.append(f"a limit of {limit_min} minutes is none: take 1 or more")
    if faults:
        msg = f"No report: {'; '.join(faults)}."
        raise InputError(msg)
    question = AreaQuestion(kinds_named([kind])[0], mode_of(world, mode).name, limit_min, hubs, year)
    names = ("", *municipalities(world)) if booklet else (area_named(world, municipality),)
    ground = ground_of(world, question)
    views = [area_view(ground, name, scenario, progress=None if quick else progress) for name in names]
    today = dt.date.today()  # noqa: DTZ011 -- the day on the clock of whoever asks
    return pdf(area_report(world, views, "", today, texts_in(language)))
