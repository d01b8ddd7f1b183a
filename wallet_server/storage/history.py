"""What a wallet's journal says of the past. Nothing here is locked or changed."""

from collections.abc import Sequence
from datetime import datetime

from wallet_server.core.accounts import HOUSE_PREFIX, OPEN_PREFIX, Account
from wallet_server.core.answer import PostedEntry
from wallet_server.core.history.balance_change import About
from wallet_server.core.history.causes import EntryKind
from wallet_server.core.history.sums import Sum, SumKey
from wallet_server.core.ids import BetKey, WalletRef, locate
from wallet_server.core.results import result_from_plain
from wallet_server.storage.connections import Connection
from wallet_server.storage.json_text import from_json
from wallet_server.storage.rows import Row

# Sums of many amounts may leave the range of an amount: they are numeric.
SUMS = f"""
SELECT c.account, e.asset_code, e.command, e.provider_id IS NOT NULL AS of_bet, k.stake, k.house,
    sum(greatest(c.change, 0)) AS added, sum(greatest(-c.change, 0)) AS taken, count(*) AS count
FROM entries AS e
CROSS JOIN LATERAL (
    SELECT
        coalesce(sign(sum(x.change) FILTER (WHERE starts_with(x.account, '{OPEN_PREFIX}'))), 0)
            ::integer AS stake,
        coalesce(sign(sum(x.change) FILTER (WHERE starts_with(x.account, '{HOUSE_PREFIX}'))), 0)
            ::integer AS house
    FROM unnest(e.accounts, e.changes) AS x (account, change)
    OFFSET 0
) AS k
CROSS JOIN LATERAL unnest(e.accounts, e.changes) AS c (account, change)
WHERE e.shard = $1 AND e.wallet_id = $2 AND e.sequence > $3 AND e.sequence <= $4
    AND NOT starts_with(c.account, '{HOUSE_PREFIX}')
    AND ($5::text = '' OR c.account = $5 AND $5 = ANY (e.accounts))
GROUP BY c.account, e.asset_code, e.command, of_bet, k.stake, k.house
"""

LAST_TIME = """
SELECT entry_time FROM entries
WHERE shard = $1 AND wallet_id = $2 AND sequence <= $3
ORDER BY sequence DESC, ordinal DESC LIMIT 1
"""

# Times never fall as sequences rise: it halves what is left until it is there.
LAST_AT = """
WITH RECURSIVE search (low, high) AS (
    VALUES (0::bigint, $3::bigint)
    UNION ALL
    SELECT CASE WHEN probe.is_after THEN s.low ELSE middle.sequence END,
        CASE WHEN probe.is_after THEN middle.sequence - 1 ELSE s.high END
    FROM search AS s
    CROSS JOIN LATERAL (SELECT (s.low + s.high + 1) / 2 AS sequence) AS middle
    CROSS JOIN LATERAL (
        SELECT coalesce((
            SELECT x.entry_time > $4 FROM entries AS x
            WHERE x.shard = $1 AND x.wallet_id = $2 AND x.sequence <= middle.sequence
            ORDER BY x.sequence DESC, x.ordinal DESC LIMIT 1
        ), false) AS is_after
        OFFSET 0
    ) AS probe
    WHERE s.low < s.high
)
SELECT (
    SELECT x.sequence FROM entries AS x
    WHERE x.shard = $1 AND x.wallet_id = $2 AND x.sequence <= s.low
    ORDER BY x.sequence DESC LIMIT 1
)
FROM search AS s WHERE s.low >= s.high
"""

ABOUT = """
SELECT k.place, a.result::text AS result, a.provider_id, a.bet_ref
FROM unnest($3::text[]) WITH ORDINALITY AS k (request_id, place)
CROSS JOIN LATERAL (
    SELECT x.result, x.provider_id, x.bet_ref FROM answers AS x
    WHERE x.shard = $1 AND x.wallet_id = $2 AND x.request_id = k.request_id
    OFFSET 0
) AS a
WHERE a.result IS NOT NULL OR a.bet_ref IS NOT NULL
"""


async def sum_entries(
    connection: Connection, ref: WalletRef, *, after: int, upto: int, account: str = ""
) -> dict[SumKey, Sum]:
    """Returns what the entries of some commands came to, by their sequences.

    For all of the player's accounts, or for one.
    """
    if after == upto:
        return {}
    return sums_from(await connection.fetch(SUMS, *locate(ref), after, upto, account))


def sums_from(rows: Sequence[Row]) -> dict[SumKey, Sum]:
    """Returns the sums of rows."""
    return {
        SumKey(
            Account(row["account"]),
            row["asset_code"],
            EntryKind(row["command"], row["of_bet"], row["stake"], row["house"]),
        ): Sum(int(row["added"]), int(row["taken"]), int(row["count"]))
        for row in rows
    }


async def last_entry_time(connection: Connection, ref: WalletRef, sequence: int) -> datetime | None:
    """Returns when the last entry was made up to a command; none if there was none."""
    return await connection.fetchval(LAST_TIME, *locate(ref), sequence)


async def last_entry_at(connection: Connection, ref: WalletRef, time: datetime, upto: int) -> int:
    """Returns the sequence of the last entry up to a time, and up to a command; zero for none."""
    return await connection.fetchval(LAST_AT, *locate(ref), upto, time) or 0


async def load_about(
    connection: Connection, ref: WalletRef, entries: Sequence[PostedEntry]
) -> dict[str, About]:
    """Returns what the commands of entries were about, by request id."""
    request_ids = list(dict.fromkeys(entry.request_id for entry in entries))
    rows = await connection.fetch(ABOUT, *locate(ref), request_ids)
    return {request_ids[row["place"] - 1]: about_from(row) for row in rows}


def about_from(row: Row) -> About:
    """Returns what a command was about, by a row of its answer."""
    result, provider_id = row["result"], row["provider_id"]
    return About(
        None if result is None else result_from_plain(from_json(result)),
        None if provider_id is None else BetKey(provider_id, row["bet_ref"]),
    )
