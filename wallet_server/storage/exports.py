"""The journal of many wallets, as files are made of it.

Wallets are read by their keys, a chunk at a time, and its entries as a stream. Nothing spans
chunks, so no snapshot is held for long.
"""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from wallet_server.core.accounts import Account
from wallet_server.core.answer import PostedEntry
from wallet_server.core.exports.request import ExportScope
from wallet_server.core.ids import Location, WalletRef, locate
from wallet_server.core.statements.totals import LineKey, LineTotal
from wallet_server.storage.rows import entry_from_row
from wallet_server.storage.statement_lines import LINES
from wallet_server.storage.verification import Connection

FETCH_ROWS = 200
"""Entries held in memory at once."""

PAGE_WALLETS, CHUNK_WALLETS_MAX = 1_000, 200
CHUNK_COMMANDS_MAX = 5_000
"""Of the commands of all wallets of a chunk, unless one alone has more."""
BEFORE_ALL = Location(-1, UUID(int=0))

IN_SCOPE = """
    ($1::text IS NULL OR w.tenant_id = $1)
    AND ($2::uuid[] IS NULL OR w.wallet_id = ANY ($2))
    AND ($3::timestamptz IS NULL OR w.update_time >= $3)
    AND ($4::timestamptz IS NULL OR w.create_time < $4)
"""

SIZE = f"""
    SELECT count(*) AS wallets, coalesce(sum(w.sequence), 0)::bigint AS commands
    FROM wallets AS w WHERE {IN_SCOPE}
"""

WALLETS = f"""
    SELECT w.shard, w.wallet_id, w.tenant_id, w.player_id, w.currency_code, w.sequence
    FROM wallets AS w
    WHERE {IN_SCOPE} AND (w.shard, w.wallet_id) > ($5, $6)
    ORDER BY w.shard, w.wallet_id
    LIMIT $7
"""

CHUNK = "unnest($1::smallint[], $2::uuid[]) WITH ORDINALITY AS chunk (shard, wallet_id, place)"

OF_SCOPE = """
    ($3::timestamptz IS NULL OR e.entry_time >= $3)
    AND ($4::timestamptz IS NULL OR e.entry_time < $4)
    AND ($5::text[] IS NULL OR e.command = ANY ($5))
"""

# Found by key one wallet after the other; what is sorted is no more than a chunk.
ENTRIES = f"""
    SELECT chunk.place, found.* FROM {CHUNK}
    CROSS JOIN LATERAL (
        SELECT * FROM entries AS e
        WHERE e.shard = chunk.shard AND e.wallet_id = chunk.wallet_id AND {OF_SCOPE}
        OFFSET 0
    ) AS found
    ORDER BY chunk.place, found.sequence, found.ordinal
"""

# One wallet may have millions: they come in the order of their key, and nothing is sorted.
ENTRIES_OF_ONE = f"""
    SELECT 1::bigint AS place, e.* FROM entries AS e
    WHERE e.shard = ($1::smallint[])[1] AND e.wallet_id = ($2::uuid[])[1] AND {OF_SCOPE}
    ORDER BY e.sequence, e.ordinal
"""

BALANCES = f"""
    SELECT chunk.place, found.account, found.asset_code, found.balance FROM {CHUNK}
    CROSS JOIN LATERAL (
        SELECT part.account, e.asset_code, sum(part.change)::bigint AS balance
        FROM entries AS e, unnest(e.accounts, e.changes) AS part (account, change)
        WHERE e.shard = chunk.shard AND e.wallet_id = chunk.wallet_id AND e.entry_time < $3
            AND part.account NOT LIKE 'H:%'
        GROUP BY part.account, e.asset_code
        HAVING sum(part.change) <> 0
        OFFSET 0
    ) AS found
    ORDER BY chunk.place, found.account COLLATE "C"
"""

ENTERED = """
    SELECT e.* FROM unnest($3::smallint[], $4::uuid[]) AS chunk (shard, wallet_id)
    CROSS JOIN LATERAL (
        SELECT * FROM entries AS x
        WHERE x.shard = chunk.shard AND x.wallet_id = chunk.wallet_id
            AND ($5::timestamptz IS NULL OR x.entry_time >= $5)
            AND ($6::timestamptz IS NULL OR x.entry_time < $6)
        OFFSET 0
    ) AS e
"""

