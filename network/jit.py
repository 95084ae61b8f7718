"""The one place that touches numba: how the inner loops of the network layer are compiled."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import ParamSpec, TypeVar

import numba

from data.files.whole import can_write
from data.source_files import ROOT, source_files
from data.user_cache import user_cache


def _without_blas() -> None:
    """Spare every process SciPy's linear algebra, which numba loads with its first kernel to see if it could multiply matrices.

    That takes a fifth of a start, and no kernel multiplies matrices. Where SciPy is loaded already, it stays.
    """
    name = "scipy.linalg"
    if name not in sys.modules:
        sys.modules[name] = None  # type: ignore[assignment]  # how an import is refused
        try:
            import_module("numba.np.arraymath")
        finally:
            del sys.modules[name]


_without_blas()
P = ParamSpec("P")
R = TypeVar("R")


LAYER = "network"


@cache
def _cache_folder(folder: Path) -> str:
    """Folder of the machine code of the kernels of `folder`, of this version; that of other versions is removed.

    It is in the cache of the user where that of the program cannot be written to, and "" where neither can.

    By itself numba looks only at the file a kernel stands in, not at those of the kernels it calls: the key is all of
    the network layer, and the folder itself where it lies outside.
    """
    layer = ROOT / LAYER
    home = layer if folder.is_relative_to(layer) else folder
    sources = source_files(dict.fromkeys([LAYER, str(home.relative_to(ROOT))]))
    key = hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()[:16]
    home = home / "__pycache__"
    if not can_write(home):  # an installation of somebody else
        home = user_cache("kernels") / home.parent.name
    kept = home / f"kernels-{key}"
    if not kept.exists():
        # Another process of this version may just have made it.
        for outdated in set(kept.parent.glob("kernels-*")) - {kept}:
            shutil.rmtree(outdated, ignore_errors=True)
    return str(kept) if can_write(kept) else ""


def machine_code() -> Path:
    """Folder of the machine code of the network layer, of this version: the same for every region."""
    return Path(_cache_folder(ROOT / LAYER))


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` on first use for the argument types it meets, keep the machine code on disk, free the GIL.

    Kernels stay plain Python: with ``NUMBA_DISABLE_JIT=1`` they run as they stand and give the same result. No
    fast-math, which would assume infinity away; no signatures, which read-only arrays would not match.
    """
    folder = _cache_folder(Path(function.__code__.co_filename).resolve().parent)
    numba.config.CACHE_DIR = folder  # type: ignore[attr-defined]
    compiled: Callable[P, R] = numba.njit(cache=bool(folder), nogil=True)(function)
    return compiled
