"""Connections of the engine: those of lanes, and of who works behind the path of commands."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import asyncpg
from asyncpg.connect_utils import SessionAttribute
from asyncpg.connection import LoggedQuery

from wallet_server.storage.database_url import normalize_url
from wallet_server.storage.known_types import KnowingConnection

Connection: TypeAlias = "asyncpg.Connection[Any]"

QueryLog: TypeAlias = Callable[[LoggedQuery], None]
"""Takes note of a statement that is through."""


def logged(text: str, seconds: float) -> LoggedQuery:
    """Returns a statement that another process has made, as if it had been made here just now."""
    unknown: Any = None
    return LoggedQuery(
        query=text,
        args=(),
        timeout=None,
        elapsed=seconds,
        exception=None,
        conn_addr=unknown,
        conn_params=unknown,
    )


INDEX_PLANS: Mapping[str, str] = {
    # Rows are found by an index, whatever the statistics of a table say that is new, or grows
    # all the time, or is empty but for moments. And each statement has one plan.
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}

STEADY_PLANS: Mapping[str, str] = {
    **INDEX_PLANS,
    # The hot statements look rows up by key, one after the other. Nothing else is
    # ever right for them.
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    # Reading a whole index must never seem cheaper than finding one row, not even where
    # the statistics say that there is one row: a claim would lock all wallets.
    "cpu_index_tuple_cost": "1000",
}

REPLY_GRACE_SECONDS = 2.0
"""How much longer than the statement may take its reply is waited for.

Postgres' own timeout is of no use where nothing comes back at all.
"""

CONNECT_SECONDS_MAX = 60.0


async def open_loader(database_url: str, *, statement_timeout_seconds: float) -> Connection:
    """Returns a connection that reads what is committed and takes no predicate locks."""
    return await _open(database_url, statement_timeout_seconds)


async def open_recorder(
    database_url: str, *, statement_timeout_seconds: float, lock_timeout_seconds: float
) -> Connection:
    """Returns a connection whose statements are each a serializable transaction."""
    return await _open(
        database_url,
        statement_timeout_seconds,
        default_transaction_isolation="serializable",
        lock_timeout=f"{int(lock_timeout_seconds * 1000)}ms",
    )


async def open_behind(
    database_url: str,
    purpose: str,
    *,
    statement_timeout_seconds: float,
    plans: Mapping[str, str] = STEADY_PLANS,
) -> Connection:
    """Returns a connection for work behind the path of commands. The database can tell which."""
    return await _open(
        database_url,
        statement_timeout_seconds,
        plans,
        application_name=f"wallet-server-{purpose}",
    )


async def _open(
    database_url: str,
    statement_timeout_seconds: float,
    plans: Mapping[str, str] = STEADY_PLANS,
    **settings: str,
) -> Connection:
    return await asyncpg.connect(
        normalize_url(database_url),
        connection_class=KnowingConnection,
        server_settings={
            **plans,
            "application_name": "wallet-server",
            "default_transaction_isolation": "read committed",
            "statement_timeout": f"{int(statement_timeout_seconds * 1000)}ms",
            **settings,
        },
        # A standby may lag: what it does not know yet would be said not to be there.
        target_session_attrs=SessionAttribute.primary,
        timeout=min(statement_timeout_seconds, CONNECT_SECONDS_MAX),
        command_timeout=statement_timeout_seconds + REPLY_GRACE_SECONDS,
    )
