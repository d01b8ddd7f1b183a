"""What a server does about garbage when it begins to serve."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from wallet_server.memory import NEW_OBJECTS_MAX, settle_memory


class Node:
    """Something that can be part of a cycle."""

    other: "Node"


@pytest.fixture
def default_memory() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("default_memory")
def test_what_is_there_is_frozen_and_new_cycles_are_still_found() -> None:
    settle_memory()
    node = Node()
    node.other = node
    gone = weakref.ref(node)
    del node

    kept = [[] for _ in range(NEW_OBJECTS_MAX + 1)]

    assert gc.get_freeze_count() > len(kept)
    assert gone() is None
