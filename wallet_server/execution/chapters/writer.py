"""Writes the chapters that have ended, by what events tell."""

from wallet_server.core.history.chapter import CHAPTER_COMMANDS, next_chapter
from wallet_server.core.ids import WalletRef
from wallet_server.storage.chapters import (
    TenantBehind,
    add_chapter,
    find_chapter,
    find_ended,
    find_lag_seconds,
    find_tenants_behind,
    note_written,
    open_chapter_connection,
)
from wallet_server.storage.connections import Connection
from wallet_server.storage.history import sum_entries

STATEMENT_TIMEOUT_SECONDS = 60.0

ENDED_MAX = 100
"""How many chapters that have ended are looked for at once."""


class ChapterWriter:
    """Writes chapters on a connection of its own. It may be done twice, and by several at once.

    `chapters_count` are those that it has written.
    """

    def __init__(self, database_url: str) -> None:
        """Opens nothing yet."""
        self.chapters_count = 0
        self._database_url = database_url
        self._connection: Connection | None = None

    async def lag_seconds(self) -> float:
        """Returns for how long the oldest event that nobody has looked at has had its position."""
        return await find_lag_seconds(await self._connect())

    async def tenants_behind(self) -> list[TenantBehind]:
        """Returns the tenants whose events nobody has looked at yet.

        Raises:
            OSError: The database cannot be reached; or what asyncpg raises, as below.
        """
        return await find_tenants_behind(await self._connect())

    async def write(self, tenant: TenantBehind) -> TenantBehind | None:
        """Writes the next chapters of a tenant. Returns how far it is; none if that is all."""
        connection = await self._connect()
        ended = await find_ended(connection, tenant, limit=ENDED_MAX)
        for each in ended:
            self.chapters_count += await write_upto(connection, each.wallet, each.sequence)
        is_all = len(ended) < ENDED_MAX
        written = tenant.position if is_all else ended[-1].position
        await note_written(connection, tenant.tenant_id, written)
        return None if is_all else TenantBehind(tenant.tenant_id, tenant.position, written)

    def close_now(self) -> None:
        """Closes the connection without a farewell."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def _connect(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await open_chapter_connection(
                self._database_url, statement_timeout_seconds=STATEMENT_TIMEOUT_SECONDS
            )
        return self._connection


async def write_upto(connection: Connection, ref: WalletRef, sequence: int) -> int:
    """Writes what chapters a wallet has not got yet, up to the one that ends with a command.

    Returns how many.
    """
    count = 0
    last = await find_chapter(connection, ref, sequence)
    while last.sequence < sequence:
        end = last.sequence + CHAPTER_COMMANDS
        sums = await sum_entries(connection, ref, after=last.sequence, upto=end)
        last = next_chapter(last, sums)
        await add_chapter(connection, ref, last)
        count += 1
    return count
