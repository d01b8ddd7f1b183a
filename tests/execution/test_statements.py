"""How many statements a batch takes: as few for many commands as for one."""

import asyncio

from tests.execution.conftest import StartExecutor
from tests.execution.ledger import Ledger
from tests.execution.vocabulary import (
    ONE_LANE,
    Caller,
    authorize,
    credit,
    settle,
    wallet_of,
    wallets_of,
)
from wallet_server.core.commands import Command, OpenWallet, RollbackTransaction
from wallet_server.core.ids import WalletRef
from wallet_server.storage.entries import OF_COMMANDS
from wallet_server.storage.load_statement import LOAD
from wallet_server.storage.record_statement import RECORD, RECORD_USUAL
from wallet_server.storage.terms import ADD

PLUG = wallet_of("plug")


async def send_as_batch(
    caller: Caller, ledger: Ledger, commands: list[tuple[str, Command, WalletRef]]
) -> None:
    """Sends commands so that they share a batch. The plug's statements come before."""
    async with ledger.hold(PLUG):
        plug = caller.start(f"plug-{commands[0][0]}", credit(), PLUG)
        await ledger.wait_until_blocked()
        running = [caller.start(*each) for each in commands]
        await asyncio.sleep(0)
    await asyncio.gather(plug, *running)


async def test_a_batch_takes_two_statements_whatever_its_size_and_mix(
    start_executor: StartExecutor, ledger: Ledger, statements: list[str]
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    await caller.open(PLUG)
    wallets = wallets_of(40)
    first: list[tuple[str, Command, WalletRef]] = [
        step
        for wallet in wallets
        for step in (
            ("open", OpenWallet(), wallet),
            ("fund", credit(100), wallet),
            ("bet", authorize("b1"), wallet),
        )
    ]
    second: list[tuple[str, Command, WalletRef]] = [
        step
        for number, wallet in enumerate(wallets)
        for step in (
            ("settled", settle("b1", 5 * number), wallet),
            ("back", RollbackTransaction(authorize("b2").bet), wallet),
            ("bet-3", authorize("b3"), wallet),
            ("new", OpenWallet(), wallet_of(f"new-{number}")),
        )
    ]
    statements.clear()

    await send_as_batch(caller, ledger, [("one", credit(), PLUG)])
    assert statements == [LOAD.sql, RECORD_USUAL.sql] * 2
    statements.clear()

    await send_as_batch(caller, ledger, first)
    plug = [LOAD.sql, RECORD_USUAL.sql]
    assert statements == [*plug, LOAD.sql, ADD, RECORD.sql]  # The terms are new.
    statements.clear()

    await send_as_batch(caller, ledger, second)
    assert statements == [*plug, LOAD.sql, RECORD.sql]
    assert await ledger.differences() == []


async def test_batches_of_bets_alone_are_recorded_without_what_is_for_other_things(
    start_executor: StartExecutor, ledger: Ledger, statements: list[str]
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    wallets = wallets_of(5)
    await caller.open(*wallets, balance=100)
    statements.clear()

    for wallet in wallets:
        await caller.send("bet", authorize("b1"), wallet)
        await caller.send("settled", settle("b1", 5), wallet)
    assert statements == [LOAD.sql, ADD, RECORD_USUAL.sql, *[LOAD.sql, RECORD_USUAL.sql] * 9]
    statements.clear()

    await caller.send("open", OpenWallet(), wallet_of("new"))
    assert statements == [LOAD.sql, RECORD.sql]
    assert await ledger.differences() == []


async def test_answers_given_before_take_one_look_into_the_journal(
    start_executor: StartExecutor, ledger: Ledger, statements: list[str]
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    wallets = wallets_of(20)
    await caller.open(PLUG, *wallets, balance=10)
    statements.clear()

    await send_as_batch(caller, ledger, [("fund", credit(10), wallet) for wallet in wallets])

    assert statements == [LOAD.sql, RECORD_USUAL.sql, LOAD.sql, OF_COMMANDS]
