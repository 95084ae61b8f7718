"""Pieces that several pages draw: the frame of a page, controls, tables, progress."""
