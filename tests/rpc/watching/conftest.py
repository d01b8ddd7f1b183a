"""The fixtures of this folder."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import grpc.aio
import pytest

from tests.callers import KEY, HandClock
from tests.database import Database
from tests.rpc.watching.calls import Player
from tests.servers import apply_shape
from tests.told import TENANT, Teller
from wallet_server.execution.clock import Clock
from wallet_server.server import Server, open_server
from wallet_server.settings import Settings


@dataclass
class Running:
    """A server, and a channel to it."""

    server: Server
    channel: grpc.aio.Channel
    _closing: AsyncExitStack

    @property
    def target(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.server.port}"

    async def stop(self) -> None:
        """Stops it, as operators do."""
        await self._closing.aclose()


Start = Callable[..., Awaitable[Running]]


@pytest.fixture
async def start(database: Database) -> AsyncIterator[Start]:
    """Starts servers with the tenant `demo`, of which nothing was told yet. Given are settings."""
    await apply_shape(database, TENANT, "ruby")
    await database.tamper("DELETE FROM outbox")
    async with AsyncExitStack() as all_closing:

        async def start(*, clock: Clock | None = None, **settings: object) -> Running:
            chosen = {
                "listen_port": 0,
                "due_work_enabled": False,
                "sealing_enabled": False,
                "without_authentication": "auth_keys_file" not in settings,
                **settings,
            }
            closing = AsyncExitStack()
            all_closing.push_async_callback(closing.aclose)
            made = Settings(**chosen)  # pyright: ignore[reportArgumentType] - as the test says.
            server = await closing.enter_async_context(
                open_server(made, database.server_url, clock)
            )
            channel = grpc.aio.insecure_channel(f"127.0.0.1:{server.port}")
            await closing.enter_async_context(channel)
            return Running(server, channel, closing)

        yield start


@pytest.fixture
async def running(start: Start) -> Running:
    """A server that says often how far it is."""
    return await start(watch_heartbeat_seconds=0.05)


@pytest.fixture
async def quiet(start: Start) -> Running:
    """One that tells of nothing but what a test puts into the database."""
    return await start(watch_heartbeat_seconds=0.05, sequencing_enabled=False)


@pytest.fixture
async def ann(running: Running) -> Player:
    """A player with an open wallet."""
    return await Player.open(running.channel, "ann")


@pytest.fixture
def teller(database: Database) -> Teller:
    """What puts events into the database, as if somebody had done something."""
    return Teller(database)


@pytest.fixture
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The keys that servers believe."""
    path = tmp_path_factory.mktemp("keys") / "keys.pem"
    path.write_bytes(KEY.public_pem())
    return str(path)


@pytest.fixture
def hand_clock() -> HandClock:
    """A clock that a test sets."""
    return HandClock(datetime.now(UTC))
