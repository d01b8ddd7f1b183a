"""What the database says of how far the relay is."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.storage.event_consumers import find_positions, save_positions
from wallet_server.storage.readers import Readers


class Notes:
    """Positions by tenant, as of a moment ago. Retention keeps what comes after them."""

    def __init__(self, readers: Readers, engine: AsyncEngine, consumer: str) -> None:
        """Knows nothing yet."""
        self._readers = readers
        self._engine = engine
        self._consumer = consumer
        self._noted: dict[str, int] | None = None

    def position(self, tenant_id: str) -> int:
        """Returns how far it was with a tenant, zero if nothing was noted."""
        return (self._noted or {}).get(tenant_id, 0)

    def forget(self) -> None:
        """Lets another process note more, and reads that when it is wanted again."""
        self._noted = None

    async def load(self) -> None:
        """Reads what was noted, unless that is known."""
        if self._noted is None:
            self._noted = await find_positions(self._readers, self._consumer)

    async def save(self, positions: Mapping[str, int]) -> None:
        """Notes positions, of those that are not noted yet."""
        noted = self._noted or {}
        changed = {t: p for t, p in positions.items() if noted.get(t) != p}
        if changed:
            await save_positions(self._engine, self._consumer, changed)
            self._noted = {**noted, **changed}
