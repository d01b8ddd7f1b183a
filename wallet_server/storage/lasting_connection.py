"""A connection that somebody has to themselves for as long as a process lasts."""

from typing import Protocol

from wallet_server.storage.connections import Connection


class Open(Protocol):
    """What opens a connection."""

    async def __call__(self, database_url: str, *, statement_timeout_seconds: float) -> Connection:
        """Opens one."""
        ...


class LastingConnection:
    """A connection that is opened when it is first wanted, and again where it was lost.

    It is for those who do one thing after the other.
    """

    def __init__(
        self, open_connection: Open, database_url: str, *, statement_timeout_seconds: float
    ) -> None:
        """Opens nothing yet."""
        self._open = open_connection
        self._database_url = database_url
        self._statement_timeout_seconds = statement_timeout_seconds
        self._connection: Connection | None = None

    async def get(self) -> Connection:
        """Returns the connection, open as far as is known.

        Raises:
            OSError: The database cannot be reached; or what asyncpg raises for it.
        """
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._open(
                self._database_url, statement_timeout_seconds=self._statement_timeout_seconds
            )
        return self._connection

    def close_now(self) -> None:
        """Closes it without a farewell: what it was doing is lost or committed.

        It is opened again if it is wanted once more.
        """
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
