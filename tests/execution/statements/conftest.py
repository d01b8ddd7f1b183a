"""What keeps statements, on a database in which much happens."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from tests.database import Database
from tests.execution.conftest import StartExecutor
from tests.execution.ledger import Ledger
from tests.execution.story import Clock, tell
from tests.execution.vocabulary import TENANT, wallet_of
from wallet_server.core.audit.difference import Check
from wallet_server.execution.lease import Lease
from wallet_server.execution.sequencing.background import SEQUENCING_LEASE
from wallet_server.execution.sequencing.sequencer import Sequencer
from wallet_server.execution.statements.keeper import StatementKeeper
from wallet_server.execution.statements.settings import StatementSettings
from wallet_server.storage.engine import create_engine

FEW = StatementSettings(statements_events_max=7, statements_wallets_max=1)
"""So that there are many steps."""

LEASE_SECONDS = 600.0


@asynccontextmanager
async def sequencing(database: Database) -> AsyncGenerator[Sequencer]:
    """Provides what gives positions to events."""
    engine = create_engine(database.server_url, connections_max=1)
    lease = Lease(engine, SEQUENCING_LEASE, seconds=LEASE_SECONDS)
    assert await lease.take()
    sequencer = Sequencer(database.server_url, lease, batches_max=1_000)
    yield sequencer
    sequencer.close_now()
    await engine.dispose()


@dataclass
class Books:
    """Lets things happen, and keeps statements of them."""

    database: Database
    ledger: Ledger
    keeper: StatementKeeper
    sequencer: Sequencer
    start_executor: StartExecutor

    async def live(self, *players: str) -> None:
        """Lets everything happen once to players."""
        for player_id in players:
            clock = Clock()
            executor = await self.start_executor(now=clock)
            await tell(executor, wallet_of(player_id), clock)

    async def forget_events(self) -> None:
        """Makes all that happened so far of a time in which nothing was told."""
        await self.ledger.connection.execute("""
            DELETE FROM outbox;
            UPDATE wallets SET event_sequence = 0;
            UPDATE tenants SET event_sequence = 0
        """)

    async def sequence(self) -> None:
        """Gives all events their positions."""
        more = True
        while more:
            _, more = await self.sequencer.take()

    async def follow(self) -> int:
        """Keeps statements until they lack nothing. Returns how many events that counted."""
        count = 0
        while tenants := await self.keeper.tenants_behind():
            for tenant_id in tenants:
                count += await self.keeper.step(tenant_id)
        return count

    async def problems(self) -> list[str]:
        """Returns where statements say otherwise than the ledger; all else must be right."""
        found = await self.ledger.differences()
        assert {each.check for each in found} <= {Check.STATEMENT}
        return [f"{each.subject}: {each.message}" for each in found]

    async def rows(self) -> list[tuple[object, ...]]:
        """Returns all lines and balances."""
        connection = self.ledger.connection
        lines = await connection.fetch("SELECT * FROM statement_totals ORDER BY 1, 2, 3, 4, 5, 6")
        balances = await connection.fetch("SELECT * FROM statement_balances ORDER BY 1, 2, 3, 4")
        return [tuple(row) for row in (*lines, *balances)]

    async def position(self) -> int:
        """Returns the position that the statements are exact to."""
        return await self.ledger.connection.fetchval(
            "SELECT position FROM event_consumers WHERE tenant_id = $1", TENANT
        )


MakeKeeper = Callable[..., Awaitable[StatementKeeper]]


@pytest.fixture
async def make_keeper(database: Database) -> AsyncIterator[MakeKeeper]:
    """Makes what keeps statements."""
    async with AsyncExitStack() as closing:

        async def make(
            settings: StatementSettings = FEW, url: str = "", **changes: object
        ) -> StatementKeeper:
            made = StatementKeeper(url or database.server_url, replace(settings, **changes))
            closing.callback(made.close_now)
            return made

        yield make


@pytest.fixture
async def books(
    database: Database, ledger: Ledger, start_executor: StartExecutor, make_keeper: MakeKeeper
) -> AsyncIterator[Books]:
    """Statements of what a test lets happen."""
    async with sequencing(database) as sequencer:
        yield Books(database, ledger, await make_keeper(), sequencer, start_executor)
