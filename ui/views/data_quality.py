"""The quality of the data and the calibration, as plain rows: what was looked at, what was found, and how far off it is."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite

from accessibility.data_quality.calibration import Calibration, calibrate
from accessibility.data_quality.check import check_quality
from accessibility.data_quality.findings import Quality
from accessibility.world import World
from data.live.published import compared_areas
from data.study_area.observed_flows import read_flows
from data.study_area.published_figures import read_control
from scenarios.reports.data_quality import calibration_blocks, quality_blocks
from scenarios.reports.document import html
from ui.words.i18n import Texts, report_words


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
    """Everything that was checked, as rows and as it was found; `n_left_out` published figures have no like here."""

    checks: tuple[CheckRow, ...]
    published: tuple[PublishedRow, ...]
    n_left_out: int
    quality: Quality
    calibration: Calibration


def quality_view(world: World) -> QualityView:
    """Check the data of a region and put its results beside published figures: this takes a minute."""
    calibration = calibrate(
        world, read_control(world.region), *compared_areas(world.region), read_flows(world.region)
    )
    return view_of(check_quality(world), calibration)


def view_of(quality: Quality, calibration: Calibration) -> QualityView:
    """View of what was found."""
    return QualityView(
        check_rows(quality), published_rows(calibration), len(calibration.left_out), quality, calibration
    )


def report_html(world: World, found: QualityView, texts: Texts) -> str:
    """Write all that was found on one page of HTML, in the language of the reader."""
    words = report_words(texts)
    blocks = quality_blocks(world, found.quality, words) + calibration_blocks(found.calibration, words)
    return html(blocks, words)


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
