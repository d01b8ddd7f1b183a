"""Many commands in one call, over a real socket."""

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor

from tests.rpc.batches import (
    COMMANDS,
    COMMANDS_MAX,
    batch_of,
    failures_in,
    response_in,
    told,
)
from tests.rpc.bets import WALLET, balance, bet, eur
from tests.rpc.failures import failure_in, failure_of, status_of
from tests.rpc.impossible import IMPOSSIBLE
from tests.rpc.malformed import bad_requests
from tests.servers import RunningServer
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.bet_pb2 import BET_STATE_SETTLED

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub

INVALID = grpc.StatusCode.INVALID_ARGUMENT
NAMED: dict[str, Any] = {"wallet": WALLET, "provider_id": "acme-sports", "bet_ref": "b1"}


def settle(request_id: str, payout: int, version: int = 1) -> pb.SettleBetRequest:
    return pb.SettleBetRequest(
        request_id=request_id, result_version=version, payout=eur(payout), **NAMED
    )


def unsettle(request_id: str, version: int) -> pb.UnsettleBetRequest:
    return pb.UnsettleBetRequest(request_id=request_id, result_version=version, **NAMED)


def roll_back(request_id: str, bet_ref: str = "b1") -> pb.RollbackTransactionRequest:
    return pb.RollbackTransactionRequest(
        request_id=request_id, wallet=WALLET, provider_id="acme-sports", transaction_ref=bet_ref
    )


def deposit(request_id: str, amount: int) -> pb.ApproveDepositRequest:
    return pb.ApproveDepositRequest(
        request_id=request_id, wallet=WALLET, deposit_id=request_id, bucket="sports_normal", amount=eur(amount)
    )  # fmt: skip


# --- Order and independence


