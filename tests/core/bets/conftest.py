"""A bet that several modules give results to."""

import pytest

from tests.core.world import World


@pytest.fixture
def world() -> World:
    """A wallet with an open bet of 100: SB 20 and SN 80."""
    world = World("SB 20, SN 80")
    world.authorize(100)
    return world
