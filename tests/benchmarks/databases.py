"""Postgres as we ship it, on a real disk, with a database for each thing that is measured."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from tests.benchmarks.traffic import BUCKET, CURRENCY, DEPOSIT, TENANT, players
from wallet_server.core.audit.difference import Difference
from wallet_server.core.commands import Amount, ApproveDeposit, OpenWallet
from wallet_server.core.ids import WalletRef
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.embedded.roles import Role
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.clock import SystemClock
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.submission import Submission
from wallet_server.execution.verification import VerificationScope, verify
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine
from wallet_server.storage.migrating import migrate

TEMPLATE = "bench_template"
SHAPE = "ruby"
WAL_BYTES = "SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint"


@dataclass(frozen=True, slots=True)
class Databases:
    """A running Postgres with a template: a migrated database with wallets and money."""

    postgres: EmbeddedPostgres

    def url(self, name: str, role: Role = Role.SERVER) -> str:
        """Returns where a database is, for the server or another role."""
        return self.postgres.url(role, name)

    async def copy(self, name: str) -> str:
        """Makes a copy of the template. Returns where it is."""
        await self.postgres.create_database(name, TEMPLATE)
        return self.url(name)

    async def wal_bytes(self) -> int:
        """Returns how long the write-ahead log is."""
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            return await connection.fetchval(WAL_BYTES)
        finally:
            await connection.close()


@contextmanager
def start_postgres(folder: Path) -> Generator[EmbeddedPostgres]:
    """Runs Postgres with the shipped settings, in a folder of its own that is removed."""
    with (
        tempfile.TemporaryDirectory(prefix="wallet-bench-", dir=folder) as data_dir,
        EmbeddedPostgres.start(Path(data_dir)) as postgres,
    ):
        yield postgres


async def prepare(databases: Databases, wallet_count: int) -> None:
    """Makes the template: schema, topology and policies, wallets with a deposit each."""
    await databases.postgres.create_database(TEMPLATE)
    await migrate(databases.url(TEMPLATE, Role.OWNER))
    engine = create_engine(databases.url(TEMPLATE))
    await apply_documents(engine, TENANT, load_shape(SHAPE), SystemClock().now())
    await engine.dispose()
    async with executor_on(databases.url(TEMPLATE)) as executor:
        await asyncio.gather(*(fill(executor, name) for name in players(wallet_count)))


async def fill(executor: Executor, player_id: str) -> None:
    """Opens a wallet and puts money in."""
    wallet = WalletRef(TENANT, player_id, CURRENCY)
    await executor.submit(Submission(wallet, "open", OpenWallet()))
    deposit = ApproveDeposit("deposit", BUCKET, Amount(CURRENCY, DEPOSIT))
    await executor.submit(Submission(wallet, "deposit", deposit))


@asynccontextmanager
async def executor_on(database_url: str) -> AsyncGenerator[Executor]:
    """Runs an engine with the limits that a server has by default."""
    settings = EngineSettings(lane_queue_commands_max=65_536)
    executor = Executor(database_url, ConfigurationCache(), settings, SystemClock().now)
    await executor.start()
    yield executor
    await executor.drain()


async def find_differences(database_url: str) -> list[Difference]:
    """Verifies a database as `wallet-server verify` does. Nothing differs if all is well."""
    differences: list[Difference] = []
    await verify(database_url, VerificationScope(), differences.append)
    return differences
