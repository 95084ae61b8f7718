"""The regions that a visitor can choose."""

from __future__ import annotations

import sys
from pathlib import Path

from data.region import embedded_regions


def regions() -> dict[str, str]:
    """Names of the regions and where each is: first the folders that were named when the app was started, then the embedded ones.

    Streamlit hands on what stands behind `--` in `streamlit run streamlit_app.py -- my-region`.
    """
    own = [Path(text) for text in sys.argv[1:] if (Path(text) / "region.toml").is_file()]
    return {folder.resolve().name: str(folder) for folder in own} | {
        name: name for name in embedded_regions()
    }


def first_region() -> str:
    """Name of the region that the app begins with."""
    return next(iter(regions()))
