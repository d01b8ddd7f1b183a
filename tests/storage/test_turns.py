"""Marks at wallets that several servers work on."""

import pytest

from tests.database import Database
from tests.storage.batches import Lane, load_wallets, opening_of, wallet_of
from wallet_server.storage.recording import record
from wallet_server.storage.turns import mark_contended


@pytest.mark.parametrize(
    ("until", "is_contended"),
    [("-1 second", False), ("1 minute", True), ("1 year", False)],
    ids=["past", "soon", "far"],
)
async def test_a_mark_holds_for_minutes_at_most(
    connections: Lane, database: Database, until: str, *, is_contended: bool
) -> None:
    """Whatever wrote it, and by whichever clock: nobody may have to take turns for ever."""
    loader, recorder = connections
    wallet = wallet_of("p")
    await record(recorder, opening_of(wallet), await load_wallets(loader, wallet))

    await database.tamper(f"UPDATE wallets SET contended_until = now() + interval '{until}'")

    assert ((await load_wallets(loader, wallet)).contended == {wallet.ref}) == is_contended


async def test_a_wallet_is_marked_for_all_to_see(connections: Lane) -> None:
    loader, recorder = connections
    wallet, other = wallet_of("p"), wallet_of("q")
    await record(recorder, opening_of(wallet, other), await load_wallets(loader, wallet, other))

    await mark_contended(loader, wallet.ref, seconds=10)

    assert (await load_wallets(loader, wallet, other)).contended == {wallet.ref}


async def test_no_mark_waits_for_a_wallet_that_stays_locked(
    connections: Lane, database: Database
) -> None:
    loader, recorder = connections
    wallet = wallet_of("p")
    await record(recorder, opening_of(wallet), await load_wallets(loader, wallet))
    somebody = await database.connect()

    async with somebody.transaction():
        await somebody.execute("SELECT FROM wallets FOR UPDATE")
        await mark_contended(loader, wallet.ref, seconds=10)  # Would be cancelled after 10 s.

    assert (await load_wallets(loader, wallet)).contended == set()
