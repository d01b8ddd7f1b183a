"""The fence around a tenant while a topology that removes buckets is activated."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.execution.administration.attempts import ATTEMPTS_MAX, pause, run_again
from wallet_server.execution.errors import ConfigurationChangingError
from wallet_server.execution.id_source import new_id
from wallet_server.storage import fences

logger = logging.getLogger(__name__)


class Fence:
    """A fence of a tenant. It opens by itself, should nobody be there to open it."""

    def __init__(self, engine: AsyncEngine, tenant_id: str, *, seconds: float) -> None:
        """Is open. Once it is closed, it is for so long at most."""
        self.token = UUID(new_id())
        self._engine = engine
        self._tenant_id = tenant_id
        self._seconds = seconds

    async def close(self) -> None:
        """Keeps commands of the tenant waiting from now on.

        Raises:
            ConfigurationChangingError: Somebody else has closed one, and keeps it so.
            Fault: The database is away.
        """
        for attempts_count in range(ATTEMPTS_MAX):
            await pause(attempts_count)
            if await run_again(self._close):
                return
        raise ConfigurationChangingError

    async def open(self) -> None:
        """Lets commands go on, unless they do. Where that fails, they will."""
        try:
            await run_again(self._open)
        except Exception as error:  # noqa: BLE001 - it opens by itself.
            logger.warning("a fence was not opened: %s", type(error).__name__)

    async def _close(self) -> bool:
        async with self._engine.begin() as connection:
            return await fences.close(
                connection, self._tenant_id, self.token, seconds=self._seconds
            )

    async def _open(self) -> None:
        async with self._engine.begin() as connection:
            await fences.open_up(connection, self._tenant_id, self.token)


@asynccontextmanager
async def closed_fence(
    engine: AsyncEngine, tenant_id: str, *, seconds: float
) -> AsyncGenerator[Fence]:
    """Keeps commands of a tenant waiting while the block lasts, and no longer than so long.

    Raises as `Fence.close` does.
    """
    fence = Fence(engine, tenant_id, seconds=seconds)
    await fence.close()
    try:
        yield fence
    finally:
        await asyncio.shield(fence.open())
