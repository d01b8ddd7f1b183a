"""Reads everything that is recorded of wallets, in order and a few rows at a time.

All reads of a chunk of wallets see one snapshot, so what they find is consistent
while commands go on.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from types import MappingProxyType
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from wallet_server.core.accounts import Account, debt
from wallet_server.core.audit.difference import Finding
from wallet_server.core.ids import Location, WalletRef
from wallet_server.core.wallet import Wallet
from wallet_server.storage.database_url import normalize_url
from wallet_server.storage.known_types import KnowingConnection
from wallet_server.storage.verification_rows import read_player
from wallet_server.storage.verification_statements import BUCKETS, ORPHANS, PLANS_OF, WALLETS

NO_PLANS: Mapping[str, str] = MappingProxyType({})

POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
FIRST_TIME, LAST_TIME = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

FETCH_ROWS = 500
"""Rows held in memory of each stream."""

Key: TypeAlias = tuple[Any, ...]
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class RecordedWallet:
    """A wallet with its player, and where it lies.

    `player_findings` is what is wrong with the player's row. `live_items` is how many live items
    the wallet's row says that it has.
    """

    location: Location
    wallet: Wallet
    player_findings: Sequence[Finding]
    live_items: int


@asynccontextmanager
async def connect(
    database_url: str,
    application_name: str = "wallet-server verify",
    plans: Mapping[str, str] = NO_PLANS,
    *,
    idle_seconds_max: float | None = None,
) -> AsyncGenerator[Connection]:
    """Opens a connection that cannot write, for as long as the block lasts.

    `plans` are settings of Postgres that say how statements are planned. The database ends it where
    a transaction does nothing for too long, if that is limited.
    """
    limits: dict[str, str] = {}
    if idle_seconds_max is not None:
        limits["idle_in_transaction_session_timeout"] = f"{round(idle_seconds_max * 1000)}ms"
    connection = await asyncpg.connect(
        normalize_url(database_url),
        connection_class=KnowingConnection,
        server_settings={
            **plans,
            "application_name": application_name,
            "default_transaction_read_only": "on",
            **limits,
        },
    )
    try:
        yield connection
    finally:
        await connection.close()


async def read_all_times(connection: Connection) -> None:
    """Lets every time be read: one that is beyond those of Python as the first or the last of them.

    Servers write none such. Whoever alters rows by hand may, and that must be found, and must not
    keep what else was altered from being found.
    """
    await connection.set_type_codec(
        "timestamptz",
        schema="pg_catalog",
        encoder=lambda time: ((time - POSTGRES_EPOCH) // timedelta(microseconds=1),),
        decoder=time_of,
        format="tuple",
    )


def time_of(sent: tuple[int]) -> datetime:
    """Returns a time as Postgres sends it, in microseconds since 2000, if there is such a one."""
    try:
        return POSTGRES_EPOCH + timedelta(microseconds=sent[0])
    except OverflowError:
        return LAST_TIME if sent[0] > 0 else FIRST_TIME


@asynccontextmanager
async def snapshot(
    connection: Connection, plans: Mapping[str, str] = NO_PLANS
) -> AsyncGenerator[None]:
    """Lets all reads of the block see the database as it is at the first of them.

    `plans` are settings of Postgres that hold in the block alone.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await _set_locally(connection, plans)
        yield


@asynccontextmanager
async def planned(connection: Connection, plans: Mapping[str, str]) -> AsyncGenerator[None]:
    """Has what begins in the block planned by these settings. It must be within a transaction."""
    await _set_locally(connection, plans)
    yield
    await _set_locally(connection, dict.fromkeys(plans, "DEFAULT"))


async def _set_locally(connection: Connection, plans: Mapping[str, str]) -> None:
    """Lets settings hold until the transaction ends. All go to Postgres at once."""
    if plans:
        settings = [f"SET LOCAL {name} TO {setting}" for name, setting in plans.items()]
        await connection.execute("; ".join(settings))


async def load_wallets(
    connection: Connection,
    *,
    after: Location,
    tenant_id: str | None,
    wallet_ids: Sequence[UUID] | None,
    limit: int,
) -> list[RecordedWallet]:
    """Returns the next wallets in the order of their keys."""
    rows = await connection.fetch(
        WALLETS, after.shard, after.wallet_id, tenant_id, wallet_ids, limit
    )
    return [read_wallet(row) for row in rows]


