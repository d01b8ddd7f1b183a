"""The connections of reads: a pool of their own, read-only, without predicate locks."""

from typing import Any, TypeAlias

import asyncpg

from wallet_server.storage.connections import STEADY_PLANS
from wallet_server.storage.engine import normalize_url

Readers: TypeAlias = "asyncpg.Pool[Any]"


async def open_readers(
    database_url: str, *, connections_max: int, statement_timeout_seconds: float
) -> Readers:
    """Returns a pool whose connections cannot write."""
    return await asyncpg.create_pool(
        normalize_url(database_url),
        min_size=1,
        max_size=connections_max,
        timeout=statement_timeout_seconds,
        command_timeout=statement_timeout_seconds,
        server_settings={
            **STEADY_PLANS,
            "application_name": "wallet-server-reads",
            "default_transaction_isolation": "read committed",
            "default_transaction_read_only": "on",
        },
    )
