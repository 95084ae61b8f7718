#!/bin/sh
# pyogrio 0.13.0 appends rows in one coordinate system to a layer in another as they are: metres are kept as degrees.
#
# `append` of write_dataframe adds rows to a layer that is there (https://pyogrio.readthedocs.io/en/latest/api.html); a frame
# carries its system in `crs`, and a layer its own.
# Expected: the rows in the system of the layer, or an error that names both.
# Seen: no error; a point in the Netherlands, in metres, is read back 250,000 degrees east.
# Exits 0 while what is seen is what is written below, else it says what changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyogrio==0.13.0 geopandas==1.2.0

"$folder/venv/bin/python" - "$folder/places.gpkg" <<'PYTHON'
import sys
from importlib.metadata import version

import geopandas
import pyogrio
import shapely

print("pyogrio", version("pyogrio"), "GDAL", ".".join(map(str, pyogrio.__gdal_version__)))
first = geopandas.GeoDataFrame({"name": ["Aa"]}, geometry=[shapely.Point(6.5, 53.0)], crs="EPSG:4326")
second = geopandas.GeoDataFrame({"name": ["Bee"]}, geometry=[shapely.Point(250_000, 540_000)], crs="EPSG:28992")
pyogrio.write_dataframe(first, sys.argv[1], layer="places")
try:
    pyogrio.write_dataframe(second, sys.argv[1], layer="places", append=True)
except Exception as error:
    sys.exit(f"changed: {error}")
found = pyogrio.read_dataframe(sys.argv[1])
seen = found.crs.to_string(), found.geometry.iloc[1].wkt
print(f"the second point: expected near POINT (6.8 52.8), or an error; seen {seen[1]} in {seen[0]}")
sys.exit(0 if seen == ("EPSG:4326", "POINT (250000 540000)") else f"changed: {seen}")
PYTHON
