"""What holds for all of a player's wallets is recorded once, and by one batch at a time."""

from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from tests.database import Database
from tests.storage.batches import (
    NOW,
    TENANT,
    Lane,
    answer_of,
    fold_of,
    load_wallets,
    opening_of,
    wallet_of,
)
from wallet_server.core.players.limit import Limit, LimitKind, LimitPeriod, PendingLimit
from wallet_server.core.players.player import ORDINARY_PLAYER, Player
from wallet_server.core.players.status import AccountStatus
from wallet_server.storage.recording import record
from wallet_server.storage.troubles import Trouble, trouble_of
from wallet_server.storage.wallets import find_wallet

LATER = NOW + timedelta(days=8)
PENDING = PendingLimit(200, "EUR", NOW + timedelta(days=1), LATER)
LIMITS = (Limit(LimitKind.LOSS, LimitPeriod.DAY, 100, "EUR", NOW, PENDING),)
LIMITED = Player(AccountStatus.BET_BLOCKED, LIMITS, revision=3)
EUROS, DOLLARS = wallet_of("p"), wallet_of("p", currency_code="USD")


async def open_both(lane: Lane) -> None:
    loader, recorder = lane
    await record(recorder, opening_of(EUROS, DOLLARS), await load_wallets(loader, EUROS, DOLLARS))


async def test_a_change_is_loaded_with_every_wallet_of_the_player(
    connections: Lane, database: Database
) -> None:
    loader, recorder = connections
    await open_both(connections)
    loaded = await load_wallets(loader, EUROS, DOLLARS)
    assert {wallet.player for wallet in loaded.wallets.values()} == {ORDINARY_PLAYER}
    later = replace(EUROS, sequence=2)

    fold = fold_of([later], [(later, answer_of("limit", 2))], players={"p": LIMITED})
    await record(recorder, fold, loaded)

    found = await load_wallets(loader, EUROS, DOLLARS)
    assert found.players == {(TENANT, "p"): LIMITED}
    assert [wallet.player for wallet in found.wallets.values()] == [LIMITED, LIMITED]
    wallet = await find_wallet(loader, DOLLARS.ref)
    assert wallet is not None
    assert wallet.player == LIMITED
    connection = await database.connect()
    assert await connection.fetchval("SELECT due_time FROM players") == LATER


async def test_a_player_may_change_with_the_first_wallet(connections: Lane) -> None:
    loader, recorder = connections
    fold = opening_of(EUROS)
    fold.changed_players[TENANT, "p"] = LIMITED

    await record(recorder, fold, await load_wallets(loader, EUROS))

    assert (await load_wallets(loader, EUROS)).players == {(TENANT, "p"): LIMITED}


async def test_a_player_becomes_ordinary_again_but_for_the_revision(
    connections: Lane, database: Database
) -> None:
    loader, recorder = connections
    await test_a_player_may_change_with_the_first_wallet(connections)
    later = replace(EUROS, sequence=2)
    plain = Player(revision=4)

    fold = fold_of([later], [(later, answer_of("none", 2))], players={"p": plain})
    await record(recorder, fold, await load_wallets(loader, EUROS))

    assert (await load_wallets(loader, EUROS)).players == {(TENANT, "p"): plain}
    row = await (await database.connect()).fetchrow("SELECT document, due_time FROM players")
    assert row is not None
    assert tuple(row) == (None, None)


@pytest.mark.parametrize("changes_it", [True, False])
async def test_a_batch_misses_if_the_player_has_changed_by_another_wallet(
    connections: Lane, *, changes_it: bool
) -> None:
    loader, recorder = connections
    await open_both(connections)
    stale = await load_wallets(loader, DOLLARS)
    euros, dollars = replace(EUROS, sequence=2), replace(DOLLARS, sequence=2)
    first = fold_of([euros], [(euros, answer_of("limit", 2))], players={"p": LIMITED})
    await record(recorder, first, await load_wallets(loader, EUROS))

    players = {"p": replace(LIMITED, revision=1)} if changes_it else {}
    second = fold_of([dollars], [(dollars, answer_of("bet", 2))], players=players)
    with pytest.raises(asyncpg.DivisionByZeroError) as missed:
        await record(recorder, second, stale)

    assert trouble_of(missed.value) is Trouble.CONFLICT
    found = await load_wallets(loader, EUROS, DOLLARS)
    assert found.players == {(TENANT, "p"): LIMITED}
    assert [wallet.sequence for wallet in found.wallets.values()] == [2, 1]


async def test_a_wallet_is_not_opened_for_a_player_who_has_changed_since(
    connections: Lane, database: Database
) -> None:
    loader, recorder = connections
    await record(recorder, opening_of(EUROS), await load_wallets(loader, EUROS))
    stale = await load_wallets(loader, DOLLARS)
    await (await database.connect_superuser()).execute("UPDATE players SET revision = 1")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await record(recorder, opening_of(DOLLARS), stale)

    assert (await load_wallets(loader, DOLLARS)).wallets == {}
