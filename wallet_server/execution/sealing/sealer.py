"""Makes one block of the chain of what waits for it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.core.administration.chain import Block, seal, write_contents
from wallet_server.execution.sealing.keys import SigningKey
from wallet_server.storage.sealing import (
    digest_records,
    find_head,
    find_waiting,
    insert_block,
    record_acts,
    take_commits,
)


class Sealer:
    """Seals commits. What it does, it does at once or not at all."""

    def __init__(
        self,
        engine: AsyncEngine,
        key: SigningKey | None,
        now: Callable[[], datetime],
        *,
        commits_max: int,
    ) -> None:
        """Signs where it has a key. A block is of at most so many commits."""
        # No command waits for it, and it for none: each commit is there or not.
        self._engine = engine.execution_options(isolation_level="READ COMMITTED")
        self._key = key
        self._now = now
        self._commits_max = commits_max

    async def seal(self) -> tuple[Block | None, bool]:
        """Makes the next block; none if nothing waits for it. Tells too whether more may wait.

        Raises:
            IntegrityError: Another process has made that block; this one has changed nothing.
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        async with self._engine.begin() as connection:
            taken = await take_commits(connection, commits_max=self._commits_max)
            if not taken.commits_count:
                return None, False
            acts = await record_acts(connection, taken.acts)
            records = await digest_records(connection, [*taken.records, *acts])
            block = seal(
                write_contents(taken.ranges, records),
                entries_count=taken.entries_count,
                records_count=len(records),
                previous=await find_head(connection),
                now=self._now(),
            )
            if self._key is not None:
                block = self._key.sign(block)
            await insert_block(connection, block)
        return block, taken.commits_count == self._commits_max

    async def look(self) -> tuple[int, float]:
        """Returns how many commits wait, and for how many seconds the oldest of the next block's.

        Raises:
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        async with self._engine.connect() as connection:
            waiting = await find_waiting(connection, commits_max=self._commits_max)
        if waiting.oldest_time is None:
            return waiting.commits_count, 0.0
        waited = (self._now() - waiting.oldest_time).total_seconds()
        return waiting.commits_count, max(waited, 0.0)
