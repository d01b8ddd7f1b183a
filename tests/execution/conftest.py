"""A tenant on a database of the test's own, and executors that work for it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from asyncpg.connection import LoggedQuery

from tests.database import Database
from tests.execution.ledger import Ledger
from tests.execution.positions import POSITIONED_BATCHES, give_positions
from tests.execution.proxy import Proxy, open_proxy
from tests.execution.story import Clock, tell
from tests.execution.story_of_cashier import with_cashier
from tests.execution.story_of_draining import with_draining
from tests.execution.vocabulary import TENANT, wallet_of
from tests.prepared import give_documents
from wallet_server.core.batch import Fold
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.execution import batch_runner
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings
from wallet_server.shapes import load_shape
from wallet_server.storage import lane_connections
from wallet_server.storage.connections import Connection
from wallet_server.storage.lane_connections import LaneConnections
from wallet_server.storage.loading import Loaded

StartExecutor = Callable[..., Awaitable[Executor]]
Action = Callable[[], Awaitable[object]]
OpenConnection = Callable[..., Awaitable[Connection]]


def now() -> datetime:
    """Returns the time, as the server's clock does."""
    return datetime.now(UTC)


@pytest.fixture
async def tenant(database: Database) -> str:
    """The tenant `demo` in the shape `ruby`, with more rules of the cashier, and a bucket to empty."""
    await configure(database)
    return TENANT


async def configure(database: Database) -> None:
    """Makes the tenant."""
    documents = [
        with_cashier(each) if isinstance(each, WalletPolicy) else with_draining(each)
        for each in load_shape("ruby")
    ]
    await give_documents(database, TENANT, documents)


@pytest.fixture(scope="session")
async def told(
    postgres: EmbeddedPostgres, template: str, database_names: Iterator[str]
) -> AsyncIterator[Database]:
    """A database in which everything has happened once, to two wallets; only to be copied."""
    database = Database(postgres, next(database_names))
    await postgres.create_database(database.name, template)
    await configure(database)
    for player_id in ("player", "other"):
        clock = Clock()
        executor = Executor(database.server_url, ConfigurationCache(), EngineSettings(), clock)
        await executor.start()
        await tell(executor, wallet_of(player_id), clock)
        await executor.drain()
    await give_positions(database, POSITIONED_BATCHES)
    yield database
    await database.drop()


@pytest.fixture
async def start_executor(database: Database, tenant: str) -> AsyncIterator[StartExecutor]:
    """Starts executors on the test's database; each has its own connections and cache."""
    running: list[Executor] = []

    async def start(
        settings: EngineSettings | None = None, url: str = "", now: Callable[[], datetime] = now
    ) -> Executor:
        settings = settings or EngineSettings(lanes_count=2)
        if settings.lock_timeout_seconds == EngineSettings().lock_timeout_seconds:
            # However slow the machine, a test that is not about it holds locks as it likes.
            settings = replace(settings, lock_timeout_seconds=settings.statement_timeout_seconds)
        url = url or database.server_url
        executor = Executor(url, ConfigurationCache(), settings, now)
        await executor.start()
        running.append(executor)
        return executor

    yield start
    for executor in running:
        await executor.drain()


@pytest.fixture
async def ledger(database: Database) -> Ledger:
    """What is in the database."""
    return Ledger(database, await database.connect_superuser())


@pytest.fixture
async def proxy(database: Database) -> AsyncIterator[Proxy]:
    """A proxy before the test's database; it can lose connections at will."""
    async with open_proxy(database) as running:
        yield running


@dataclass
class Recordings:
    """Stands between deciding and recording.

    Each action runs before one recording, the first before the first; then the
    recordings go through as they are. `errors` has what went wrong with any.
    """

    actions: list[Action] = field(default_factory=list[Action])
    count: int = 0
    sizes: list[int] = field(default_factory=list[int])
    errors: list[Exception] = field(default_factory=list[Exception])


@pytest.fixture
def recordings(monkeypatch: pytest.MonkeyPatch) -> Recordings:
    """Lets a test act at the worst moment: after a batch is decided, before it is recorded."""
    stand_in = Recordings()
    record_batch = batch_runner.record_batch

    async def record(connections: LaneConnections, fold: Fold, loaded: Loaded) -> None:
        stand_in.count += 1
        stand_in.sizes.append(len(fold.recorded))
        if stand_in.actions:
            await stand_in.actions.pop(0)()
        try:
            await record_batch(connections, fold, loaded)
        except Exception as error:
            stand_in.errors.append(error)
            raise

    monkeypatch.setattr(batch_runner, "record_batch", record)
    return stand_in


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements of all lanes, in order, as they are sent. Take it before executors start."""
    sent: list[str] = []

    def log(record: LoggedQuery) -> None:
        sent.append(record.query)

    def logged(open_connection: OpenConnection) -> OpenConnection:
        async def open_logged(url: str, **timeouts: float) -> Connection:
            connection = await open_connection(url, **timeouts)
            connection.add_query_logger(log)
            return connection

        return open_logged

    for name in ("open_loader", "open_recorder"):
        monkeypatch.setattr(lane_connections, name, logged(getattr(lane_connections, name)))
    return sent
