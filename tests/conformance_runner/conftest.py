"""One server for all tests of the runner; each scenario has a tenant of its own on it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.conformance_runner.files import read
from wallet_server.conformance.own_target import OwnTarget, open_own_target
from wallet_server.conformance.playing import play
from wallet_server.conformance.recording import Recording

Play: TypeAlias = Callable[[Path], Awaitable[Recording]]


@pytest.fixture(scope="session")
async def target() -> AsyncIterator[OwnTarget]:
    async with open_own_target() as opened:
        yield opened


@pytest.fixture(scope="session")
async def target_of_batches() -> AsyncIterator[OwnTarget]:
    """Another server, which gets every command in a batch of one."""
    async with open_own_target(in_batches=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def played(target: OwnTarget) -> Play:
    """Plays a file, once however often it is asked for."""
    recordings: dict[Path, Recording] = {}

    async def play_once(path: Path) -> Recording:
        if path not in recordings:
            recordings[path] = await play(read(path), target)
        return recordings[path]

    return play_once
