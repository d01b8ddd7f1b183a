"""A real server on a real Postgres, and what is in its tables.

A test folder that wants the fixture `server` imports it in its conftest.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import grpc.aio
import pytest

from tests.database import Connection, Database
from tests.prepared import give_documents
from wallet_server.administration import administration_of
from wallet_server.embedded.roles import Role
from wallet_server.execution.clock import SystemClock
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.event_reader import EventReader
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import ORDINARY_ADMINISTRATION, EngineSettings
from wallet_server.execution.statements.reader import StatementReader
from wallet_server.execution.wallet_reader import WalletReader
from wallet_server.execution.watching.encoded import EncodingReader
from wallet_server.execution.watching.hub import Hub
from wallet_server.execution.watching.settings import WatchSettings
from wallet_server.exports.export_processes import ExportProcesses
from wallet_server.rpc.access.authenticator import Trusting
from wallet_server.rpc.edge import Edge, EdgeSettings, build_server
from wallet_server.rpc.encode.event_streams import encode_for_many
from wallet_server.rpc.reads import Reads
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine
from wallet_server.storage.readers import open_readers

TENANT = "demo"
TABLES = (
    "tenants",
    "topologies",
    "players",
    "wallets",
    "wallet_items",
    "bets",
    "answers",
    "entries",
)
REQUEST_BYTES_MAX = 4_194_304


@dataclass
class RunningServer:
    """A server that takes calls, with its parts in reach."""

    edge: Edge
    executor: Executor
    database: Database
    channel: grpc.aio.Channel
    exports: ExportProcesses
    owner: "Connection | None" = None

    @property
    def target(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.edge.port}"

    async def rows(self) -> dict[str, int]:
        """Returns how many rows each table has, and the sum of all wallets' sequences."""
        if self.owner is None:
            self.owner = await self.database.connect(Role.OWNER)
        counts = [f"(SELECT count(*) FROM {table}) AS {table}" for table in TABLES]
        [row] = await self.owner.fetch(
            f"SELECT {', '.join(counts)}, (SELECT sum(sequence) FROM wallets) AS sequence"
        )
        return dict(row)


async def apply_shape(database: Database, tenant_id: str, shape: str) -> None:
    """Gives a tenant one of the shapes that ship."""
    await give_documents(database, tenant_id, load_shape(shape))


@pytest.fixture
async def server(database: Database, listeners_count: int) -> AsyncIterator[RunningServer]:
    """A server with the tenant `demo` in the shape `ruby`, and no wallets."""
    async with running_server(database, listeners_count) as running:
        yield running


@asynccontextmanager
async def running_server(database: Database, listeners_count: int) -> AsyncGenerator[RunningServer]:
    """Serves for as long as the block lasts, on a migrated database without rows."""
    clock, cache = SystemClock(), ConfigurationCache()
    await apply_shape(database, TENANT, "ruby")
    engine = create_engine(database.server_url, connections_max=2)
    readers = await open_readers(
        database.server_url, connections_max=2, statement_timeout_seconds=10
    )
    executor = Executor(database.server_url, cache, EngineSettings(lanes_count=2), clock.now)
    await executor.start()
    events = EventReader(readers)
    hub = Hub(EncodingReader(events, encode_for_many), WatchSettings())
    hub.start()
    exports = ExportProcesses(database.server_url, exports_max=3, tenant_exports_max=2)
    edge = build_server(
        executor=executor,
        reads=Reads(
            wallets=WalletReader(readers, cache, clock.now),
            events=events,
            hub=hub,
            statements=StatementReader(readers),
            exports=exports,
            now=clock.now,
        ),
        administration=administration_of(
            engine, readers, cache, clock.now, ORDINARY_ADMINISTRATION
        ),
        settings=EdgeSettings(
            address="127.0.0.1:0",
            page_token_secret=b"secret",
            request_bytes_max=REQUEST_BYTES_MAX,
            listeners_count=listeners_count,
        ),
        authenticator=Trusting(),
    )
    await edge.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}") as channel:
        yield RunningServer(edge, executor, database, channel, exports)
    hub.stop_soon()
    await edge.stop(grace_seconds=1)
    await hub.finish()
    await executor.drain()
    await readers.close()
    await engine.dispose()
