"""Reads statements: balances by account, and lines by day. Each page is of one snapshot."""

from collections.abc import Sequence
from datetime import date

from asyncpg import Record

from wallet_server.core.accounts import Account
from wallet_server.core.statements.reading import (
    AccountBalance,
    BalanceFilter,
    BalanceKey,
    LineFilter,
    StatementLine,
    StatementPage,
    StatementsHead,
)
from wallet_server.core.statements.totals import LineKey, LineTotal
from wallet_server.storage.readers import Readers
from wallet_server.storage.statements import CONSUMER

HEAD = f"""
head AS MATERIALIZED (
    SELECT s.state = 'KEPT' AND c.position IS NOT NULL AS is_ready,
        coalesce(c.position, 0) AS position, s.position_time, s.time_zone,
        coalesce(h.position, 0) AS last_position
    FROM tenants AS t
    LEFT JOIN statements AS s USING (tenant_id)
    LEFT JOIN event_heads AS h USING (tenant_id)
    LEFT JOIN event_consumers AS c ON c.consumer = '{CONSUMER}' AND c.tenant_id = t.tenant_id
    WHERE t.tenant_id = $1
)"""

# It goes from account to account by the index, and never looks at all days of one.
BALANCES = f"""
WITH RECURSIVE {HEAD}, accounts AS (
    (
        SELECT asset_code, account FROM statement_balances
        WHERE tenant_id = $1 AND (asset_code, account) > ($4, $5)
            AND asset_code BETWEEN $2 AND $7
        ORDER BY asset_code, account LIMIT 1
    )
    UNION ALL
    SELECT next.* FROM accounts AS a
    CROSS JOIN LATERAL (
        SELECT asset_code, account FROM statement_balances
        WHERE tenant_id = $1 AND (asset_code, account) > (a.asset_code, a.account)
            AND asset_code BETWEEN $2 AND $7
        ORDER BY asset_code, account LIMIT 1
    ) AS next
), found AS (
    SELECT a.asset_code, a.account, b.balance FROM accounts AS a
    CROSS JOIN LATERAL (
        SELECT balance FROM statement_balances AS x
        WHERE x.tenant_id = $1 AND x.asset_code = a.asset_code AND x.account = a.account
            AND x.day <= $3
        ORDER BY x.day DESC LIMIT 1
    ) AS b
    LIMIT $6
)
SELECT head.*, found.* FROM head LEFT JOIN found ON head.is_ready
ORDER BY found.asset_code, found.account
"""

LINES = f"""
WITH {HEAD}, found AS (
    SELECT day, asset_code, provider_type, account, command, debits, credits, changes_count
    FROM statement_totals
    WHERE tenant_id = $1 AND day BETWEEN greatest($2::date, $7::date) AND $3
        AND (day, asset_code, provider_type, account, command) > ($7, $8, $9, $10, $11)
        AND ($4 = '' OR asset_code = $4)
        AND ($5 = '' OR provider_type = $5)
        AND ($6 = '' OR account = $6)
    ORDER BY day, asset_code, provider_type, account, command
    LIMIT $12
)
SELECT head.*, found.* FROM head LEFT JOIN found ON head.is_ready
ORDER BY found.day, found.asset_code, found.provider_type, found.account, found.command
"""

LAST_ASSET = "Z" * 13
"""Behind all codes of assets, which have twelve characters at most."""

BEFORE_ALL_BALANCES = BalanceKey("", Account(""))
BEFORE_ALL_LINES = LineKey(date.min, "", "", Account(""), "")


async def read_balances(
    readers: Readers, wanted: BalanceFilter, *, after: BalanceKey | None, limit: int
) -> StatementPage[AccountBalance] | None:
    """Returns the next balances of a tenant; None if there is no such tenant."""
    rows = await readers.fetch(
        *(BALANCES, wanted.tenant_id, wanted.asset_code, wanted.day or date.max),
        *(after or BEFORE_ALL_BALANCES),
        *(limit, wanted.asset_code or LAST_ASSET),
    )
    found = [
        AccountBalance(BalanceKey(row["asset_code"], Account(row["account"])), int(row["balance"]))
        for row in rows
        if row["account"] is not None
    ]
    return StatementPage(found, head_of(rows)) if rows else None


async def read_lines(
    readers: Readers, wanted: LineFilter, *, after: LineKey | None, limit: int
) -> StatementPage[StatementLine] | None:
    """Returns the next lines of a tenant; None if there is no such tenant."""
    rows = await readers.fetch(
        *(LINES, wanted.tenant_id, wanted.period.first, wanted.period.last),
        *(wanted.asset_code, wanted.provider_type, wanted.account),
        *(after or BEFORE_ALL_LINES),
        limit,
    )
    found = [line_of(row) for row in rows if row["account"] is not None]
    return StatementPage(found, head_of(rows)) if rows else None


def head_of(rows: Sequence[Record]) -> StatementsHead:
    """Returns how far the statements of rows are, which all of them say."""
    row = rows[0]
    return StatementsHead(
        is_ready=bool(row["is_ready"]),
        position=row["position"],
        position_time=row["position_time"],
        last_position=row["last_position"],
        time_zone=row["time_zone"] or "",
    )


def line_of(row: Record) -> StatementLine:
    """Returns the line of a row."""
    key = LineKey(
        row["day"],
        row["asset_code"],
        row["provider_type"],
        Account(row["account"]),
        row["command"],
    )
    return StatementLine(
        key, LineTotal(int(row["debits"]), int(row["credits"]), row["changes_count"])
    )
