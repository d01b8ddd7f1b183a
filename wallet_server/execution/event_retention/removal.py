"""One pass of retention over all tenants, in small transactions."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.execution.event_retention.settings import EventRetentionSettings
from wallet_server.execution.held_back import HeldBack
from wallet_server.storage.engine import create_engine
from wallet_server.storage.event_retention import (
    Holder,
    find_holders,
    find_tenants,
    forget_consumer,
    remove_events,
)


class UnknownConsumerError(LookupError):
    """Nobody of that name reads events."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What a pass has done: how many events of which tenants are gone, and who keeps others."""

    events: Mapping[str, int]
    holders: Sequence[Holder]


async def remove_once(
    database_url: str, settings: EventRetentionSettings, *, forget: Sequence[str] = ()
) -> Removed:
    """Removes all that is past its time. Before, forgets consumers that are gone.

    Raises:
        UnknownConsumerError: There is no such consumer.
        OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
    """
    engine = create_engine(database_url)
    try:
        async with engine.begin() as connection:
            for consumer in forget:
                if not await forget_consumer(connection, consumer):
                    raise UnknownConsumerError(consumer)
        return await Removal(engine, settings).remove_all()
    finally:
        await engine.dispose()


class Removal:
    """Removes events as the retention role, whose connections the engine has."""

    def __init__(
        self,
        engine: AsyncEngine,
        settings: EventRetentionSettings,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Takes what waits between transactions."""
        self._engine = engine.execution_options(isolation_level="READ COMMITTED")
        self._settings = settings
        self._sleep = sleep

    async def remove_all(self, may_go_on: Callable[[], bool] = lambda: True) -> Removed:
        """Removes all that is past its time, unless it must stop before.

        What befalls one tenant is no matter to the others.

        Raises:
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        async with self._engine.connect() as connection:
            tenant_ids = await find_tenants(connection)
        counts: dict[str, int] = {}
        with HeldBack() as held_back:
            for tenant_id in tenant_ids:
                with held_back.one():
                    if count := await self._remove_of(tenant_id, may_go_on):
                        counts[tenant_id] = count
        async with self._engine.connect() as connection:
            seconds = self._settings.older_than_seconds
            return Removed(counts, await find_holders(connection, older_than_seconds=seconds))

    async def _remove_of(self, tenant_id: str, may_go_on: Callable[[], bool]) -> int:
        """Removes a tenant's events. Returns how many."""
        settings = self._settings
        count = 0
        while may_go_on():
            async with self._engine.begin() as connection:
                removed = await remove_events(
                    connection,
                    tenant_id,
                    older_than_seconds=settings.older_than_seconds,
                    events_max=settings.event_retention_events_max,
                )
            count += removed
            if removed < settings.event_retention_events_max:
                break
            await self._sleep(settings.event_retention_pause_seconds)
        return count
