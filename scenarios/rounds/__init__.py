"""Rounds of home care: who visits which client when, from which base, and how long the ways take."""
