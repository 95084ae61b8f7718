#!/bin/sh
# OR-Tools 9.15 takes every way as free when the callback that tells its cost returns a fraction of Python, and calls the plan optimal.
#
# A transit callback returns the cost of going from one place to the next
# (https://developers.google.com/optimization/routing/tsp, "Create the distance callback"); travel times are fractions in most tables.
# Expected: 2.0 counted as 2, or an error that says that whole numbers are needed.
# Seen: no error; each leg costs 0, whether it is 2.0 or 2.5, and the status is that of an optimal plan.
# Exits 0 while what is seen is what is written below, else it says what changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ortools==9.15.6755

"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

print("ortools", version("ortools"))
MINUTES = [[0, 2, 3], [2, 0, 4], [3, 4, 0]]
"""Between three places; the only round takes 2 + 4 + 3."""


def cost(kind):
    """Cost of the round, with times of a kind of number, and whether the plan is called optimal."""
    nodes = pywrapcp.RoutingIndexManager(3, 1, 0)
    model = pywrapcp.RoutingModel(nodes)
    told = model.RegisterTransitCallback(
        lambda one, other: kind(MINUTES[nodes.IndexToNode(one)][nodes.IndexToNode(other)])
    )
    model.SetArcCostEvaluatorOfAllVehicles(told)
    plan = model.Solve()
    optimal = routing_enums_pb2.RoutingSearchStatus.Value.Name(model.status()) == "ROUTING_OPTIMAL"
    return plan.ObjectiveValue(), optimal


whole = cost(int)
fractions = cost(float)
print(f"whole minutes: {whole[0]}; the same as fractions: expected 9, or an error; seen {fractions[0]}, optimal: {fractions[1]}")
sys.exit(0 if whole[0] == 9 and fractions == (0, True) else f"changed: {whole}, {fractions}")
PYTHON
