"""Machine code is kept beside the kernels, or in the user's cache where an installation is somebody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.user_cache import user_cache
from network import jit
from support.files import ROOT

KERNELS = ROOT / "network" / "hierarchy"


def kept(folder: Path) -> str:
    """As `_cache_folder` on a first import."""
    return jit._cache_folder.__wrapped__(folder)


def test_machine_code_stands_beside_the_kernels() -> None:
    assert Path(kept(KERNELS)).parent == ROOT / "network" / "__pycache__"


def test_where_one_may_only_read_it_goes_to_the_cache_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jit, "can_write", lambda folder: not folder.is_relative_to(ROOT))
    assert Path(kept(KERNELS)).parent == user_cache("kernels") / "network"


def test_where_neither_can_be_written_to_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jit, "can_write", lambda _folder: False)
    assert kept(KERNELS) == ""

    @jit.kernel
    def doubled(number: int) -> int:
        return 2 * number

    assert doubled(4) == 8
