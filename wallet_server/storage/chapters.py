"""The chapters of wallets' journals: written behind the path of commands, read for entries."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from wallet_server.core.accounts import Account
from wallet_server.core.history.causes import EntryKind
from wallet_server.core.history.chapter import BEFORE_ALL, CHAPTER_COMMANDS, Chapter
from wallet_server.core.history.sums import Holding, Sum, SumKey
from wallet_server.core.ids import WalletRef, locate
from wallet_server.core.value import value
from wallet_server.storage.connections import Connection, open_behind
from wallet_server.storage.history import sums_from
from wallet_server.storage.json_text import from_json, to_json

CONSUMER = "chapters"
"""What `event_consumers` calls those who write them."""

LAST = """
SELECT sequence, holdings::text AS holdings FROM wallet_chapters
WHERE shard = $1 AND wallet_id = $2 AND sequence <= $3
ORDER BY sequence DESC LIMIT 1
"""

COVERED = f"""
SELECT min(sequence) - {CHAPTER_COMMANDS} AS low, max(sequence) AS high, count(*) AS count
FROM wallet_chapters
WHERE shard = $1 AND wallet_id = $2 AND sequence >= $3 + {CHAPTER_COMMANDS} AND sequence <= $4
"""

SUMS = """
SELECT s.r ->> 0 AS account, s.r ->> 1 AS asset_code, s.r ->> 2 AS command,
    (s.r ->> 3)::boolean AS of_bet, (s.r ->> 4)::integer AS stake, (s.r ->> 5)::integer AS house,
    sum((s.r ->> 6)::numeric) AS added, sum((s.r ->> 7)::numeric) AS taken,
    sum((s.r ->> 8)::bigint) AS count
FROM wallet_chapters AS c
CROSS JOIN LATERAL json_array_elements(c.sums) AS s (r)
WHERE c.shard = $1 AND c.wallet_id = $2 AND c.sequence > $3 AND c.sequence <= $4
    AND s.r ->> 0 = $5
GROUP BY account, asset_code, command, of_bet, stake, house
"""

ADD = """
INSERT INTO wallet_chapters (shard, wallet_id, sequence, sums, holdings)
VALUES ($1, $2, $3, $4::json, $5::json)
ON CONFLICT (shard, wallet_id, sequence) DO NOTHING
"""

BEHIND = f"""
SELECT h.tenant_id, h.position, coalesce(c.position, 0) AS written
FROM event_heads AS h
LEFT JOIN event_consumers AS c ON c.consumer = '{CONSUMER}' AND c.tenant_id = h.tenant_id
WHERE h.position > coalesce(c.position, 0)
ORDER BY h.tenant_id
"""

# An index knows which events end a chapter: it is read, and the events between are not.
ENDED = f"""
SELECT position, player_id, currency_code, wallet_sequence FROM events
WHERE tenant_id = $1 AND position > $2 AND position <= $3
    AND is_first AND wallet_sequence > 0 AND wallet_sequence % {CHAPTER_COMMANDS} = 0
ORDER BY position LIMIT $4
"""

MOVE = f"""
INSERT INTO event_consumers AS c (consumer, tenant_id, position, update_time)
VALUES ('{CONSUMER}', $1, $2, clock_timestamp())
ON CONFLICT (consumer, tenant_id) DO UPDATE
SET position = greatest(c.position, excluded.position), update_time = excluded.update_time
"""


# Chapters of no wallet are not read: what stands nowhere is found where wallets are verified.
PAGE = """
SELECT c.shard, c.wallet_id, c.sequence, c.sums::text AS sums, c.holdings::text AS holdings,
    w.tenant_id, w.player_id, w.currency_code, w.sequence AS last_sequence
FROM wallet_chapters AS c
JOIN wallets AS w USING (shard, wallet_id)
WHERE (c.shard, c.wallet_id, c.sequence) > ($1, $2, $3)
    AND ($4::text IS NULL OR w.tenant_id = $4)
ORDER BY c.shard, c.wallet_id, c.sequence LIMIT $5
"""


class ChapterPlace(NamedTuple):
    """Where a chapter stands among all."""

    shard: int
    wallet_id: UUID
    sequence: int


BEFORE_FIRST = ChapterPlace(-1, UUID(int=0), 0)


@value
class StoredChapter:
    """A chapter as it is kept, and the number of its wallet's last command."""

    place: ChapterPlace
    wallet: WalletRef
    chapter: Chapter
    last_sequence: int


@value
class TenantBehind:
    """A tenant whose events are at a position, and for which chapters are written up to another."""

    tenant_id: str
    position: int
    written: int


