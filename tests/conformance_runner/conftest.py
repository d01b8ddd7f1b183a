"""One server for all tests of the runner; each scenario has a tenant of its own on it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from copy import copy
from pathlib import Path
from typing import TypeAlias

import grpc.aio
import pytest

from tests.conformance_runner.files import read
from wallet_server.conformance.calling import Caller
from wallet_server.conformance.own_target import OwnTarget, open_own_target
from wallet_server.conformance.playing import play
from wallet_server.conformance.recording import Recording

Play: TypeAlias = Callable[[Path], Awaitable[Recording]]


@pytest.fixture(scope="session")
async def target() -> AsyncIterator[OwnTarget]:
    async with open_own_target() as opened:
        yield opened


@pytest.fixture(scope="session")
async def target_of_batches(target: OwnTarget) -> AsyncIterator[OwnTarget]:
    """The same server, which gets every command in a batch of one, for further tenants."""
    async with grpc.aio.insecure_channel(target.address) as channel:
        batching = copy(target)
        batching.caller = Caller(channel, in_batches=True)
        yield batching


@pytest.fixture(scope="session")
def played(target: OwnTarget) -> Play:
    """Plays a file, once however often it is asked for."""
    recordings: dict[Path, Recording] = {}

    async def play_once(path: Path) -> Recording:
        if path not in recordings:
            recordings[path] = await play(read(path), target)
        return recordings[path]

    return play_once
