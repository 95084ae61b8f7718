#!/bin/sh
# pyproj 3.7.2 makes a transformer that threads share anew in each of them: a thread's first point takes thousands of times as long.
#
# A transformer is to be made once and used again, as making it is slow (https://pyproj4.github.io/pyproj/stable/advanced_examples.html,
# "Repeated transformations"), and since 3.1 it may be shared by threads (the same page, "Multithreading").
# Expected: the first point that a new thread converts with it takes about as long as the next.
# Seen: PROJ searches its database again in each thread, some 20 ms for the Dutch system; the next point takes microseconds. A server
# that has a thread for every request, such as Streamlit, pays it at every click.
# Exits 0 while what is seen is what is written below, else it says what changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyproj==3.7.2

"$folder/venv/bin/python" - <<'PYTHON'
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pyproj

print("pyproj", pyproj.__version__, "PROJ", pyproj.proj_version_str)
shared = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:28992", always_xy=True)
shared.transform(6.8, 52.8)
AGAIN = 100


def ratio():
    """How many times as long the first point of this thread takes as each of the next ones."""
    begun = time.perf_counter()
    shared.transform(6.8, 52.8)
    first = time.perf_counter()
    for _ in range(AGAIN):
        shared.transform(6.8, 52.8)
    return (first - begun) / ((time.perf_counter() - first) / AGAIN)


def in_a_new_thread():
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(ratio).result()


here, elsewhere = ratio(), statistics.median(in_a_new_thread() for _ in range(9))
print(f"first point beside the next ones: in the thread that made it {here:.0f} times as long; in a new one expected the same, seen {elsewhere:.0f}")
sys.exit(0 if elsewhere > 200 else f"changed: {elsewhere:.0f} times as long")
PYTHON
