"""Connections of the engine: one to load with and one to record with, for each lane."""

from collections.abc import Callable
from typing import Any, TypeAlias

import asyncpg
from asyncpg.connect_utils import SessionAttribute
from asyncpg.connection import LoggedQuery

from wallet_server.storage.engine import normalize_url
from wallet_server.storage.known_types import KnowingConnection

Connection: TypeAlias = "asyncpg.Connection[Any]"

QueryLog: TypeAlias = Callable[[LoggedQuery], None]
"""Takes note of a statement that is through."""

STEADY_PLANS = {
    # The hot statements look rows up by key, one after the other. Nothing else is
    # ever right for them, whatever the statistics of a new table say.
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_bitmapscan": "off",
    # Reading a whole index must never seem cheaper than finding one row, not even where
    # the statistics say that there is one row: a claim would lock all wallets.
    "cpu_index_tuple_cost": "1000",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}

REPLY_GRACE_SECONDS = 2.0
"""How much longer than the statement may take its reply is waited for.

Postgres' own timeout is of no use where nothing comes back at all.
"""


async def open_loader(database_url: str, *, statement_timeout_seconds: float) -> Connection:
    """Returns a connection that reads what is committed and takes no predicate locks."""
    return await _open(database_url, "read committed", statement_timeout_seconds)


async def open_recorder(
    database_url: str, *, statement_timeout_seconds: float, lock_timeout_seconds: float
) -> Connection:
    """Returns a connection whose statements are each a serializable transaction."""
    return await _open(
        database_url,
        "serializable",
        statement_timeout_seconds,
        lock_timeout=f"{int(lock_timeout_seconds * 1000)}ms",
    )


async def _open(
    database_url: str, isolation: str, statement_timeout_seconds: float, **settings: str
) -> Connection:
    return await asyncpg.connect(
        normalize_url(database_url),
        connection_class=KnowingConnection,
        server_settings={
            **STEADY_PLANS,
            "application_name": "wallet-server",
            "default_transaction_isolation": isolation,
            "statement_timeout": f"{int(statement_timeout_seconds * 1000)}ms",
            **settings,
        },
        # A standby may lag: what it does not know yet would be said not to be there.
        target_session_attrs=SessionAttribute.primary,
        timeout=statement_timeout_seconds,
        command_timeout=statement_timeout_seconds + REPLY_GRACE_SECONDS,
    )
