"""Where this user's copies are of what can be made again."""

from __future__ import annotations

from pathlib import Path


def user_cache(what: str) -> Path:
    """Folder for what can be made again, of one sort: builds, kernels, networks."""
    from platformdirs import user_cache_path  # noqa: PLC0415 -- for who keeps something

    return user_cache_path("dorpshub") / what
