"""Keeps statements step by step: each is one transaction, and goes on from what is there."""

import logging

from wallet_server.core.config.validation_limits import known_time_zones
from wallet_server.execution.statements.settings import StatementSettings
from wallet_server.storage.connections import Connection
from wallet_server.storage.lasting_connection import LastingConnection
from wallet_server.storage.statements import (
    Kept,
    count_wallets,
    find_lag_seconds,
    find_tenants_behind,
    finish_counting,
    follow_events,
    knows_time_zone,
    lock_statements,
    open_statement_connection,
    start_anew,
)
from wallet_server.storage.wallets import find_epoch

logger = logging.getLogger(__name__)

STATEMENT_TIMEOUT_SECONDS = 600.0


class UnknownTimeZoneError(LookupError):
    """There is no such time zone in the IANA database, or in that of the database."""


class StatementKeeper:
    """Counts what is not counted. Any number of them may at once, and nothing is counted twice."""

    def __init__(self, database_url: str, settings: StatementSettings) -> None:
        """Opens nothing yet."""
        self._settings = settings
        self._connection = LastingConnection(
            open_statement_connection,
            database_url,
            statement_timeout_seconds=STATEMENT_TIMEOUT_SECONDS,
        )

    async def knows_tenant(self, tenant_id: str) -> bool:
        """Tells whether there is a tenant.

        Raises:
            OSError: The database cannot be reached; or what asyncpg raises, as all below.
        """
        return await find_epoch(await self._connection.get(), tenant_id) is not None

    async def tenants_behind(self) -> list[str]:
        """Returns the tenants whose statements have something to do."""
        return await find_tenants_behind(await self._connection.get())

    async def lag_seconds(self) -> float:
        """Returns for how long the oldest event that is not counted has had its position."""
        return await find_lag_seconds(await self._connection.get())

    async def step(self, tenant_id: str) -> int:
        """Takes the next step for a tenant. Returns how many events it has counted."""
        connection = await self._connection.get()
        async with connection.transaction():
            kept = await lock_statements(
                connection, tenant_id, time_zone=self._settings.statements_time_zone
            )
            if kept.position is None or kept.position < kept.first_position - 1:
                await self._start(connection, tenant_id, kept, kept.time_zone)
                return 0
            if kept.place is not None:
                await self._count(connection, tenant_id, kept)
                return 0
            through = min(kept.last_position, kept.position + self._settings.statements_events_max)
            if through > kept.position:
                await follow_events(
                    connection,
                    tenant_id,
                    time_zone=kept.time_zone,
                    after=kept.position,
                    through=through,
                )
            return through - kept.position

    async def start_anew(self, tenant_id: str, time_zone: str | None) -> None:
        """Has the statements of a tenant made anew; in another time zone, if one is named.

        Raises:
            UnknownTimeZoneError: There is no such time zone, or the database does not know it.
        """
        connection = await self._connection.get()
        if time_zone is not None and not (
            time_zone in known_time_zones() and await knows_time_zone(connection, time_zone)
        ):
            raise UnknownTimeZoneError(time_zone)
        async with connection.transaction():
            kept = await lock_statements(
                connection, tenant_id, time_zone=self._settings.statements_time_zone
            )
            await self._start(connection, tenant_id, kept, time_zone or kept.time_zone)

    async def is_made(self, tenant_id: str) -> bool:
        """Whether the statements of a tenant are not, or no longer, being made."""
        connection = await self._connection.get()
        async with connection.transaction():
            kept = await lock_statements(
                connection, tenant_id, time_zone=self._settings.statements_time_zone
            )
            return kept.place is None

    def close_now(self) -> None:
        """Closes the connection without a farewell: what it was doing is lost or committed."""
        self._connection.close_now()

    @staticmethod
    async def _start(connection: Connection, tenant_id: str, kept: Kept, time_zone: str) -> None:
        logger.info("makes the statements of %s from the ledger", tenant_id)
        await start_anew(connection, tenant_id, time_zone=time_zone, position=kept.last_position)

    async def _count(self, connection: Connection, tenant_id: str, kept: Kept) -> None:
        """Counts the next wallets; if none was left, the statements are made."""
        assert kept.place is not None
        assert kept.position is not None
        end = await count_wallets(
            connection,
            tenant_id,
            time_zone=kept.time_zone,
            position=kept.position,
            after=kept.place,
            limit=self._settings.statements_wallets_max,
        )
        if end is None:
            await finish_counting(connection, tenant_id)
