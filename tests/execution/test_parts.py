"""How a batch is split that does not go through as a whole."""

import asyncpg
import pytest

from wallet_server.core.commands import OpenWallet
from wallet_server.core.ids import WalletRef
from wallet_server.core.task import Task
from wallet_server.execution.splitting import parts_of, splits_at_once
from wallet_server.storage.troubles import FencedError


def tasks_of(*tenant_ids: str) -> list[Task]:
    return [Task(WalletRef(each, "player", "EUR"), "r", OpenWallet()) for each in tenant_ids]


@pytest.mark.parametrize(
    ("tasks", "parts"),
    [
        (("a", "b", "a", "c"), [[1, 3], [0, 2]]),
        (("a", "a"), [[0, 1]]),
        (("a",), [[0]]),
        (("b", "c"), [[0, 1]]),
    ],
)
def test_those_that_must_wait_come_last_and_together(
    tasks: tuple[str, ...], parts: list[list[int]]
) -> None:
    error = FencedError(["a"])

    assert parts_of(tasks_of(*tasks), error) == parts
    assert splits_at_once(error)


@pytest.mark.parametrize(
    ("count", "parts"), [(4, [[0, 1], [2, 3]]), (3, [[0], [1, 2]]), (2, [[0], [1]]), (1, [[0]])]
)
def test_others_are_halved(count: int, parts: list[list[int]]) -> None:
    error = asyncpg.SerializationError()

    assert parts_of(tasks_of(*"a" * count), error) == parts
    assert not splits_at_once(error)
    assert splits_at_once(asyncpg.LockNotAvailableError())
