"""Reads what statements are held against: the sums that were kept, and the entries they are of."""

from collections.abc import AsyncIterator

from wallet_server.core.accounts import Account
from wallet_server.core.answer import AccountChange
from wallet_server.core.ids import Location
from wallet_server.core.statements.totals import ClosingKey, CountedEntry, LineKey, LineTotal
from wallet_server.core.value import value
from wallet_server.storage.statement_lines import DAY, FROM_THE_LEDGER, PAGE_END
from wallet_server.storage.statements import CONSUMER
from wallet_server.storage.verification import Connection

KEPT = f"""
SELECT s.tenant_id, s.time_zone, c.position
FROM statements AS s
JOIN event_consumers AS c ON c.consumer = '{CONSUMER}' AND c.tenant_id = s.tenant_id
WHERE s.state = 'KEPT' AND ($1::text IS NULL OR s.tenant_id = $1)
ORDER BY s.tenant_id
"""

TOTALS = "SELECT * FROM statement_totals WHERE tenant_id = $1"
BALANCES = "SELECT * FROM statement_balances WHERE tenant_id = $1"

BET_PROVIDER_TYPE = """(
    SELECT t.document -> 'snapshot' ->> 'provider_type'
    FROM bets AS b
    JOIN bet_terms AS t ON t.tenant_id = $1 AND t.terms_id = b.terms_id
    WHERE b.shard = e.shard AND b.wallet_id = e.wallet_id
        AND b.provider_id = e.provider_id AND b.bet_ref = e.bet_ref
)"""
"""The provider type of the bet that an entry `e` belongs to; null if there is none."""

ENTRIES = f"""
WITH {FROM_THE_LEDGER}
SELECT {DAY} AS day, e.asset_code, e.command, e.accounts, e.changes,
    coalesce({BET_PROVIDER_TYPE}, '') AS bet_provider_type
FROM entered AS e
"""

PAGE = f"""
WITH scanned AS (
    SELECT shard, wallet_id FROM wallets
    WHERE (shard, wallet_id) > ($1, $2) ORDER BY shard, wallet_id LIMIT $3
)
SELECT {PAGE_END}
"""


@value
class KeptStatements:
    """The statements of a tenant: the time zone of their days, and how far they are."""

    tenant_id: str
    time_zone: str
    position: int


async def load_kept(connection: Connection, tenant_id: str | None) -> list[KeptStatements]:
    """Returns the statements of all tenants, or one, that are not just being made."""
    rows = await connection.fetch(KEPT, tenant_id)
    return [KeptStatements(row["tenant_id"], row["time_zone"], row["position"]) for row in rows]


async def load_totals(connection: Connection, tenant_id: str) -> dict[LineKey, LineTotal]:
    """Returns what was counted of a tenant."""
    return {
        LineKey(
            row["day"], row["asset_code"], row["provider_type"], row["account"], row["command"]
        ): LineTotal(int(row["debits"]), int(row["credits"]), row["changes_count"])
        async for row in connection.cursor(TOTALS, tenant_id)
    }


async def load_balances(connection: Connection, tenant_id: str) -> dict[ClosingKey, int]:
    """Returns what is kept of what stood on accounts at the ends of days."""
    return {
        ClosingKey(row["asset_code"], row["account"], row["day"]): int(row["balance"])
        async for row in connection.cursor(BALANCES, tenant_id)
    }


async def find_page_end(connection: Connection, after: Location, limit: int) -> Location | None:
    """Returns the last of so many wallets behind a place; None if there is none."""
    row = await connection.fetchrow(PAGE, *after, limit)
    assert row is not None
    return None if row["end_shard"] is None else Location(row["end_shard"], row["end_wallet_id"])


async def load_counted_entries(
    connection: Connection, kept: KeptStatements, after: Location, limit: int
) -> AsyncIterator[CountedEntry]:
    """Yields the entries of so many wallets behind a place that statements have counted.

    Wallets of other tenants are among the so many.
    """
    arguments = (kept.tenant_id, kept.time_zone, kept.position, *after, limit)
    async for row in connection.cursor(ENTRIES, *arguments):
        changes = tuple(
            AccountChange(Account(account), change, None)
            for account, change in zip(row["accounts"], row["changes"], strict=True)
        )
        yield CountedEntry(
            row["day"], row["asset_code"], row["command"], changes, row["bet_provider_type"]
        )