@value
class EndedChapter:
    """A chapter that an event of a tenant, at a position, has told the end of."""

    position: int
    wallet: WalletRef
    sequence: int


async def open_chapter_connection(
    database_url: str, *, statement_timeout_seconds: float
) -> Connection:
    """Returns a connection that writes chapters."""
    return await open_behind(
        database_url,
        "chapters",
        statement_timeout_seconds=statement_timeout_seconds,
    )


async def find_chapter(connection: Connection, ref: WalletRef, upto: int) -> Chapter:
    """Returns the last chapter of a wallet up to a command, without its sums.

    What stands before the first one, if there is none.
    """
    row = await connection.fetchrow(LAST, *locate(ref), upto)
    if row is None:
        return BEFORE_ALL
    return Chapter(row["sequence"], {}, holdings_from_json(row["holdings"]))


async def find_covered(
    connection: Connection, ref: WalletRef, after: int, upto: int
) -> tuple[int, int]:
    """Returns after which command, and up to which, chapters tell of the commands between two.

    Both are the first of the two where none does, or one is missing among them.
    """
    row = await connection.fetchrow(COVERED, *locate(ref), after, upto)
    if row is None or row["high"] != (row["low"] or 0) + row["count"] * CHAPTER_COMMANDS:
        return after, after
    return row["low"], row["high"]


async def sum_chapters(
    connection: Connection, ref: WalletRef, account: Account, *, after: int, upto: int
) -> dict[SumKey, Sum]:
    """Returns what came to an account by what chapters tell of the commands between two."""
    if after == upto:
        return {}
    return sums_from(await connection.fetch(SUMS, *locate(ref), after, upto, account))


async def add_chapter(connection: Connection, ref: WalletRef, chapter: Chapter) -> None:
    """Keeps a chapter. One that is there already stays as it is."""
    await connection.execute(
        ADD,
        *locate(ref),
        chapter.sequence,
        to_json(sums_as_plain(chapter.sums)),
        to_json([(account, *held) for account, held in sorted(chapter.holdings.items())]),
    )


def sums_as_plain(sums: Mapping[SumKey, Sum]) -> list[tuple[object, ...]]:
    """Returns sums as they are kept: the parts of their keys, and what was added and taken."""
    return [(key.account, key.asset_code, *key.kind, *sums[key]) for key in sorted(sums)]


def sums_from_json(text: str) -> dict[SumKey, Sum]:
    """Returns the sums that `sums_as_plain` has made plain."""
    rows: Sequence[Sequence[Any]] = from_json(text)
    return {SumKey(Account(row[0]), row[1], EntryKind(*row[2:6])): Sum(*row[6:9]) for row in rows}


def holdings_from_json(text: str) -> dict[Account, Holding]:
    """Returns what accounts held."""
    held: Sequence[tuple[str, str, int]] = from_json(text)
    return {Account(account): Holding(asset, balance) for account, asset, balance in held}


async def load_chapters(
    connection: Connection, after: ChapterPlace, tenant_id: str | None, *, limit: int
) -> list[StoredChapter]:
    """Returns the chapters of a tenant's wallets, or of all, behind a place."""
    return [
        StoredChapter(
            ChapterPlace(row["shard"], row["wallet_id"], row["sequence"]),
            WalletRef(row["tenant_id"], row["player_id"], row["currency_code"]),
            Chapter(
                row["sequence"], sums_from_json(row["sums"]), holdings_from_json(row["holdings"])
            ),
            row["last_sequence"],
        )
        for row in await connection.fetch(PAGE, *after, tenant_id, limit)
    ]


async def find_tenants_behind(connection: Connection) -> list[TenantBehind]:
    """Returns the tenants that have events which nobody has looked at for ends of chapters."""
    rows = await connection.fetch(BEHIND)
    return [TenantBehind(row["tenant_id"], row["position"], row["written"]) for row in rows]


async def find_ended(
    connection: Connection, tenant: TenantBehind, *, limit: int
) -> list[EndedChapter]:
    """Returns the next chapters that have ended."""
    rows = await connection.fetch(ENDED, tenant.tenant_id, tenant.written, tenant.position, limit)
    return [
        EndedChapter(
            row["position"],
            WalletRef(tenant.tenant_id, row["player_id"], row["currency_code"]),
            row["wallet_sequence"],
        )
        for row in rows
    ]


async def note_written(connection: Connection, tenant_id: str, position: int) -> None:
    """Notes up to which position of a tenant's events chapters are written."""
    await connection.execute(MOVE, tenant_id, position)
