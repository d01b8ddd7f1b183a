"""What is paid out of a wallet never exceeds what was there, whoever asks for what at once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from tests.database import Database
from tests.soak.callers import TENANT, wallet_of
from tests.soak.rush import PLAYER, Rush
from tests.soak.server_process import run_verify
from wallet.v1 import wallet_queries_pb2 as queries
from wallet.v1.cashier_pb2 import WITHDRAWAL_STATE_PAID
from wallet_client import RetryPolicy, WalletClient
from wallet_server.core.config.wallet_policy import WalletPolicy, WithdrawalRules
from wallet_server.execution.activation import apply_documents
from wallet_server.server import open_server
from wallet_server.settings import Settings
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine

SERVERS_COUNT = 2
PATIENCE = RetryPolicy(total_seconds=300, attempt_seconds=60, attempts_max=100)
MANY_UNDER_WAY = WithdrawalRules(pending_max=16)
PAGE = 500


async def configure(database: Database) -> None:
    """Gives the tenant a shape in which it is money that keeps withdrawals few, and no rule."""
    documents = [
        replace(each, withdrawals=MANY_UNDER_WAY) if isinstance(each, WalletPolicy) else each
        for each in load_shape("ruby")
    ]
    engine = create_engine(database.server_url)
    await apply_documents(engine, TENANT, documents, datetime.now(UTC))
    await engine.dispose()


@asynccontextmanager
async def clients_of_servers(database: Database) -> AsyncGenerator[list[WalletClient]]:
    """Runs servers on one database, each with a client."""
    async with AsyncExitStack() as closing:
        clients: list[WalletClient] = []
        for _ in range(SERVERS_COUNT):
            server = await closing.enter_async_context(
                open_server(Settings(listen_port=0), database.server_url, believes_metadata=True)
            )
            client = WalletClient(f"127.0.0.1:{server.port}", policy=PATIENCE)
            clients.append(await closing.enter_async_context(client))
        yield clients


async def play(database: Database, rounds_count: int) -> Rush:
    """Plays rounds. What one has accepted is paid out while the next goes on."""
    await configure(database)
    async with clients_of_servers(database) as clients:
        rush = Rush(clients, Random(rounds_count))
        await rush.open()
        unpaid: list[str] = []
        for number in range(rounds_count):
            await rush.deposit(number)
            async with asyncio.TaskGroup() as at_once:
                at_once.create_task(rush.pay(unpaid))
                accepting = at_once.create_task(rush.rush(number))
            unpaid = accepting.result()
            assert 0 <= rush.paid <= rush.gained
        await rush.pay(unpaid)
        await check_wallet(rush, clients[0])
    return rush


async def check_wallet(rush: Rush, client: WalletClient) -> None:
    """Holds what is left, and what was paid, against what callers were told."""
    ref = wallet_of(PLAYER)
    wallet = (await client.get_wallet(queries.GetWalletRequest(wallet=ref))).wallet
    euros = [each for each in wallet.buckets if each.balance.asset_code == "EUR"]
    assert sum(each.balance.minor_units for each in euros) == rush.gained - rush.paid
    assert sum(each.open_stake.minor_units for each in euros) == 0
    assert not wallet.withdrawals
    assert not wallet.debts
    asked = queries.ListWithdrawalsRequest(
        wallet=ref, page_size=PAGE, states=[WITHDRAWAL_STATE_PAID]
    )
    listed = await client.list_withdrawals(asked)
    assert {each.withdrawal_id for each in listed.withdrawals} == rush.accepted.keys()
    assert sum(each.paid.minor_units for each in listed.withdrawals) == rush.paid


async def verify(database: Database, rush: Rush) -> None:
    """Verifies the books, and tells what went on."""
    code, printed = await run_verify(database.server_url)
    assert code == 0, printed
    print(f"{len(rush.accepted)} paid, {rush.paid} of {rush.gained}; refused: {dict(rush.refused)}")


async def test_no_more_is_paid_out_than_was_there(database: Database) -> None:
    """In the first round there are between 62.00 and 124.00, and 13 ask for 15.00 to 30.00 each.

    The least: 13 adjustments take 13.00 of the 100.00, and 25 stakes are open. The most: 12
    adjustments add 12.00, and 12 bets win as much. One is refused only where less than 30.00 is
    left, so two find enough; and the six smallest come to 108.75, the seven smallest to 131.25.
    """
    rush = await play(database, rounds_count=1)

    assert 2 <= len(rush.accepted) <= 6
    assert rush.refused["INSUFFICIENT_WITHDRAWABLE"] >= 7  # Each of those that got none.
    await verify(database, rush)


@pytest.mark.soak
@pytest.mark.timeout(1200)
async def test_no_more_is_paid_out_than_was_there_however_long(database: Database) -> None:
    rush = await play(database, rounds_count=30)

    assert len(rush.accepted) >= 2 * 30
    await verify(database, rush)
