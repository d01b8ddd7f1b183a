"""Reads credentials, revocations and keys again and again: so changes count within seconds.

Keys are read beside the rest: whoever serves them may take long to answer, and a revocation does
not wait for that.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from wallet_server.execution.credentials import CredentialReader
from wallet_server.rpc.access.authenticator import Verifying
from wallet_server.rpc.access.key_sources import KeyRing

logger = logging.getLogger(__name__)


class Refreshing:
    """Keeps an authenticator up to date."""

    def __init__(
        self,
        authenticator: Verifying,
        reader: CredentialReader,
        ring: KeyRing | None,
        *,
        interval_seconds: float,
    ) -> None:
        """Does nothing until it is started."""
        self._authenticator = authenticator
        self._reader = reader
        self._ring = ring
        self._interval_seconds = interval_seconds
        self._stopping = asyncio.Event()
        self._running: Sequence[asyncio.Task[None]] = ()

    async def refresh(self) -> None:
        """Reads all of it now.

        Raises:
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        await self._refresh_keys()
        await self._refresh_book()

    def start(self) -> None:
        """Begins to read, every now and then."""
        both = (self._refresh_keys, self._refresh_book)
        self._running = [asyncio.create_task(self._repeat(each)) for each in both]

    async def finish(self) -> None:
        """Reads no more."""
        self._stopping.set()
        await asyncio.gather(*self._running)

    async def _refresh_keys(self) -> None:
        if self._ring is not None:
            await self._ring.refresh()

    async def _refresh_book(self) -> None:
        self._authenticator.take(await self._reader.read())

    async def _repeat(self, refresh: Callable[[], Awaitable[None]]) -> None:
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._interval_seconds)
            try:
                await refresh()
            except Exception as error:  # What was known stays, and it is tried again.
                logger.warning("credentials stay as they were: %s", type(error).__name__)
