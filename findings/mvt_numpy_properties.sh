#!/bin/sh
# mapbox-vector-tile 2.2.0 leaves properties out of a tile, without a word, when they are numbers or truths of NumPy.
#
# A property of a feature may be a text, a whole number, a fraction or a truth (section 4.1 of
# https://github.com/mapbox/vector-tile-spec/tree/master/2.1, and its vector_tile.proto); those of a table come as NumPy's.
# Expected: np.int64(3) in the tile as 3 is, or an error that names the property.
# Seen: np.int64, np.bool_ and np.float32 are gone; np.float64, which is a float of Python too, stays.
# Exits 0 while what is seen is what is written below, else it says what changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check mapbox-vector-tile==2.2.0 numpy==2.4.0

"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import mapbox_vector_tile
import numpy as np

print("mapbox-vector-tile", version("mapbox-vector-tile"), "numpy", version("numpy"))
given = {
    "plain": 3,
    "int64": np.int64(3),
    "bool": np.bool_(True),
    "float32": np.float32(1.5),
    "float64": np.float64(1.5),
}
tile = mapbox_vector_tile.encode([{"name": "places", "features": [{"geometry": "POINT(1 1)", "properties": given}]}])
found = mapbox_vector_tile.decode(tile)["places"]["features"][0]["properties"]
for name, value in given.items():
    print(f"{name}: expected {value}; seen {found.get(name, 'nothing')}")
sys.exit(0 if found == {"plain": 3, "float64": 1.5} else f"changed: {found}")
PYTHON
