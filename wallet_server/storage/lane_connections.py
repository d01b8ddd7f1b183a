"""The two connections of a lane."""

from collections.abc import Callable, Mapping

from wallet_server.storage.connections import Connection, QueryLog, open_loader, open_recorder
from wallet_server.storage.terms import TermsKey, WrittenTerms, add_terms


def nothing() -> None:
    """Does nothing."""


class LaneConnections:
    """A connection to load with and one to record with, opened again when they are lost."""

    def __init__(
        self,
        database_url: str,
        *,
        statement_timeout_seconds: float,
        lock_timeout_seconds: float,
        query_log: QueryLog | None = None,
        on_open: Callable[[], None] = nothing,
    ) -> None:
        """Opens nothing yet. A log is told of every statement.

        `on_open` is called whenever they were opened: it may be another database that has taken
        over since, with another past.
        """
        self._query_log = query_log
        self._on_open = on_open
        self._database_url = database_url
        self._statement_timeout_seconds = statement_timeout_seconds
        self._lock_timeout_seconds = lock_timeout_seconds
        self._loader: Connection | None = None
        self._recorder: Connection | None = None
        self._terms: set[TermsKey] = set()

    @property
    def loader(self) -> Connection:
        """The connection that reads what is committed."""
        assert self._loader is not None
        return self._loader

    @property
    def recorder(self) -> Connection:
        """The connection whose statements are serializable transactions."""
        assert self._recorder is not None
        return self._recorder

    async def add_terms(self, terms: Mapping[TermsKey, WrittenTerms]) -> None:
        """Adds terms of bets, unless it is known that they are there.

        It is forgotten with the connections: another database that takes over may lag.
        """
        new = {key: each for key, each in terms.items() if key not in self._terms}
        if new:
            await add_terms(self.loader, new)
            self._terms.update(new)

    async def ensure_open(self) -> None:
        """Opens both, unless both are open: they must be of one server.

        Raises:
            OSError: The database cannot be reached; or what asyncpg raises for it.
        """
        if self._is_open(self._loader) and self._is_open(self._recorder):
            return
        self.close_now()
        timeout = self._statement_timeout_seconds
        self._loader = await open_loader(self._database_url, statement_timeout_seconds=timeout)
        self._recorder = await open_recorder(
            self._database_url,
            statement_timeout_seconds=timeout,
            lock_timeout_seconds=self._lock_timeout_seconds,
        )
        if self._query_log is not None:
            self._loader.add_query_logger(self._query_log)
            self._recorder.add_query_logger(self._query_log)
        self._on_open()

    @staticmethod
    def _is_open(connection: "Connection | None") -> bool:
        return connection is not None and not connection.is_closed()

    def forget_terms(self) -> None:
        """Lets terms be added again: some may not be there, whatever was thought."""
        self._terms.clear()

    def close_now(self) -> None:
        """Closes both without a farewell: what they were doing is lost or committed."""
        for connection in (self._loader, self._recorder):
            if connection is not None:
                connection.terminate()
        self._loader = self._recorder = None
        self.forget_terms()

    async def close(self) -> None:
        """Closes both in good order."""
        for connection in (self._loader, self._recorder):
            if connection is not None and not connection.is_closed():
                await connection.close()
        self._loader = self._recorder = None
