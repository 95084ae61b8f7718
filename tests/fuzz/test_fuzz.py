"""A short run of the damaged files, the same each time; `make fuzz` is the long one."""

from __future__ import annotations

import pytest
from fuzz.made import Made
from fuzz.readers import READERS, Reader
from fuzz.run import damaged, tally

N_INPUTS = 6


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_the_whole_file_is_read_and_damaged_ones_are_read_rightly_or_refused_in_a_sentence(
    reader: Reader, made: Made
) -> None:
    found = tally(reader, made, 1, range(N_INPUTS))
    assert found.failed == {}
    assert found.read + found.refused == N_INPUTS


def test_damage_is_the_same_for_the_same_seed_and_another_for_another(made: Made) -> None:
    reader = next(reader for reader in READERS if reader.file == "region.toml")
    whole = reader.make(made)
    assert damaged(reader, whole, 1, 3) == damaged(reader, whole, 1, 3) != damaged(reader, whole, 2, 3)
