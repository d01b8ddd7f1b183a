"""Commands, over a real socket."""

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from tests.rpc.bets import WALLET, balance, bet, eur
from tests.rpc.failures import failure_of
from tests.servers import RunningServer
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.bet_pb2 import BET_STATE_AUTHORIZED, BET_STATE_SETTLED

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub


async def test_a_bet_is_taken_and_settled(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    taken = await commands.AuthorizeBet(bet("r1", 400))
    settled = await commands.SettleBet(
        pb.SettleBetRequest(
            request_id="r2", wallet=WALLET, provider_id="acme-sports", bet_ref="b1", result_version=1, payout=eur(900)
        )
    )  # fmt: skip

    assert (taken.sequence, taken.bet.state, taken.replayed) == (3, BET_STATE_AUTHORIZED, False)
    changes = {c.account: (c.change, c.balance_after) for c in taken.entries[0].changes}
    assert changes == {"bkt:sports_normal": (-400, 600), "open:sports_normal": (400, 400)}
    assert taken.entries[0].correlation_id == "c1"
    assert (settled.sequence, settled.bet.state) == (4, BET_STATE_SETTLED)
    assert await balance(server) == 1_500


async def test_every_command_has_its_response(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    await commands.AuthorizeBet(bet("r1", 400))
    named: dict[str, Any] = {"wallet": WALLET, "provider_id": "acme-sports"}
    first: dict[str, Any] = {"bet_ref": "b1", "result_version": 1}
    second: dict[str, Any] = {"bet_ref": "b1", "result_version": 2}

    responses = [
        await commands.AdjustBalance(pb.AdjustBalanceRequest(request_id="r2", wallet=WALLET, bucket="sports_bonus", amount=eur(50), reason_code="GOODWILL")),
        await commands.SettleBet(pb.SettleBetRequest(request_id="r3", payout=eur(0), **named, **first)),
        await commands.UnsettleBet(pb.UnsettleBetRequest(request_id="r4", **named, **second)),
        await commands.RollbackTransaction(pb.RollbackTransactionRequest(request_id="r5", transaction_ref="b1", amount=eur(400), **named)),
        await commands.RollbackTransaction(pb.RollbackTransactionRequest(request_id="r6", transaction_ref="b2", **named)),
    ]  # fmt: skip

    told = [(r.sequence, pb.Outcome.Name(r.outcome), len(r.entries)) for r in responses]
    assert told == [
        (4, "OUTCOME_APPLIED", 1),
        (5, "OUTCOME_APPLIED", 1),
        (6, "OUTCOME_APPLIED", 1),
        (7, "OUTCOME_APPLIED", 1),
        (8, "OUTCOME_TOMBSTONED", 0),
    ]
    assert await balance(server) == 1_050


async def test_the_same_request_gets_the_same_answer(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    first = await commands.AuthorizeBet(bet("r1", 400))
    again = await commands.AuthorizeBet(bet("r1", 400))

    assert (first.replayed, again.replayed) == (False, True)
    again.replayed = False
    assert again == first
    assert await balance(server) == 600


async def test_a_decline_given_again_says_so(commands: "WalletCommandsAsyncStub") -> None:
    first = await failure_of(commands.AuthorizeBet(bet("r1", 5_000)))
    again = await failure_of(commands.AuthorizeBet(bet("r1", 5_000)))

    assert first.metadata == {"required": "5000", "available": "1000"}
    assert again.metadata == first.metadata | {"replayed": "true"}
    assert (first.code, first.reason) == (again.code, again.reason)
    assert first.code is grpc.StatusCode.FAILED_PRECONDITION


async def test_a_correlation_id_may_come_in_a_header(commands: "WalletCommandsAsyncStub") -> None:
    request = bet("r1", 400)
    request.ClearField("correlation_id")

    call = commands.AuthorizeBet(request, metadata=(("x-correlation-id", "c9"),))
    response = await call

    assert response.entries[0].correlation_id == "c9"
    assert dict(await call.trailing_metadata())["x-correlation-id"] == "c9"


async def test_a_header_obeys_the_rules_of_the_field(commands: "WalletCommandsAsyncStub") -> None:
    request = bet("r1", 400)
    request.ClearField("correlation_id")

    call = commands.AuthorizeBet(request, metadata=(("x-correlation-id", "c" * 129),))

    assert (await failure_of(call)).violations == (("correlation_id", "STRING_PATTERN"),)


async def test_a_caller_who_goes_away_loses_nothing(
    server: RunningServer, commands: "WalletCommandsAsyncStub", caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(20):
        call = asyncio.ensure_future(commands.AuthorizeBet(bet(f"r{number}", 1, f"b{number}")))
        await asyncio.sleep(0.001 * (number % 5))
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)

    answers = [await commands.AuthorizeBet(bet(f"r{n}", 1, f"b{n}")) for n in range(20)]

    assert len({answer.sequence for answer in answers}) == 20
    assert await balance(server) == 1_000 - 20
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == []
