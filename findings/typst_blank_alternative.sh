#!/bin/sh
# typst 0.15.2 takes a picture with nothing but a blank for its alternative text as PDF/UA-1.
#
# PDF/UA-1 (ISO 14289-1, 7.3) asks for a text that stands for the picture, and typst refuses one without: "missing alt text"
# (https://typst.app/docs/reference/pdf/).
# Expected: `alt: " "` refused like no `alt` at all, as whoever listens hears the same: nothing.
# Seen: no `alt` is refused, a blank passes. So that a document compiles as PDF/UA-1 does not say that its pictures are told.
# Exits 0 while what is seen is what is written below, else it says what changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check typst==0.15.2

cat >"$folder/map.svg" <<'SVG'
<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>
SVG

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import typst

print("typst", version("typst"))
seen = {}
for alternative in ('alt: "Two villages and a road"', 'alt: " "', ""):
    picture = f'image("map.svg"{alternative and ", " + alternative})'
    Path("page.typ").write_text(f'#set document(title: "Map")\n#figure({picture}, caption: [Map])\n')
    try:
        typst.compile("page.typ", format="pdf", pdf_standards="ua-1")
        seen[alternative] = "taken"
    except typst.TypstError as error:
        seen[alternative] = f"refused: {error}"
for alternative, what in seen.items():
    print(f"{alternative or 'no alt'}: {what}")
if seen[""] == "taken":
    sys.exit("changed: a picture without alternative text is taken")
sys.exit(0 if seen['alt: " "'] == "taken" else "changed: a blank is refused")
PYTHON
