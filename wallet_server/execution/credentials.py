"""Credentials and revocations, as the database has them, for the edge."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.core.access.credential import CredentialBook
from wallet_server.storage.credentials_read import read_credentials


class CredentialReader:
    """Reads what the installation knows of its callers."""

    def __init__(
        self, engine: AsyncEngine, now: Callable[[], datetime], *, token_seconds_max: float
    ) -> None:
        """Reads by an engine. No token lives longer, and so no revocation matters longer."""
        self._engine = engine
        self._now = now
        self._lifetime = timedelta(seconds=token_seconds_max)

    async def read(self) -> CredentialBook:
        """Returns all that counts now.

        Raises:
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        since = self._now() - self._lifetime
        return await read_credentials(self._engine, revoked_since=since)
