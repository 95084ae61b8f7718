#!/bin/sh
# opening-hours-py 2.1.4 judges four kinds of values otherwise than OpenStreetMap's specification of opening_hours.
#
# What to expect is in https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification; opening_hours.js 3.15.0,
# which that page names as its fullest implementation, reads all four values as expected here.
# Exits 0 while what is seen is what is written below, else it says what changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check opening-hours-py==2.1.4

"$folder/venv/bin/python" - <<'PYTHON'
import sys
from datetime import datetime
from importlib.metadata import version

from opening_hours import OpeningHours

print("opening-hours-py", version("opening-hours-py"))

# 1 to 7 June 2026 is a Monday to Sunday without a public holiday of the Netherlands.
MONDAY_10, MONDAY_14 = datetime(2026, 6, 1, 10), datetime(2026, 6, 1, 14)
MONDAY_23, SUNDAY_03 = datetime(2026, 6, 1, 23), datetime(2026, 6, 7, 3)

# (the value, when, what to expect, why, what this version says)
CASES = [
    (
        'Mo-Fr 09:00-17:00; Sa,Su "by appointment"', SUNDAY_03, "unknown",
        "rule modifiers: a comment alone means unknown", "open",
    ),
    (
        # The same with school holidays: SH Mo-Fr becomes SH,Mo-Fr.
        "PH Mo-Fr 09:00-17:00", MONDAY_10, "closed",
        "weekday selector: with a blank, weekdays within the holidays; with a comma, both", "open",
    ),
    (
        # By the letter of the grammar ", " starts a new rule, and "Mo" alone is all day; nobody who writes this means
        # it, so programs read a list or complain. This one passes it without a word.
        "Mo, We, Fr 08:00-12:00", MONDAY_23, "closed, or refused",
        "rule separators: the limitations of the additional rule", "open",
    ),
    (
        "Mo-Fr 09:00-12:00 || Mo-Fr 13:00-17:00", MONDAY_14, "open",
        "rule separators: the fallback holds wherever the rules before it say closed", "closed",
    ),
]
changed = []
for value, moment, expected, why, known in CASES:
    hours = OpeningHours(value, country="NL")
    seen = str(hours.state(moment)[0]).removeprefix("State.").lower()
    print(f"\n{value}   (as the library writes it: {hours})")
    print(f"  {moment:%A %H:%M}: expected {expected} ({why}); seen {seen}")
    if seen != known:
        changed.append(value)
sys.exit(f"changed: {changed}" if changed else 0)
PYTHON