def read_wallet(row: asyncpg.Record) -> RecordedWallet:
    """Returns the wallet of a row, with its player; an ordinary one where none can be read."""
    player, findings = read_player(row)
    balances = {Account(a): b for a, b in zip(row["accounts"], row["balances"], strict=True)}
    debts = {debt(a): d for a, d in zip(row["debt_assets"], row["debts"], strict=True)}
    wallet = Wallet(
        ref=WalletRef(row["tenant_id"], row["player_id"], row["currency_code"]),
        sequence=row["sequence"],
        create_time=row["create_time"],
        update_time=row["update_time"],
        player=player,
        balances=balances | debts,
        frozen_buckets=frozenset(row["frozen_buckets"]),
        event_sequence=row["event_sequence"],
    )
    location = Location(row["shard"], row["wallet_id"])
    return RecordedWallet(location, wallet, findings, row["live_items"])


async def load_wallet_keys(connection: Connection, tenant_id: str) -> set[tuple[int, UUID]]:
    """Returns the keys of all wallets of a tenant."""
    rows = await connection.fetch(
        "SELECT shard, wallet_id FROM wallets WHERE tenant_id = $1", tenant_id
    )
    return {(row["shard"], row["wallet_id"]) for row in rows}


async def load_assets(
    connection: Connection, tenant_ids: Sequence[str]
) -> dict[str, dict[str, str | None]]:
    """Returns every bucket of all topologies that were ever active, with its asset, by tenant.

    The asset is `None` where the bucket holds the wallet's currency.
    """
    assets: dict[str, dict[str, str | None]] = {tenant_id: {} for tenant_id in tenant_ids}
    for row in await connection.fetch(BUCKETS, tenant_ids):
        assets[row["tenant_id"]][row["code"]] = row["asset_code"]
    return assets


async def load_first_positions(connection: Connection, tenant_ids: Sequence[str]) -> dict[str, int]:
    """Returns the first position of each tenant that retention has left."""
    rows = await connection.fetch(
        "SELECT tenant_id, first_position FROM event_heads WHERE tenant_id = ANY ($1)", tenant_ids
    )
    return {row["tenant_id"]: row["first_position"] for row in rows}


async def load_orphans(connection: Connection) -> AsyncIterator[tuple[str, Location]]:
    """Yields the tables and keys of rows that have no wallet."""
    async for row in connection.cursor(ORPHANS):
        yield row["table_name"], Location(row["shard"], row["wallet_id"])


class RowStream:
    """The rows of a statement, one key after another. `columns` are those of the key."""

    key: Key | None
    """The key of the next row; nothing at the end."""

    def __init__(self, cursor: Any, columns: Sequence[str]) -> None:  # noqa: ANN401 - asyncpg's.
        self._cursor = cursor
        self._key_of = itemgetter(*columns)
        self._rows: Iterator[asyncpg.Record] = iter(())
        self._next: asyncpg.Record | None = None

    @classmethod
    async def open(
        cls, connection: Connection, statement: str, chunk: Sequence[Location], *columns: str
    ) -> "RowStream":
        """Starts to read the rows of the wallets. Lasts as long as the transaction."""
        shards = [location.shard for location in chunk]
        wallet_ids = [location.wallet_id for location in chunk]
        async with planned(connection, PLANS_OF.get(statement, NO_PLANS)):
            cursor = await connection.cursor(statement, shards, wallet_ids)
        stream = cls(cursor, ("shard", "wallet_id", *columns))
        await stream._advance()
        return stream

    async def take(self, key: Key) -> list[asyncpg.Record]:
        """Returns the next rows as long as their key begins with this one."""
        taken: list[asyncpg.Record] = []
        width = len(key)
        while self._next is not None and self.key is not None and self.key[:width] == key:
            taken.append(self._next)
            await self._advance()
        return taken

    async def _advance(self) -> None:
        self._next = next(self._rows, None)
        if self._next is None:
            self._rows = iter(await self._cursor.fetch(FETCH_ROWS))
            self._next = next(self._rows, None)
        self.key = None if self._next is None else self._key_of(self._next)


async def in_step(streams: Sequence[RowStream], prefix: Key, width: int) -> AsyncIterator[Key]:
    """Yields the next key of any of the streams, cut to `width`, while it begins with `prefix`.

    Whoever asks takes all rows of each key before asking for the next.
    """
    while True:
        keys = [stream.key for stream in streams]
        found = [k[:width] for k in keys if k is not None and k[: len(prefix)] == prefix]
        if not found:
            return
        yield min(found)
