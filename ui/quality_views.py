"""The quality of the data and the calibration, as plain rows: what was looked at, what was found, and how far off it is."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite

from accessibility.calibration import Calibration, calibrate
from accessibility.quality import check_quality
from accessibility.quality_types import Quality
from accessibility.world import World
from data.control import read_control
from data.live.published import compared_areas


@dataclass(frozen=True, slots=True)
class CheckRow:
    """What was looked for in a part of the data, how often it was found, of how many, and examples."""

    section: str
    what: str
    count: int
    total: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A published figure beside the one that is worked out here, and why they may differ."""

    what: str
    area: str
    year: str
    unit: str
    published: float
    here: float
    reasons: tuple[str, ...]

    @property
    def off_share(self) -> float:
        """Difference as a share of the published figure; inf where nothing was found here."""
        return self.here / self.published - 1 if self.published and isfinite(self.here) else inf


@dataclass(frozen=True, slots=True)
class QualityView:
    """Everything that was checked; `n_left_out` published figures have no like here."""

    checks: tuple[CheckRow, ...]
    published: tuple[PublishedRow, ...]
    n_left_out: int


def quality_view(world: World) -> QualityView:
    """Check the data of a region and put its results beside published figures: this takes a minute."""
    hoods, country = compared_areas(world.region.folder)
    calibration = calibrate(world, read_control(world.region), hoods, country)
    return QualityView(
        check_rows(check_quality(world)), published_rows(calibration), len(calibration.left_out)
    )


def check_rows(quality: Quality) -> tuple[CheckRow, ...]:
    """Rows of the checks; what the builders did about the data stands in the build report already."""
    return tuple(
        CheckRow(check.section, check.what, check.count, check.total, check.examples)
        for check in quality.checks
        if not check.action
    )


def published_rows(calibration: Calibration) -> tuple[PublishedRow, ...]:
    """Rows of distances, areas and inhabitants."""
    found = [(row.control, row.modelled_km, row.reason) for row in calibration.deviations]
    found += [(row.control, row.km2, row.reason) for row in calibration.areas]
    found += [(row.control, float(row.persons), "") for row in calibration.people]
    return tuple(
        PublishedRow(
            what=control.indicator,
            area=control.area,
            year=control.year,
            unit=control.unit,
            published=control.value,
            here=here,
            reasons=tuple(filter(None, reason.split("; "))),
        )
        for control, here, reason in found
    )