# As statements have it.
LINES_OF_CHUNK = f"""
    WITH entered AS MATERIALIZED ({ENTERED}), lines AS ({LINES})
    SELECT day, asset_code, provider_type, account, command,
        debits::text AS debits, credits::text AS credits, changes_count
    FROM lines
"""

TENANTS = """
    SELECT t.tenant_id, coalesce(s.time_zone, 'UTC') AS time_zone
    FROM tenants AS t LEFT JOIN statements AS s USING (tenant_id)
    WHERE ($1::text IS NULL OR t.tenant_id = $1)
        AND (cardinality($2::text[]) = 0 OR t.tenant_id = ANY ($2))
    ORDER BY t.tenant_id
"""

FOUND = """
    SELECT w.wallet_id FROM unnest($1::smallint[], $2::uuid[]) AS named (shard, wallet_id)
    JOIN wallets AS w USING (shard, wallet_id)
"""

EXPONENTS = """
    SELECT DISTINCT t.tenant_id, asset ->> 'code' AS code, (asset ->> 'exponent')::int AS exponent
    FROM topologies AS t, jsonb_array_elements(t.document -> 'assets') AS asset
    WHERE t.tenant_id = $1 AND t.state IN ('ACTIVE', 'SUPERSEDED')
"""


class ScopeSize(NamedTuple):
    """How much there is to read: wallets, and all commands of these, whenever they were."""

    wallets: int
    commands: int


class ExportedWallet(NamedTuple):
    """A wallet whose entries are exported, and the number of its last command."""

    location: Location
    ref: WalletRef
    sequence: int


class JournalPart(NamedTuple):
    """Entries of one wallet, in order, and how many commands of the chunk are read with them."""

    wallet: ExportedWallet
    entries: Sequence[PostedEntry]
    done_commands: int


async def load_size(connection: Connection, scope: ExportScope, *, idle_wallets: bool) -> ScopeSize:
    """Returns how much there is to read, as far as rows of wallets tell."""
    row = await connection.fetchrow(SIZE, *scope_arguments(scope, idle_wallets=idle_wallets))
    assert row is not None
    return ScopeSize(row["wallets"], row["commands"])


async def load_chunks(
    connection: Connection, scope: ExportScope, *, idle_wallets: bool
) -> AsyncGenerator[Sequence[ExportedWallet]]:
    """Yields the wallets in scope, so many at a time as can be read at once.

    Without `idle_wallets`, those in which nothing happened since the time that the scope
    begins at are left out.
    """
    arguments = scope_arguments(scope, idle_wallets=idle_wallets)
    after: Location | None = BEFORE_ALL
    while after is not None:
        rows = await connection.fetch(WALLETS, *arguments, *after, PAGE_WALLETS)
        wallets = [read_wallet(row) for row in rows]
        for chunk in chunks_of(wallets):
            yield chunk
        after = wallets[-1].location if wallets else None


def scope_arguments(scope: ExportScope, *, idle_wallets: bool) -> tuple[object, ...]:
    """Returns the arguments of `IN_SCOPE`."""
    wallet_ids = [locate(ref).wallet_id for ref in scope.wallets] or None
    start_time = None if idle_wallets else scope.start_time
    return (scope.tenant_id, wallet_ids, start_time, scope.end_time)


def read_wallet(row: Any) -> ExportedWallet:  # noqa: ANN401 - asyncpg's.
    """Returns the wallet of a row."""
    ref = WalletRef(row["tenant_id"], row["player_id"], row["currency_code"])
    return ExportedWallet(Location(row["shard"], row["wallet_id"]), ref, row["sequence"])


def chunks_of(wallets: Sequence[ExportedWallet]) -> Iterator[Sequence[ExportedWallet]]:
    """Yields the wallets in order, so many at a time as have no more than a chunk's commands."""
    chunk: list[ExportedWallet] = []
    commands = 0
    for wallet in wallets:
        commands += wallet.sequence
        if chunk and (commands > CHUNK_COMMANDS_MAX or len(chunk) == CHUNK_WALLETS_MAX):
            yield chunk
            chunk, commands = [], wallet.sequence
        chunk.append(wallet)
    if chunk:
        yield chunk


