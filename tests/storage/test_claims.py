"""A claim that misses changes nothing, whatever it was that moved."""

from dataclasses import replace

import asyncpg
import pytest

from tests.database import Database
from tests.storage.batches import (
    NOW,
    Lane,
    answer_of,
    fold_of,
    load_wallets,
    opening_of,
    wallet_of,
)
from wallet_server.core.bets.bet import Bet, BetState, Snapshot
from wallet_server.core.config.provider_profile import CorrectionShortfall, PayoutBasis
from wallet_server.core.config.wallet_policy import RecoveryScope
from wallet_server.core.ids import BetKey
from wallet_server.embedded.roles import Role
from wallet_server.storage.recording import record
from wallet_server.storage.recording_arguments import terms_to_record
from wallet_server.storage.terms import add_terms
from wallet_server.storage.troubles import Trouble, trouble_of

TABLES = ("players", "wallets", "answers", "entries", "bets", "wallet_items")


async def contents(database: Database) -> dict[str, str]:
    """Returns all that is in the tables, as text."""
    connection = await database.connect(Role.OWNER)
    return {
        table: await connection.fetchval(
            f"SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM {table} AS t"
        )
        for table in TABLES
    }


async def test_a_claim_misses_if_the_wallet_has_moved_and_changes_nothing(
    connections: Lane, database: Database
) -> None:
    loader, recorder = connections
    moved, there = wallet_of("moved"), wallet_of("there")
    await record(recorder, opening_of(moved, there), await load_wallets(loader, moved, there))
    stale = await load_wallets(loader, moved, there)
    later = replace(moved, sequence=2)
    await record(recorder, fold_of([later], [(later, answer_of("r", 2))]), stale)
    before = await contents(database)

    both = [replace(moved, sequence=2), replace(there, sequence=2)]
    with pytest.raises(asyncpg.DivisionByZeroError) as missed:
        await record(
            recorder,
            fold_of(
                [*both, wallet_of("new")],
                [*((each, answer_of("x", 2)) for each in both), (wallet_of("new"), answer_of("o"))],
            ),
            stale,
        )

    assert trouble_of(missed.value) is Trouble.CONFLICT
    assert await contents(database) == before


@pytest.mark.parametrize(
    "meanwhile",
    [
        "UPDATE tenants SET epoch = 2",
        "UPDATE players SET status = 'BET_BLOCKED', revision = 1",
        "DELETE FROM wallets",
    ],
)
async def test_a_claim_misses_if_what_was_decided_by_has_moved(
    connections: Lane, database: Database, meanwhile: str
) -> None:
    loader, recorder = connections
    wallet = wallet_of("p")
    await record(recorder, opening_of(wallet), await load_wallets(loader, wallet))
    loaded = await load_wallets(loader, wallet)
    await (await database.connect_superuser()).execute(meanwhile)
    before = await contents(database)

    later = replace(wallet, sequence=2)
    with pytest.raises(asyncpg.DivisionByZeroError):
        await record(recorder, fold_of([later], [(later, answer_of("r", 2))]), loaded)

    assert await contents(database) == before


async def test_another_tenants_epoch_and_another_player_are_no_matter(
    connections: Lane, database: Database
) -> None:
    loader, recorder = connections
    wallet, other = wallet_of("p"), wallet_of("other")
    await record(recorder, opening_of(wallet, other), await load_wallets(loader, wallet, other))
    loaded = await load_wallets(loader, wallet, other)
    meanwhile = await database.connect_superuser()
    await meanwhile.execute(
        "UPDATE players SET status = 'CLOSED', revision = 1 WHERE player_id = 'other'"
    )

    later = replace(wallet, sequence=2)
    await record(recorder, fold_of([later], [(later, answer_of("r", 2))]), loaded)


async def test_a_wallet_is_opened_once(connections: Lane, database: Database) -> None:
    loader, recorder = connections
    wallet = wallet_of("p")
    unopened = await load_wallets(loader, wallet)
    await record(recorder, opening_of(wallet, request_id="one"), unopened)
    before = await contents(database)

    with pytest.raises(asyncpg.PostgresError) as missed:
        await record(recorder, opening_of(wallet, request_id="other"), unopened)

    assert trouble_of(missed.value) is Trouble.CONFLICT
    assert await contents(database) == before


async def test_a_players_second_wallet_finds_the_player(
    connections: Lane, database: Database
) -> None:
    loader, recorder = connections
    euros, dollars = wallet_of("p"), wallet_of("p", currency_code="USD")
    neither = await load_wallets(loader, euros, dollars)
    await record(recorder, opening_of(euros), neither)

    with pytest.raises(asyncpg.PostgresError) as missed:  # The player is there by now.
        await record(recorder, opening_of(dollars), neither)
    assert trouble_of(missed.value) is Trouble.CONFLICT

    await record(recorder, opening_of(dollars), await load_wallets(loader, dollars))
    found = await load_wallets(loader, euros, dollars)
    assert found.wallets.keys() == {euros.ref, dollars.ref}


async def test_no_bet_is_recorded_without_its_terms(connections: Lane, database: Database) -> None:
    loader, recorder = connections
    wallet = wallet_of("p")
    await record(recorder, opening_of(wallet), await load_wallets(loader, wallet))
    loaded = await load_wallets(loader, wallet)
    later = replace(wallet, sequence=2)
    snapshot = Snapshot(
        *(1, 1, 1, 1, "SPORTS", PayoutBasis.GROSS, False),
        *(CorrectionShortfall.DEBT, RecoveryScope.ALL_CASH, ("cash",)),
    )
    bet = Bet(BetKey("acme", "b"), BetState.AUTHORIZED, 2, NOW, snapshot=snapshot)
    fold = fold_of([later], [(later, answer_of("r", 2))], bets=[(wallet.ref, bet)])
    before = await contents(database)

    with pytest.raises(asyncpg.PostgresError) as missed:
        await record(recorder, fold, loaded)
    assert trouble_of(missed.value) is Trouble.CONFLICT
    assert await contents(database) == before

    await add_terms(loader, terms_to_record(fold, loaded))
    await record(recorder, fold, loaded)


async def test_a_batch_that_repeats_a_recorded_request_is_a_conflict(
    connections: Lane, database: Database
) -> None:
    loader, recorder = connections
    wallet = wallet_of("p")
    await record(recorder, opening_of(wallet), await load_wallets(loader, wallet))
    loaded = await load_wallets(loader, wallet)
    before = await contents(database)

    later = replace(wallet, sequence=2)
    with pytest.raises(asyncpg.UniqueViolationError) as missed:
        await record(recorder, fold_of([later], [(later, answer_of("open", 2))]), loaded)

    assert trouble_of(missed.value) is Trouble.CONFLICT
    assert await contents(database) == before
