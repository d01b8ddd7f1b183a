"""Wallets with money in a bucket that is to be emptied, and whether it was."""

import asyncio

from tests.database import Database
from tests.execution.vocabulary import TENANT, Caller
from wallet_server.core.accounts import bucket
from wallet_server.core.administration.drain import Drain, DrainState
from wallet_server.core.audit.difference import Difference
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
)
from wallet_server.core.ids import WalletRef, locate
from wallet_server.execution.administration.buckets import BucketAdmin
from wallet_server.execution.draining.background import Draining
from wallet_server.execution.settings import DrainingSettings
from wallet_server.execution.verification import VerificationScope, verify

BONUS, CASH = "sports_bonus", "sports_normal"
SMALL_PAGES = DrainingSettings(
    draining_page_wallets=4, draining_commands_max=3, draining_interval_seconds=0.01
)


def bonus(minor_units: int) -> AdjustBalance:
    return AdjustBalance(BONUS, Amount("EUR", minor_units), "TEST")


async def fill(caller: Caller, wallets: list[WalletRef]) -> int:
    """Opens wallets and puts bonus money into them: 1 into the first, 2 into the next, and so on.

    Returns how much that is.
    """
    await caller.open(*wallets)
    for number, wallet in enumerate(wallets, start=1):
        await caller.send("bonus", bonus(number), wallet)
    return sum(range(1, len(wallets) + 1))


async def held(database: Database, wallets: list[WalletRef]) -> list[dict[str, int]]:
    """Returns what wallets have in the two buckets."""
    connection = await database.connect_superuser()
    rows = await connection.fetch("SELECT wallet_id, accounts, balances FROM wallets")
    found = {
        row["wallet_id"]: dict(zip(row["accounts"], row["balances"], strict=True)) for row in rows
    }
    await connection.close()
    return [found[locate(each).wallet_id] for each in wallets]


async def work_until_done(draining: Draining, admin: BucketAdmin, drain: Drain) -> None:
    """Has a process go on with a drain until it is over.

    On a busy machine a wallet may meet a fault, such as a statement that takes too long. The drain
    goes on after a pause then, as it should.
    """
    async with asyncio.timeout(60):
        while (await admin.find_drain(TENANT, drain.drain_id)).state is DrainState.RUNNING:
            await draining.catch_up()


async def check_drained(
    database: Database, admin: BucketAdmin, drain: Drain, wallets: list[WalletRef]
) -> Drain:
    """All is moved, once; it is counted, and on record. Returns the drain."""
    balances = await held(database, wallets)
    assert balances == [{bucket(CASH): number} for number in range(1, len(wallets) + 1)]
    done = await admin.find_drain(TENANT, drain.drain_id)
    total = sum(range(1, len(wallets) + 1))
    assert (done.state, done.totals) == (DrainState.DONE, {"EUR": total})
    assert (done.wallets_count, done.failed_count, done.trouble) == (len(wallets), 0, "")
    connection = await database.connect_superuser()
    entries = await connection.fetchval("SELECT count(*) FROM entries WHERE command='DrainBucket'")
    assert entries == len(wallets)
    await check_verified(database)
    return done


async def check_verified(database: Database) -> None:
    found: list[Difference] = []
    await verify(database.server_url, VerificationScope(), found.append)
    assert found == []
