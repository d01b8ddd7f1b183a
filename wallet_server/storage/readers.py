"""The connections of reads: a pool of their own, read-only, without predicate locks."""

from typing import Any, TypeAlias

import asyncpg

from wallet_server.storage.connections import STEADY_PLANS, Connection, QueryLog
from wallet_server.storage.database_url import normalize_url
from wallet_server.storage.known_types import KnowingConnection

Readers: TypeAlias = "asyncpg.Pool[Any]"


async def open_readers(
    database_url: str,
    *,
    connections_max: int,
    statement_timeout_seconds: float,
    query_log: QueryLog | None = None,
) -> Readers:
    """Returns a pool whose connections cannot write. A log is told of every statement.

    Who gives one back must leave no settings behind: it is lent on as it is. asyncpg would ask
    Postgres to forget them, after every read. A transaction it ends all the same.
    """

    async def prepare(connection: Connection) -> None:
        if query_log is not None:
            connection.add_query_logger(query_log)

    async def leave(connection: Connection) -> None:
        """Leaves a connection that is given back as it is."""

    return await asyncpg.create_pool(
        normalize_url(database_url),
        connection_class=KnowingConnection,
        min_size=1,
        max_size=connections_max,
        timeout=statement_timeout_seconds,
        command_timeout=statement_timeout_seconds,
        init=prepare,
        reset=leave,
        server_settings={
            **STEADY_PLANS,
            "application_name": "wallet-server-reads",
            "default_transaction_isolation": "read committed",
            "default_transaction_read_only": "on",
        },
    )
