"""Callers of command batches who leave, or are too many, or hold others up."""

import asyncio
import gc
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from tests.rpc.batches import COMMANDS_MAX, batch_of, told
from tests.rpc.bets import WALLET, balance, bet
from tests.rpc.failures import failure_in, failure_of
from tests.servers import RunningServer
from wallet.v1 import wallet_commands_pb2 as pb
from wallet_server.rpc import command_batch

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub

CALLS_COUNT, COMMANDS_COUNT = 20, 30


def call(number: int) -> pb.ExecuteBatchRequest:
    """Returns a call of bets, with one in it that is refused and one that is invalid."""
    names = [f"{number}-{each}" for each in range(COMMANDS_COUNT)]
    return batch_of(
        *(bet(f"r{name}", 1, f"b{name}") for name in names),
        bet(f"r{number}-much", 5_000, f"b{number}-much"),
        bet(f"r{number}-none", 0),
    )


async def test_a_caller_who_goes_away_loses_nothing(
    server: RunningServer, commands: "WalletCommandsAsyncStub", caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(CALLS_COUNT):
        gone = asyncio.ensure_future(commands.ExecuteBatch(call(number)))
        await asyncio.sleep(0.001 * (number % 10))
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)

    answers = [await commands.ExecuteBatch(call(number)) for number in range(CALLS_COUNT)]

    bets = [result.authorize_bet for each in answers for result in each.results[:COMMANDS_COUNT]]
    assert len({each.sequence for each in bets}) == CALLS_COUNT * COMMANDS_COUNT
    assert await balance(server) == 1_000 - CALLS_COUNT * COMMANDS_COUNT
    gc.collect()
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == []


async def test_a_call_that_finds_no_room_is_refused_as_a_whole(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    before = await server.rows()
    for lane in server.executor._lanes:
        lane._queue_commands_max = COMMANDS_COUNT

    failure = await failure_of(commands.ExecuteBatch(call(0)))
    fewer = await commands.ExecuteBatch(batch_of(bet("r1", 1)))

    assert (failure.code, failure.reason) == (grpc.StatusCode.UNAVAILABLE, "OVERLOADED")
    assert failure.retry_delay_ms == 200
    assert told(fewer) == ["APPLIED"]
    assert (await server.rows())["bets"] == before["bets"] + 1


async def test_a_draining_server_sends_the_whole_call_elsewhere(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    await server.executor.drain()

    failure = await failure_of(commands.ExecuteBatch(call(0)))

    assert (failure.code, failure.reason) == (grpc.StatusCode.UNAVAILABLE, "SHUTTING_DOWN")


async def test_a_call_full_of_errors_holds_nobody_up(
    commands: "WalletCommandsAsyncStub",
) -> None:
    wrong = pb.UnsettleBetRequest(wallet=WALLET, portion_refs=["\n"] * 1_300)
    ended: list[str] = []

    async def send(name: str, request: pb.ExecuteBatchRequest) -> None:
        await asyncio.gather(commands.ExecuteBatch(request), return_exceptions=True)
        ended.append(name)

    first = asyncio.create_task(send("full of errors", batch_of(*[wrong] * COMMANDS_MAX)))
    await asyncio.sleep(0)  # Lets it go first; a sleep of none is no guess.
    await send("of no command", batch_of())
    await first

    assert ended == ["of no command", "full of errors"]


async def test_only_the_first_wrong_commands_of_a_call_are_explained_in_full(
    commands: "WalletCommandsAsyncStub",
) -> None:
    wrong = pb.UnsettleBetRequest(wallet=WALLET, portion_refs=["\n"] * 20)
    right, nothing = bet("r1", 1), pb.BatchCommand()
    call = batch_of(right, *[wrong] * 4, right, *[wrong] * 8)
    call.commands.insert(0, nothing)

    response = await commands.ExecuteBatch(call)

    counts = [len(failure_in(each.error).violations) for each in response.results]
    assert counts == [1, 0, *[16] * 4, 0, *[16] * 3, *[1] * 5]
    last = failure_in(response.results[-1].error)
    assert (last.reason, last.violations) == (
        "INVALID_REQUEST",
        (("request_id", "STRING_PATTERN"),),
    )


async def test_a_bug_is_one_commands_own_and_logged_and_nothing_of_it_is_told(
    commands: "WalletCommandsAsyncStub",
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> Any:
        raise ZeroDivisionError("secret")

    kinds = command_batch.KINDS
    undecodable = replace(kinds["approve_deposit"], decode=fail)
    unencodable = replace(kinds["rollback_transaction"], fill=fail)
    monkeypatch.setitem(kinds, "approve_deposit", undecodable)
    monkeypatch.setitem(kinds, "rollback_transaction", unencodable)
    deposit = pb.ApproveDepositRequest(
        request_id="r1", wallet=WALLET, deposit_id="d9", bucket="sports_normal", amount=bet("", 5).stake
    )  # fmt: skip
    rollback = pb.RollbackTransactionRequest(
        request_id="r2", wallet=WALLET, provider_id="acme-sports", transaction_ref="b9"
    )

    response = await commands.ExecuteBatch(batch_of(deposit, rollback, bet("r3", 1)))

    assert told(response) == ["INTERNAL", "INTERNAL", "APPLIED"]
    assert b"secret" not in response.SerializeToString()
    records = [r for r in caplog.records if r.name == "wallet_server.rpc.command_batch"]
    assert [r.message.split()[0] for r in records] == ["approve_deposit", "rollback_transaction"]
    assert ["'r1'" in records[0].message, "'r2'" in records[1].message] == [True, True]
    assert all(record.exc_info for record in records)
