"""Writes the chapters that have ended, by what events tell."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from wallet_server.core.history.chapter import CHAPTER_COMMANDS, next_chapter
from wallet_server.core.ids import WalletRef, locate
from wallet_server.execution.chapters.looked_at import LookedAt
from wallet_server.execution.held_back import HeldBack
from wallet_server.storage.chapters import (
    EndedChapter,
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
from wallet_server.storage.lasting_connection import LastingConnection

logger = logging.getLogger(__name__)

STATEMENT_TIMEOUT_SECONDS = 60.0

ENDED_MAX = 100
"""How many chapters that have ended are looked for at once."""

FAILED_MAX = 1_000
"""Of how many wallets of a tenant it is remembered that their chapters fail."""


class TooManyFailuresError(Exception):
    """Chapters fail in so many wallets of a tenant that it is no matter of single ones."""


class ChapterWriter:
    """Writes chapters on a connection of its own. It may be done twice, and by several at once.

    A wallet whose chapter fails is passed over, and tried again in the next turn. Until that goes,
    events count as looked at only up to the one that told of it.

    `chapters_count` are those that it has written.
    """

    def __init__(self, database_url: str) -> None:
        """Opens nothing yet."""
        self.chapters_count = 0
        self._looked_at: dict[str, LookedAt] = {}
        self._connection = LastingConnection(
            open_chapter_connection,
            database_url,
            statement_timeout_seconds=STATEMENT_TIMEOUT_SECONDS,
        )

    async def lag_seconds(self) -> float:
        """Returns for how long the oldest event that nobody has looked at has had its position."""
        return await find_lag_seconds(await self._connection.get())

    async def tenants_behind(self) -> list[TenantBehind]:
        """Returns the tenants whose events nobody has looked at yet.

        Raises:
            OSError: The database cannot be reached; or what asyncpg raises, as below.
        """
        return await find_tenants_behind(await self._connection.get())

    async def try_again(self, tenant: TenantBehind, held_back: HeldBack) -> TenantBehind:
        """Tries again what has failed for a tenant before.

        Returns from where this process goes on with it. What fails again is held back.
        """
        known = self._looked_at.pop(tenant.tenant_id, None)
        if known is None or known.written != tenant.written:
            return tenant  # Nothing has failed here; or another process was at it since.
        connection = await self._connection.get()
        await self._write_all(connection, list(known.failed.values()), known, held_back)
        self._remember(tenant, known)
        return replace(tenant, written=known.position)

    async def write(self, tenant: TenantBehind, held_back: HeldBack) -> TenantBehind | None:
        """Writes the next chapters of a tenant.

        Returns how far it is, none if that is all. What befalls one chapter is held back.

        Raises:
            TooManyFailuresError: More wallets have failed than can be remembered.
        """
        connection = await self._connection.get()
        looked_at = self._looked_at.get(tenant.tenant_id, LookedAt(tenant.written))
        ended = await find_ended(connection, tenant, limit=ENDED_MAX)
        await self._write_all(connection, ended, looked_at, held_back)
        is_all = len(ended) < ENDED_MAX
        looked_at.position = tenant.position if is_all else ended[-1].position
        await note_written(connection, tenant.tenant_id, looked_at.written)
        self._remember(tenant, looked_at)
        return None if is_all else replace(tenant, written=looked_at.position)

    def close_now(self) -> None:
        """Closes the connection without a farewell."""
        self._connection.close_now()

    async def _write_all(
        self,
        connection: Connection,
        chapters: Sequence[EndedChapter],
        looked_at: LookedAt,
        held_back: HeldBack,
    ) -> None:
        """Writes chapters, and notes which could not be."""
        for each in chapters:
            try:
                self.chapters_count += await write_upto(connection, each.wallet, each.sequence)
                looked_at.note_success(each)
            except Exception as error:  # noqa: BLE001 - `hold` says which of them are raised at once.
                held_back.hold(error)
                self._tell(each, error, is_new=each.wallet not in looked_at.failed)
                looked_at.note_failure(each)

    def _remember(self, tenant: TenantBehind, looked_at: LookedAt) -> None:
        """Keeps what is known of a tenant for as long as something fails.

        Raises:
            TooManyFailuresError: More wallets have failed than can be remembered.
        """
        self._looked_at.pop(tenant.tenant_id, None)
        if len(looked_at.failed) > FAILED_MAX:
            raise TooManyFailuresError(tenant.tenant_id)
        if looked_at.failed:
            self._looked_at[tenant.tenant_id] = looked_at

    @staticmethod
    def _tell(chapter: EndedChapter, error: Exception, *, is_new: bool) -> None:
        """Logs that a chapter was not written, once for a wallet."""
        if is_new:
            wallet_id = str(locate(chapter.wallet).wallet_id)
            extra = {"wallet_id": wallet_id, "sequence": chapter.sequence}
            logger.warning("a chapter was not written: %s", type(error).__name__, extra=extra)


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