def commands_of(chunk: Sequence[ExportedWallet]) -> int:
    """Returns how many commands a chunk's wallets have recorded."""
    return sum(wallet.sequence for wallet in chunk)


async def load_entries(
    connection: Connection,
    chunk: Sequence[ExportedWallet],
    *,
    start_time: datetime | None,
    end_time: datetime | None,
    commands: Sequence[str] | None,
) -> AsyncGenerator[JournalPart]:
    """Yields the entries of a chunk in the order of its wallets, some at a time.

    A wallet without any is yielded too, once. It needs a transaction.
    """
    statement = ENTRIES_OF_ONE if len(chunk) == 1 else ENTRIES
    cursor = await connection.cursor(
        statement, *chunk_arguments(chunk), start_time, end_time, commands
    )
    following = 0
    while rows := await cursor.fetch(FETCH_ROWS):
        for place, found in groupby(rows, key=itemgetter("place")):
            for idle in range(following, place - 1):
                yield JournalPart(chunk[idle], (), commands_of(chunk[: idle + 1]))
            following = place
            entries = [entry_from_row(row) for row in found]
            before = commands_of(chunk[: place - 1])
            yield JournalPart(chunk[place - 1], entries, before + entries[-1].sequence)
    for idle in range(following, len(chunk)):
        yield JournalPart(chunk[idle], (), commands_of(chunk[: idle + 1]))


async def load_balances(
    connection: Connection, chunk: Sequence[ExportedWallet], time: datetime
) -> dict[Location, dict[tuple[Account, str], int]]:
    """Returns what the players' accounts came to just before a time, but for those of nothing.

    By wallet, and by account and asset.
    """
    found: dict[Location, dict[tuple[Account, str], int]] = {}
    for row in await connection.fetch(BALANCES, *chunk_arguments(chunk), time):
        place: int = row["place"]
        balances = found.setdefault(chunk[place - 1].location, {})
        balances[Account(row["account"]), row["asset_code"]] = row["balance"]
    return found


async def load_lines(
    connection: Connection,
    tenant_id: str,
    chunk: Sequence[ExportedWallet],
    *,
    time_zone: str,
    start_time: datetime | None,
    end_time: datetime | None,
) -> dict[LineKey, LineTotal]:
    """Returns what the entries of a chunk of a tenant's wallets came to, as statements count it."""
    arguments = (*chunk_arguments(chunk), start_time, end_time)
    rows = await connection.fetch(LINES_OF_CHUNK, tenant_id, time_zone, *arguments)
    return {
        LineKey(*(row[name] for name in LineKey._fields)): LineTotal(
            int(row["debits"]), int(row["credits"]), row["changes_count"]
        )
        for row in rows
    }


async def load_time_zones(connection: Connection, scope: ExportScope) -> dict[str, str]:
    """Returns the tenants in scope, each with the time zone that its statements have."""
    named = list({ref.tenant_id for ref in scope.wallets})
    rows = await connection.fetch(TENANTS, scope.tenant_id, named)
    return {row["tenant_id"]: row["time_zone"] for row in rows}


def chunk_arguments(chunk: Sequence[ExportedWallet]) -> tuple[list[int], list[UUID]]:
    """Returns the arguments of `CHUNK`."""
    return (
        [wallet.location.shard for wallet in chunk],
        [wallet.location.wallet_id for wallet in chunk],
    )


async def load_missing(connection: Connection, wallets: Sequence[WalletRef]) -> list[WalletRef]:
    """Returns which of the wallets are not there."""
    by_id = {locate(ref).wallet_id: ref for ref in wallets}
    rows = await connection.fetch(FOUND, [locate(ref).shard for ref in by_id.values()], list(by_id))
    found = {row["wallet_id"] for row in rows}
    return [ref for wallet_id, ref in by_id.items() if wallet_id not in found]


async def load_exponents(connection: Connection, tenant_id: str) -> Mapping[str, int]:
    """Returns how many decimals each asset has that a tenant ever had: that never changes."""
    rows = await connection.fetch(EXPONENTS, tenant_id)
    return {row["code"]: row["exponent"] for row in rows}
