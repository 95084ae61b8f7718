#!/bin/sh
# pyosmium 4.3.2 does not tell the date of an .osm (XML) file, and drops it when it writes one.
#
# osmconvert (https://wiki.openstreetmap.org/wiki/Osmconvert) says on the first element of an .osm file to which moment
# the data go: <osm ... timestamp="...">; no schema settles it. A .osm.pbf says it in its header
# (osmosis_replication_timestamp, https://wiki.openstreetmap.org/wiki/PBF_Format).
# Expected: the header gives the date of both. Seen: of the PBF only; of XML it is empty without a word, so that a
# program that shows how old its data are shows nothing. The manual of osmium-tool, on the same library, does say that
# this option is written to PBF only (https://docs.osmcode.org/osmium/latest/osmium-output-headers.html); of reading
# it says nothing.
# Exits 0 while what is seen is what is written below, else it says what changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check osmium==4.3.2

cat >"$folder/dated.osm" <<'OSM'
<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="osmconvert 0.8.10" timestamp="2026-06-01T12:00:00Z">
  <node id="1" version="1" timestamp="2026-05-01T12:00:00Z" lat="53.0" lon="6.5" />
</osm>
OSM

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import osmium
from osmium.replication.utils import get_replication_header

folder = Path(sys.argv[1])
print("pyosmium", version("osmium"))
header = osmium.io.Header()
header.set("osmosis_replication_timestamp", "2026-06-01T12:00:00Z")
for name in ("written.osm.pbf", "written.osm"):
    with osmium.SimpleWriter(str(folder / name), header=header) as writer:
        for thing in osmium.FileProcessor(str(folder / "dated.osm")):
            writer.add(thing)

seen = {}
for name in ("dated.osm", "written.osm", "written.osm.pbf"):
    told = osmium.FileProcessor(str(folder / name)).header.get("timestamp")
    seen[name] = bool(told or get_replication_header(str(folder / name)).timestamp)
    print(f"{name}: expected 2026-06-01T12:00:00Z; seen {told or 'nothing'}")
known = {"dated.osm": False, "written.osm": False, "written.osm.pbf": True}
sys.exit(0 if seen == known else f"changed: {seen}")
PYTHON
