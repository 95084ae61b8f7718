"""The frame of every page: its style, and that of the house laid over it."""

from __future__ import annotations

import re
from pathlib import Path

from support.files import DOCS
from ui.widgets.page_frame import STYLE, styles

TOKEN = re.compile(r"--dh-[a-z-]+(?=:)")
WORDS = {"--dh-enter", "--dh-upload", "--dh-too-large", "--dh-skip"}
"""Texts of a language, which the frame sets itself."""


def test_a_house_style_comes_after_ours_so_that_it_wins(tmp_path: Path) -> None:
    house = tmp_path / "house.css"
    assert styles(house) == STYLE.read_text(encoding="utf-8")
    house.write_text(":root { --dh-hub: #003da6; }", encoding="utf-8")
    assert styles(house) == STYLE.read_text(encoding="utf-8") + ":root { --dh-hub: #003da6; }"


def test_every_colour_is_a_token_and_every_token_is_used_and_told() -> None:
    root, rules = STYLE.read_text(encoding="utf-8").split("}", 1)
    # A colour written in a rule could not be laid over; those of the theme and of currentcolor are no literals.
    assert not re.findall(r"#[0-9a-f]{3,8}\b", rules)
    tokens = set(TOKEN.findall(root))
    assert tokens
    assert set(re.findall(r"var\((--dh-[a-z-]+)", rules)) == tokens | WORDS
    told = (DOCS / "howto" / "house-style.md").read_text(encoding="utf-8")
    assert {token for token in tokens if f"`{token}`" in told} == tokens
