"""Measures of a scenario as tables: norms, fairness, catchments, closures, round trips."""
