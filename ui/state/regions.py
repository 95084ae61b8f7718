"""The regions that a visitor can choose."""

from __future__ import annotations

import sys
from pathlib import Path

from data.errors import DorpshubError
from data.own.store import OwnRegions
from data.study_area.region_toml import embedded_regions, load_region

UPLOADED = Path.home() / ".dorpshub" / "regions"
"""Where regions with files of visitors are kept: outside the program, as the library of scenarios is."""


def regions() -> dict[str, str]:
    """Names of the regions and where each is: first the folders that were named when the app was started, then the embedded ones.

    Streamlit hands on what stands behind `--` in `streamlit run streamlit_app.py -- my-region`.
    """
    named = [Path(text) for text in sys.argv[1:] if (Path(text) / "region.toml").is_file()]
    return {folder.resolve().name: str(folder) for folder in named} | {
        name: name for name in embedded_regions()
    }


def first_region() -> str:
    """Name of the region that the app begins with."""
    return next(iter(regions()))


def uploaded_regions() -> OwnRegions:
    """Regions with files of visitors."""
    return OwnRegions(UPLOADED)


def is_uploaded(name: str) -> bool:
    """Whether a name is that of a region with files of a visitor; only those who have its link know such a name."""
    return uploaded_regions().folder(name) is not None


def location(name: str) -> str:
    """Where a region is; an unknown name is a KeyError."""
    folder = uploaded_regions().folder(name)
    return regions()[name] if folder is None else str(folder)


def titles(known: tuple[str, ...]) -> dict[str, str]:
    """Titles of all regions that everybody can choose, and of those among `known` that are there."""
    found = {name: load_region(place).title for name, place in regions().items()}
    for name in known:
        try:
            found |= {name: load_region(location(name)).title} if is_uploaded(name) else {}
        except DorpshubError:
            continue  # a damaged one is told about when it is opened
    return found
