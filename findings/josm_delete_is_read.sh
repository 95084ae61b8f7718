#!/bin/sh
# pyosmium 4.3.2 reads what was deleted in an .osm file that JOSM saved as if it were there.
#
# JOSM keeps a deleted object in the file, with action="delete"
# (https://wiki.openstreetmap.org/wiki/JOSM_file_format), until it is uploaded.
# Expected: the object left out, or its `deleted` true (https://docs.osmcode.org/pyosmium/latest/reference/Dataclasses).
# Seen: an ordinary object with `deleted` false. Only visible="false" makes it true, which JOSM does not write for what
# is still to be uploaded; nothing of the attribute `action` is left to ask for.
# Exits 0 while what is seen is what is written below, else it says what changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check osmium==4.3.2

cat >"$folder/saved.osm" <<'OSM'
<?xml version='1.0' encoding='UTF-8'?>
<osm version='0.6' generator='JOSM'>
  <node id='1' version='1' visible='true' lat='53.000' lon='6.500' />
  <node id='2' version='1' visible='true' lat='53.002' lon='6.500' />
  <node id='3' version='1' action='delete' visible='true' lat='53.001' lon='6.500'>
    <tag k='amenity' v='library' />
  </node>
  <way id='4' version='1' action='delete' visible='true'>
    <nd ref='1' />
    <nd ref='2' />
    <tag k='highway' v='residential' />
  </way>
</osm>
OSM

"$folder/venv/bin/python" - "$folder/saved.osm" <<'PYTHON'
import sys
from importlib.metadata import version

import osmium

print("pyosmium", version("osmium"))
seen = {}
for thing in osmium.FileProcessor(sys.argv[1]):
    seen[thing.type_str() + str(thing.id)] = "deleted" if thing.deleted else "there"
for name in ("n3", "w4"):
    print(f"{name}, with action='delete': expected left out or deleted; seen {seen.get(name, 'left out')}")
sys.exit(0 if seen == {"n1": "there", "n2": "there", "n3": "there", "w4": "there"} else f"changed: {seen}")
PYTHON
