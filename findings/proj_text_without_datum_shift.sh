#!/bin/sh
# pyproj 3.7.2 gives PROJ text without a datum shift the code of the system that has one, some 126 m away.
#
# The Dutch national grid (EPSG:28992) lies on the Amersfoort datum. As PROJ text that keeps the ellipsoid but not the
# shift to WGS 84 (`+towgs84` or a grid), as older GIS files carry it, the datum is unknown.
# Expected: no code, or the same place as that code; `to_epsg` promises the best match, at a confidence of 70 by
# default (https://pyproj4.github.io/pyproj/stable/api/crs/crs.html). Seen: 28992, and coordinates that are silently
# off by the whole shift. What tells the two apart: `equals`, `to_epsg(100)`, or a transformer with
# `allow_ballpark=False` (https://pyproj4.github.io/pyproj/stable/api/transformer.html), which refuses the text.
# Exits 0 while what is seen is what is written below, else it says what changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyproj==3.7.2

PROJ_NETWORK=OFF "$folder/venv/bin/python" - <<'PYTHON'
import sys

import pyproj
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import ProjError

TEXT = CRS(
    "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 "
    "+x_0=155000 +y_0=463000 +ellps=bessel +units=m +no_defs"
)
CODE = CRS("EPSG:28992")
EMMEN_M = (257500, 534000)

print("pyproj", pyproj.__version__, "with PROJ", pyproj.proj_version_str)
of_text = Transformer.from_crs(TEXT, "EPSG:4326", always_xy=True)
of_code = Transformer.from_crs(CODE, "EPSG:4326", always_xy=True, allow_ballpark=False)
apart_m = Geod(ellps="WGS84").inv(*of_text.transform(*EMMEN_M), *of_code.transform(*EMMEN_M))[2]
try:
    Transformer.from_crs(TEXT, "EPSG:4326", always_xy=True, allow_ballpark=False)
    refused = False
except ProjError:
    refused = True

print(f"code of the text: expected none; seen {TEXT.to_epsg()} (asked with full confidence: {TEXT.to_epsg(100)})")
print(f"Emmen by text and by code: expected the same place if the code is the same; seen {apart_m:.1f} m apart")
print(f"allow_ballpark=False: expected refused; seen {'refused' if refused else 'transformed'}")
print(f"what was done by default: {of_text.description}")
sys.exit(0 if TEXT.to_epsg() == 28992 and 125 < apart_m < 128 and refused else "changed")
PYTHON
