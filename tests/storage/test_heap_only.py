"""Updates of wallets, bets and players stay heap-only: they touch no index, so no other claim."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from tests.database import Database, copy_of
from tests.storage.batches import (
    NOW,
    answer_of,
    fold_of,
    insert_tenant,
    lane,
    load_wallets,
    opening_of,
    wallet_of,
)
from wallet_server.core.accounts import bucket
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.ids import BetKey
from wallet_server.core.players.player import Player
from wallet_server.core.players.usage import Slot, Usage, UsageKind
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.storage.recording import record

BATCHES_COUNT = 100
WALLETS_COUNT = 40
HOT_SHARE_MIN = 0.95


def player_at(revision: int) -> Player:
    """Returns a player who has paid something in."""
    usage = Usage(UsageKind.DEPOSIT, "EUR", (Slot(NOW, revision, revision),), since=NOW)
    return Player(usages=(usage,), revision=revision)


@pytest.fixture(scope="module")
async def played(
    postgres: EmbeddedPostgres, template: str, database_names: Iterator[str]
) -> AsyncIterator[Database]:
    """A database in which wallets, a bet of each and its player have changed many times."""
    async with copy_of(postgres, template, database_names) as database:
        await play(database)
        yield database  # Closed connections have told Postgres what they did.


async def play(database: Database) -> None:
    """Changes all of them in so many batches."""
    await insert_tenant(database)
    wallets = [wallet_of(f"player-{number}") for number in range(WALLETS_COUNT)]
    async with lane(database) as (loader, recorder):
        await record(recorder, opening_of(*wallets), await load_wallets(loader, *wallets))
        for sequence in range(2, BATCHES_COUNT + 2):
            loaded = await load_wallets(loader, *wallets)
            wallets = [
                replace(wallet, sequence=sequence, balances={bucket("cash"): sequence})
                for wallet in wallets
            ]
            bet = Bet(BetKey("acme", "b"), BetState.TOMBSTONED, 2, NOW, revision=sequence)
            fold = fold_of(
                wallets,
                [(wallet, answer_of(f"r{sequence}", sequence)) for wallet in wallets],
                bets=[(wallet.ref, bet) for wallet in wallets],
                players={wallet.ref.player_id: player_at(sequence - 1) for wallet in wallets},
            )
            await record(recorder, fold, loaded)


@pytest.mark.parametrize("table", ["wallets", "bets", "players"])
async def test_updates_are_heap_only(played: Database, table: str) -> None:
    connection = await played.connect()

    row = await connection.fetchrow(
        "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = $1", table
    )

    assert row is not None
    assert row["n_tup_upd"] >= (BATCHES_COUNT - 1) * WALLETS_COUNT
    assert row["n_tup_hot_upd"] / row["n_tup_upd"] >= HOT_SHARE_MIN
