"""The OSM reader keeps the keys that the rules of the modes read: without a key its rule would never fire."""

from __future__ import annotations

import pytest

from data.osm.streets import NODE_KEYS, WAY_KEYS
from network.modes.modes import PROFILES, Profile


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_the_reader_keeps_every_key_of_a_profile(profile: Profile) -> None:
    access = {*profile.access.keys}
    directed = {f"{key}:{direction}" for key in access for direction in ("forward", "backward")}
    implied = {key for key, _ in profile.access.implied}
    assert access | directed | implied | set(profile.oneway.keys) <= WAY_KEYS
    assert access <= NODE_KEYS
