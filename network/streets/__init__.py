"""Streets as arrays: contracted, with turns and delays, points on them, and what edits make of them."""
