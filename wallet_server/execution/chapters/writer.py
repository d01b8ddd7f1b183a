"""Writes the chapters that have ended, by what events tell."""

from wallet_server.core.history.chapter import CHAPTER_COMMANDS, next_chapter
from wallet_server.core.ids import WalletRef
from wallet_server.storage.chapters import (
    TenantBehind,
    add_chapter,
    find_chapter,
    find_ended,
    find_tenants_behind,
    note_written,
    open_chapter_connection,
)
from wallet_server.storage.connections import Connection
from wallet_server.storage.history import sum_entries
from wallet_server.storage.lasting_connection import LastingConnection

STATEMENT_TIMEOUT_SECONDS = 60.0

ENDED_MAX = 100
"""How many chapters that have ended are looked for at once."""


class ChapterWriter:
    """Writes chapters on a connection of its own. It may be done twice, and by several at once."""

    def __init__(self, database_url: str) -> None:
        """Opens nothing yet."""
        self._connection = LastingConnection(
            open_chapter_connection,
            database_url,
            statement_timeout_seconds=STATEMENT_TIMEOUT_SECONDS,
        )

    async def tenants_behind(self) -> list[TenantBehind]:
        """Returns the tenants whose events nobody has looked at yet.

        Raises:
            OSError: The database cannot be reached; or what asyncpg raises, as below.
        """
        return await find_tenants_behind(await self._connection.get())

    async def write(self, tenant: TenantBehind) -> TenantBehind | None:
        """Writes the next chapters of a tenant. Returns how far it is; none if that is all."""
        connection = await self._connection.get()
        ended = await find_ended(connection, tenant, limit=ENDED_MAX)
        for each in ended:
            await write_upto(connection, each.wallet, each.sequence)
        is_all = len(ended) < ENDED_MAX
        written = tenant.position if is_all else ended[-1].position
        await note_written(connection, tenant.tenant_id, written)
        return None if is_all else TenantBehind(tenant.tenant_id, tenant.position, written)

    def close_now(self) -> None:
        """Closes the connection without a farewell."""
        self._connection.close_now()


async def write_upto(connection: Connection, ref: WalletRef, sequence: int) -> None:
    """Writes what chapters a wallet has not got yet, up to the one that ends with a command."""
    last = await find_chapter(connection, ref, sequence)
    while last.sequence < sequence:
        end = last.sequence + CHAPTER_COMMANDS
        sums = await sum_entries(connection, ref, after=last.sequence, upto=end)
        last = next_chapter(last, sums)
        await add_chapter(connection, ref, last)
