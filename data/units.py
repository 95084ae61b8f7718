"""Units that are read or told, in those that are computed with."""

from __future__ import annotations

MPS_PER_KMH = 1 / 3.6
