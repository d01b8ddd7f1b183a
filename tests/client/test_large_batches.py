"""The client gets its answers even where a call of many commands is too large."""

from collections.abc import Callable
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message

from tests.client.batches import answers, bets, never, sent, words
from tests.client.scripted import ScriptedServer, Step, fails, returns, status_with
from tests.servers import RunningServer
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_pb2 import WalletRef
from wallet_client import InvalidRequestError, OutcomeUnknownError, WalletClient

TOO_LARGE = grpc.StatusCode.RESOURCE_EXHAUSTED
LIMIT = "grpc.max_receive_message_length"
WALLET = WalletRef(tenant_id="demo", player_id="p1", currency_code="EUR")


def unless(is_too_large: Callable[[list[str]], bool], step: Step) -> Step:
    """Does the step for calls that are not too large, by their request ids."""

    async def judge(call: Any, context: Any) -> Message:
        too_large = is_too_large([each.authorize_bet.request_id for each in call.commands])
        return await (fails(TOO_LARGE) if too_large else step)(call, context)

    return judge


async def test_a_call_that_is_too_large_is_sent_again_in_halves(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    scripted.steps = [unless(lambda names: len(names) > 2, answers(never))]
    requests = bets("a", "b", "c", "d", "e")

    outcomes = await wallets.execute_batch(requests)

    assert sent(scripted) == [["a", "b", "c", "d", "e"], ["a", "b"], ["c", "d", "e"], ["c"], ["d", "e"]]  # fmt: skip
    assert words(outcomes) == [1, 1, 2, 3, 3]


async def test_one_command_that_is_too_large_may_have_been_carried_out(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    scripted.steps = [unless(lambda names: "b" in names, answers(never))]

    one, two, three = await wallets.execute_batch(bets("a", "b", "c"))

    assert words([one, three]) == [1, 2]
    assert isinstance(two, OutcomeUnknownError)
    assert (two.request_id, two.code) == ("b", TOO_LARGE)
    assert sent(scripted) == [["a", "b", "c"], ["a"], ["b", "c"], ["b"], ["c"]]


async def test_what_is_turned_away_after_a_call_that_was_too_large_may_have_been_carried_out(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    overloaded = fails(grpc.StatusCode.UNAVAILABLE, "OVERLOADED")
    scripted.steps = [unless(lambda names: len(names) > 1, overloaded)]

    outcomes = await wallets.execute_batch(bets("a", "b"))

    assert [type(outcome) for outcome in outcomes] == [OutcomeUnknownError] * 2


async def test_what_a_server_says_it_has_too_little_of_is_an_answer(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    exhausted = status_with(TOO_LARGE, "SOME_LATER_REASON")
    scripted.steps = [answers(lambda _, name: exhausted if name == "b" else None)]

    outcomes = await wallets.execute_batch(bets("a", "b"))

    assert words(outcomes) == [1, "SOME_LATER_REASON"]
    assert isinstance(outcomes[1], InvalidRequestError)
    assert len(scripted.requests) == 1


@pytest.mark.parametrize("results_count", [0, 1, 3])
async def test_another_number_of_results_than_of_commands_leaves_all_of_them_open(
    results_count: int, scripted: ScriptedServer, wallets: WalletClient
) -> None:
    result = pb.BatchResult(authorize_bet=pb.AuthorizeBetResponse(sequence=1))
    scripted.steps = [returns(pb.ExecuteBatchResponse(results=[result] * results_count))]

    outcomes = await wallets.execute_batch(bets("a", "b"))

    assert [type(outcome) for outcome in outcomes] == [OutcomeUnknownError] * 2
    assert [getattr(outcome, "request_id", None) for outcome in outcomes] == ["a", "b"]


async def test_an_empty_result_leaves_open_what_became_of_its_command(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    known = pb.BatchResult(authorize_bet=pb.AuthorizeBetResponse(sequence=1))
    scripted.steps = [returns(pb.ExecuteBatchResponse(results=[known, pb.BatchResult()]))]

    done, unknown = await wallets.execute_batch(bets("a", "b"))

    assert words([done]) == [1]
    assert isinstance(unknown, OutcomeUnknownError)


@pytest.mark.parametrize(("limit_bytes", "is_known"), [(2_048, True), (16, False)])
async def test_a_real_server_carries_out_once_what_the_client_cannot_take_at_once(
    limit_bytes: int,
    is_known: bool,
    server: RunningServer,
) -> None:
    names = [f"r{number}" for number in range(40)]
    deposits = [
        pb.ApproveDepositRequest(
            request_id=name,
            wallet=WALLET,
            deposit_id=name,
            bucket="sports_normal",
            amount=Money(asset_code="EUR", minor_units=1),
        )
        for name in names
    ]
    async with WalletClient(server.target) as usual:
        await usual.open_wallet(pb.OpenWalletRequest(request_id="o1", wallet=WALLET))
        async with WalletClient(server.target, options=[(LIMIT, limit_bytes)]) as short:
            outcomes = await short.execute_batch(deposits)
        recorded = await usual.execute_batch(deposits)

    assert [getattr(each, "sequence", None) for each in recorded] == list(range(2, 42))
    assert all(getattr(each, "replayed", False) for each in recorded)
    if is_known:
        assert outcomes == recorded
    else:
        assert {type(outcome) for outcome in outcomes} == {OutcomeUnknownError}