async def test_commands_of_a_wallet_find_what_those_before_them_have_done(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    life = batch_of(
        bet("r1", 400), settle("r2", 900), unsettle("r3", 2), roll_back("r4"), bet("r5", 400)
    )

    response = await commands.ExecuteBatch(life)

    assert told(response) == ["APPLIED"] * 4 + ["APPLIED again"]  # Known, as it was when it began.
    taken, settled, taken_back, undone, again = map(response_in, response.results)
    assert [r.sequence for r in (taken, settled, taken_back, undone)] == [3, 4, 5, 6]
    assert settled.bet.state == BET_STATE_SETTLED
    assert again.bet == taken.bet
    assert await balance(server) == 1_000


async def test_the_order_of_a_call_counts_even_where_it_makes_no_sense(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    response = await commands.ExecuteBatch(batch_of(settle("r1", 9), roll_back("r2"), bet("r3", 4)))

    assert told(response) == ["BET_NOT_FOUND", "TOMBSTONED", "BET_TOMBSTONED"]
    assert await balance(server) == 1_000


async def test_a_refusal_stops_nobody_and_says_what_its_own_method_says(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    response = await commands.ExecuteBatch(
        batch_of(bet("r1", 400, "b1"), bet("r2", 5_000, "b2"), bet("r3", 600, "b3"))
    )

    assert told(response) == ["APPLIED", "INSUFFICIENT_FUNDS", "APPLIED"]
    declined = failure_in(response.results[1].error)
    assert declined.code is grpc.StatusCode.FAILED_PRECONDITION
    assert declined.metadata == {"required": "5000", "available": "600"}
    assert await balance(server) == 0


async def test_what_is_invalid_stops_nobody_and_does_nothing(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    call = batch_of(bet("r1", 400, "b1"), bet("r2", -1, "b2"), bet("r 3", 5), bet("r4", 600, "b4"))
    call.commands.insert(1, pb.BatchCommand())

    response = await commands.ExecuteBatch(call)

    assert told(response) == ["APPLIED", *["INVALID_REQUEST"] * 3, "APPLIED"]
    nothing, stake, request_id = [failure_in(each.error) for each in response.results[1:4]]
    assert nothing.violations == (("command", "REQUIRED"),)
    assert stake.violations == (("stake", "STAKE_NOT_NEGATIVE"),)
    assert request_id.violations == (("request_id", "STRING_PATTERN"),)
    assert await balance(server) == 0


async def test_a_command_of_a_later_version_is_invalid_and_stops_nobody(
    commands: "WalletCommandsAsyncStub",
) -> None:
    known = batch_of(bet("r1", 400)).SerializeToString()
    unknown = b"\x0a\x04\xf2\x03\x01\x00"  # A command under the number 62.

    response = await commands.ExecuteBatch(pb.ExecuteBatchRequest.FromString(unknown + known))

    assert told(response) == ["INVALID_REQUEST", "APPLIED"]


# --- The same as by themselves


@pytest.mark.parametrize("method", COMMANDS, ids=lambda method: method.name)
async def test_a_bad_field_is_named_as_by_the_commands_own_method_and_nothing_changes(
    server: RunningServer, commands: "WalletCommandsAsyncStub", method: MethodDescriptor
) -> None:
    cases = list(bad_requests(method))
    before = await server.rows()

    response = await commands.ExecuteBatch(batch_of(*(case.request for case in cases)))

    for case, failure in zip(cases, failures_in(response), strict=True):
        assert (failure.code, failure.reason) == (INVALID, "INVALID_REQUEST"), case
        assert failure.violations == (case.violation,)
    assert await server.rows() == before


async def test_what_cannot_be_is_refused_word_for_word_as_by_its_own_method(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    before = await server.rows()
    alone: list[object] = []
    for case in IMPOSSIBLE:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await getattr(commands, case.method)(case.request)
        alone.append(status_of(caught.value))

    response = await commands.ExecuteBatch(batch_of(*(case.request for case in IMPOSSIBLE)))

    assert [result.error for result in response.results] == alone
    assert await server.rows() == before


async def test_the_same_command_is_carried_out_once_however_it_is_sent(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    alone, refused = bet("r1", 100, "b1"), bet("r2", 5_000, "b2")
    first = await commands.AuthorizeBet(alone)

    call = batch_of(alone, refused, refused, bet("r3", 100, "b3"), bet("r3", 100, "b3"))
    response = await commands.ExecuteBatch(call)
    repeated = await commands.ExecuteBatch(call)
    by_itself = await commands.AuthorizeBet(bet("r3", 100, "b3"))
    refused_again = await failure_of(commands.AuthorizeBet(refused))

    assert told(response) == [
        "APPLIED again",
        "INSUFFICIENT_FUNDS",
        "INSUFFICIENT_FUNDS again",
        "APPLIED",
        "APPLIED again",
    ]
    assert [word.removesuffix(" again") + " again" for word in told(response)] == told(repeated)
    replayed = response_in(response.results[0])
    replayed.replayed = False
    assert replayed == first
    assert by_itself.replayed
    assert by_itself == response_in(repeated.results[3])
    assert refused_again == failure_in(repeated.results[1].error)
    assert await balance(server) == 800


async def test_an_id_that_a_call_has_used_for_something_else_is_taken(
    commands: "WalletCommandsAsyncStub",
) -> None:
    response = await commands.ExecuteBatch(batch_of(bet("r1", 100, "b1"), bet("r1", 100, "b2")))

    assert told(response) == ["APPLIED", "REQUEST_ID_REUSED"]


async def test_the_header_names_the_flow_of_commands_that_do_not(
    commands: "WalletCommandsAsyncStub",
) -> None:
    nameless = bet("r1", 100, "b1")
    nameless.ClearField("correlation_id")

    call = commands.ExecuteBatch(
        batch_of(nameless, bet("r2", 100, "b2")), metadata=(("x-correlation-id", "c9"),)
    )
    flows = [response_in(r).entries[0].correlation_id for r in (await call).results]

    assert flows == ["c9", "c1"]
    assert dict(await call.trailing_metadata())["x-correlation-id"] == "c9"


async def test_a_bad_header_is_the_fault_of_those_who_have_it(
    commands: "WalletCommandsAsyncStub",
) -> None:
    nameless = bet("r1", 100, "b1")
    nameless.ClearField("correlation_id")

    response = await commands.ExecuteBatch(
        batch_of(nameless, bet("r2", 100, "b2")), metadata=(("x-correlation-id", "c" * 129),)
    )

    assert told(response) == ["INVALID_REQUEST", "APPLIED"]
    failure = failure_in(response.results[0].error)
    assert failure.violations == (("correlation_id", "STRING_PATTERN"),)


# --- As many as there may be


async def test_as_many_commands_as_may_be_are_carried_out(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    many = [bet(f"r{number}", 2, f"b{number}") for number in range(COMMANDS_MAX)]

    response = await commands.ExecuteBatch(batch_of(*many))

    assert told(response) == ["APPLIED"] * COMMANDS_MAX
    assert [r.authorize_bet.sequence for r in response.results] == list(range(3, 3 + COMMANDS_MAX))
    assert await balance(server) == 0


@pytest.mark.parametrize("commands_count", [0, COMMANDS_MAX + 1])
async def test_too_many_or_none_are_refused_as_a_whole(
    server: RunningServer, commands: "WalletCommandsAsyncStub", commands_count: int
) -> None:
    before = await server.rows()
    many = [bet(f"r{number}", 2, f"b{number}") for number in range(commands_count)]

    failure = await failure_of(commands.ExecuteBatch(batch_of(*many)))

    assert (failure.code, failure.reason) == (INVALID, "INVALID_REQUEST")
    assert [field for field, _ in failure.violations] == ["commands"]
    assert await server.rows() == before
