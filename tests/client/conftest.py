"""The fixtures of this folder."""

from collections.abc import AsyncIterator

import pytest

from tests.client.scripted import POLICY, ScriptedServer
from tests.nats import nats, stream
from tests.servers import server
from wallet_client import WalletClient

__all__ = ["nats", "server", "stream"]


@pytest.fixture
async def scripted() -> AsyncIterator[ScriptedServer]:
    """A server whose steps the test gives."""
    server = ScriptedServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def wallets(scripted: ScriptedServer) -> AsyncIterator[WalletClient]:
    """A client of it, which tries again in short order."""
    async with WalletClient(scripted.target, policy=POLICY) as client:
        yield client
