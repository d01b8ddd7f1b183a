"""Gives positions to what waits in the outbox, on a connection of its own, under a lease."""

import asyncpg

from wallet_server.execution.lease import Lease
from wallet_server.storage.connections import QueryLog
from wallet_server.storage.lasting_connection import LastingConnection
from wallet_server.storage.sequencing import (
    Backlog,
    Taken,
    find_backlog,
    is_anything_waiting,
    open_sequencing_connection,
    take_rows,
)

STATEMENT_TIMEOUT_SECONDS = 60.0

NOTHING = Taken(rows_count=0, events_count=0)


class Sequencer:
    """Takes from the outbox. What it does, it does at once or not at all.

    Where that takes too long it takes less at a time, until it goes. Where there was nothing the
    last time, it asks first whether there is anything now: idle servers do little else.
    """

    def __init__(
        self,
        database_url: str,
        lease: Lease,
        *,
        batches_max: int,
        query_log: QueryLog | None = None,
    ) -> None:
        """Opens nothing yet. It takes at most so many batches at once.

        `query_log` is told of its statements.
        """
        self._lease = lease
        self._batches_max = batches_max
        self._batches_now = batches_max
        self._is_busy = False
        self._connection = LastingConnection(
            open_sequencing_connection,
            database_url,
            statement_timeout_seconds=STATEMENT_TIMEOUT_SECONDS,
            query_log=query_log,
        )

    async def take(self) -> tuple[Taken, bool]:
        """Takes the oldest batches, if this process has the lease. Tells too whether more may wait.

        Raises:
            OSError: The database cannot be reached; or what asyncpg raises. Then it is not known
                whether anything was taken; nothing is taken twice.
        """
        connection = await self._connection.get()
        if not (self._is_busy or await is_anything_waiting(connection)):
            return NOTHING, False
        rows_max = self._batches_now
        try:
            taken = await take_rows(
                connection,
                lease_name=self._lease.name,
                holder=self._lease.holder,
                rows_max=rows_max,
            )
        except (asyncpg.QueryCanceledError, TimeoutError):
            self._batches_now = max(1, rows_max // 2)  # It was too much at once.
            raise
        if taken is None:
            await self._lease.give_up()  # Another process has it: ask before going on.
            return NOTHING, False
        self._is_busy = taken.rows_count > 0
        self._batches_now = min(self._batches_max, rows_max * 2)
        return taken, taken.rows_count == rows_max

    async def find_backlog(self) -> Backlog:
        """Returns what waits.

        Raises:
            OSError: The database cannot be reached; or what asyncpg raises.
        """
        return await find_backlog(await self._connection.get())

    def close_now(self) -> None:
        """Closes the connection without a farewell: what it was doing is lost or committed."""
        self._connection.close_now()
