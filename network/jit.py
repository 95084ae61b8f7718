"""The one place that touches numba: how the inner loops of the network layer are compiled."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import numba

P = ParamSpec("P")
R = TypeVar("R")


def _cache_folder() -> Path:
    """Folder of the machine code of this version of the whole layer; that of other versions is removed.

    By itself numba looks only at the file a kernel stands in, not at those of the kernels it calls.
    """
    layer = Path(__file__).parent
    sources = b"".join(file.read_bytes() for file in sorted(layer.glob("*.py")))
    folder = layer / "__pycache__" / f"kernels-{hashlib.sha256(sources).hexdigest()[:16]}"
    if not folder.exists():
        # Another process of this version may just have made it.
        for outdated in set(folder.parent.glob("kernels-*")) - {folder}:
            shutil.rmtree(outdated, ignore_errors=True)
    return folder


numba.config.CACHE_DIR = str(_cache_folder())  # type: ignore[attr-defined]


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` on first use for the argument types it meets, keep the machine code on disk, free the GIL.

    Kernels stay plain Python: with ``NUMBA_DISABLE_JIT=1`` they run as they stand and give the same result. No
    fast-math, which would assume infinity away; no signatures, which read-only arrays would not match.
    """
    compiled: Callable[P, R] = numba.njit(cache=True, nogil=True)(function)
    return compiled
