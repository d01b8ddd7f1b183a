"""What is in the database, looked at from outside the engine."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.database import Connection, Database
from tests.execution.vocabulary import WALLET
from wallet_server.core.audit.difference import Difference
from wallet_server.core.ids import WalletRef, locate
from wallet_server.execution.verification import VerificationScope, verify

PATIENCE_SECONDS = 15.0
POLL_SECONDS = 0.003

ENGINE_BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'wallet-server'
    AND wait_event_type = 'Lock'
"""
ADVISORY_LOCKS = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND database = (
    SELECT oid FROM pg_database WHERE datname = current_database()
)
"""


async def wait_until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Waits until something is so; fails if it does not come to that."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await condition():
            await asyncio.sleep(POLL_SECONDS)


@dataclass
class Ledger:
    """Looks at a database, and gets in the engine's way."""

    database: Database
    connection: Connection

    async def requests(self, wallet: WalletRef = WALLET) -> list[str]:
        """Returns the requests of a wallet that have an answer, in the order of its history."""
        place = locate(wallet)
        rows = await self.connection.fetch(
            "SELECT request_id, sequence FROM answers WHERE shard = $1 AND wallet_id = $2"
            " ORDER BY sequence",
            place.shard,
            place.wallet_id,
        )
        assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
        return [row["request_id"] for row in rows]

    async def entries_count(self, request_id: str, wallet: WalletRef = WALLET) -> int:
        """Returns how many entries a request has made."""
        place = locate(wallet)
        return await self.connection.fetchval(
            "SELECT count(*) FROM entries WHERE shard = $1 AND wallet_id = $2 AND request_id = $3",
            place.shard,
            place.wallet_id,
            request_id,
        )

    async def differences(self) -> list[Difference]:
        """Returns all that `verify` finds wrong."""
        found: list[Difference] = []
        await verify(self.database.server_url, VerificationScope(), found.append)
        return found

    async def advisory_locks_count(self) -> int:
        """Returns how many turns anybody has or waits for."""
        return await self.connection.fetchval(ADVISORY_LOCKS)

    async def wait_until_blocked(self, statements_count: int = 1) -> None:
        """Waits until so many statements of engines wait for locks."""

        async def are_blocked() -> bool:
            return await self.connection.fetchval(ENGINE_BLOCKED) == statements_count

        await wait_until(are_blocked)

    @asynccontextmanager
    async def hold(self, wallet: WalletRef = WALLET) -> AsyncGenerator[Connection]:
        """Keeps a wallet's row locked, so that whoever records it must wait."""
        holder = await self.database.connect()
        transaction = holder.transaction()
        await transaction.start()
        place = locate(wallet)
        await holder.fetch(
            "SELECT FROM wallets WHERE shard = $1 AND wallet_id = $2 FOR UPDATE",
            place.shard,
            place.wallet_id,
        )
        try:
            yield holder
        finally:
            await transaction.rollback()
