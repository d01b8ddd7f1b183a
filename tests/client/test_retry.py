"""The client sends the same request until it is answered, and no longer than it may."""

import asyncio

import grpc
import pytest

from tests.client.scripted import (
    POLICY,
    ScriptedServer,
    Step,
    fails,
    is_silent,
    retry_after,
    returns,
)
from tools import errors_reference
from wallet.v1.wallet_commands_pb2 import AuthorizeBetRequest, AuthorizeBetResponse
from wallet.v1.wallet_pb2 import Entry
from wallet.v1.wallet_queries_pb2 import (
    GetWalletRequest,
    GetWalletResponse,
    ListEntriesRequest,
    ListEntriesResponse,
)
from wallet_client import (
    DeclinedError,
    NotFoundError,
    OutcomeUnknownError,
    RetryPolicy,
    UnavailableError,
    WalletClient,
    WalletError,
)
from wallet_client.retry import NOTHING_DONE

UNAVAILABLE, CANCELLED = grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED
OK = returns(AuthorizeBetResponse(sequence=7))
OVERLOADED = fails(UNAVAILABLE, "OVERLOADED", retry_after(0.01))
LOST = fails(UNAVAILABLE)
BET = AuthorizeBetRequest(request_id="r1")


@pytest.mark.parametrize(
    ("case", "trouble"),
    [
        ("overloaded", OVERLOADED),
        ("connection lost", LOST),
        ("contention", fails(UNAVAILABLE, "CONTENTION", retry_after(0.01))),
        ("cancelled by the server", fails(CANCELLED)),
        ("no answer in time", is_silent),
        ("too late to start", fails(grpc.StatusCode.DEADLINE_EXCEEDED, "DEADLINE_PASSED")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_request_without_an_answer_is_sent_again_as_it_was(
    scripted: ScriptedServer, wallets: WalletClient, case: str, trouble: Step
) -> None:
    scripted.steps = [trouble, trouble, OK]

    response = await wallets.authorize_bet(BET)

    assert response.sequence == 7
    assert scripted.requests == [BET, BET, BET]


async def test_a_request_without_an_id_gets_one_and_keeps_it(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    scripted.steps = [LOST, OK]
    request = AuthorizeBetRequest(bet_ref="b1")

    await wallets.authorize_bet(request)
    await wallets.authorize_bet(request)

    first, retried, second = scripted.request_ids
    assert len(first) == 32
    assert (first == retried, first == second) == (True, False)
    assert request == AuthorizeBetRequest(bet_ref="b1")


async def test_a_refusal_is_an_answer(scripted: ScriptedServer, wallets: WalletClient) -> None:
    facts = {"required": "5", "available": "3", "replayed": "true"}
    scripted.steps = [
        fails(grpc.StatusCode.FAILED_PRECONDITION, "INSUFFICIENT_FUNDS", metadata=facts)
    ]

    with pytest.raises(DeclinedError) as caught:
        await wallets.authorize_bet(BET)

    assert (caught.value.reason, caught.value.metadata) == ("INSUFFICIENT_FUNDS", facts)
    assert caught.value.replayed
    assert len(scripted.requests) == 1


@pytest.mark.parametrize(
    "code",
    [
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.ALREADY_EXISTS,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.UNIMPLEMENTED,
    ],
)
async def test_nothing_else_is_sent_again(
    scripted: ScriptedServer, wallets: WalletClient, code: grpc.StatusCode
) -> None:
    scripted.steps = [fails(code, "WHATEVER"), OK]

    with pytest.raises(WalletError) as caught:
        await wallets.authorize_bet(BET)

    assert (caught.value.code, caught.value.reason) == (code, "WHATEVER")
    assert len(scripted.requests) == 1


async def test_a_pause_is_never_shorter_than_the_server_asks(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    scripted.steps = [fails(UNAVAILABLE, "OVERLOADED", retry_after(0.3)), OK]

    await wallets.authorize_bet(BET)

    first, second = scripted.times_seconds
    assert second - first >= 0.3


def test_pauses_grow_up_to_a_limit() -> None:
    policy = RetryPolicy(delay_seconds=0.1, delay_seconds_max=0.4)

    pauses = [policy.pause_seconds(attempt, None) for attempt in range(4)]

    for pause, longest in zip(pauses, [0.1, 0.2, 0.4, 0.4], strict=True):
        assert longest / 2 <= pause <= longest
    assert policy.pause_seconds(0, 3.0) == 3.0


@pytest.mark.parametrize("steps", [[LOST], [OVERLOADED, LOST, OVERLOADED, OVERLOADED]])
async def test_a_command_that_may_have_been_carried_out_says_so(
    scripted: ScriptedServer, wallets: WalletClient, steps: list[Step]
) -> None:
    scripted.steps = steps

    with pytest.raises(OutcomeUnknownError) as caught:
        await wallets.authorize_bet(BET)

    assert caught.value.request_id == "r1"
    assert len(scripted.requests) == POLICY.attempts_max


async def test_a_command_that_certainly_was_not_carried_out_is_not_called_unknown(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    scripted.steps = [OVERLOADED]

    with pytest.raises(UnavailableError) as caught:
        await wallets.authorize_bet(BET)

    assert not isinstance(caught.value, OutcomeUnknownError)
    assert caught.value.reason == "OVERLOADED"


def test_only_reasons_that_say_that_nothing_was_done_are_trusted() -> None:
    reasons = errors_reference.parse(errors_reference.PROTO.read_text("utf-8"))

    assert {r.name for r in reasons if "Nothing was done." in r.what} == NOTHING_DONE


async def test_a_read_leaves_nothing_unknown(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    scripted.steps = [LOST]

    with pytest.raises(UnavailableError) as caught:
        await wallets.get_wallet(GetWalletRequest())

    assert not isinstance(caught.value, OutcomeUnknownError)


async def test_time_is_up_for_all_attempts_together(scripted: ScriptedServer) -> None:
    scripted.steps = [is_silent]
    policy = RetryPolicy(total_seconds=0.5, attempt_seconds=0.2, attempts_max=99)
    loop = asyncio.get_running_loop()
    start = loop.time()

    async with WalletClient(scripted.target, policy=policy) as wallets:
        with pytest.raises(OutcomeUnknownError) as caught:
            await wallets.authorize_bet(BET)

    assert caught.value.code is grpc.StatusCode.DEADLINE_EXCEEDED
    assert loop.time() - start < 0.8
    assert 2 <= len(scripted.requests) <= 3


async def test_a_caller_who_cancels_is_obeyed(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    scripted.steps = [is_silent]
    call = asyncio.create_task(wallets.authorize_bet(BET))
    await asyncio.sleep(0.05)

    call.cancel()

    with pytest.raises(asyncio.CancelledError):
        await call
    await asyncio.sleep(0.05)
    assert len(scripted.requests) == 1


async def test_a_server_that_restarts_in_the_middle_answers_in_the_end(
    scripted: ScriptedServer,
) -> None:
    scripted.steps = [is_silent, OK]
    policy = RetryPolicy(total_seconds=10, attempts_max=50, delay_seconds_max=0.1)

    async with WalletClient(scripted.target, policy=policy) as wallets:
        call = asyncio.create_task(wallets.authorize_bet(BET))
        await asyncio.sleep(0.05)
        await scripted.stop()
        await asyncio.sleep(0.2)
        await scripted.start()
        response = await call

    assert response.sequence == 7
    assert set(scripted.request_ids) == {"r1"}


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    async with WalletClient("127.0.0.1:1", policy=POLICY) as wallets:
        with pytest.raises(UnavailableError):
            await wallets.get_wallet(GetWalletRequest())


async def test_reads_are_sent_again_too(scripted: ScriptedServer, wallets: WalletClient) -> None:
    behind = fails(UNAVAILABLE, "SEQUENCE_NOT_REACHED", retry_after(0.01))
    scripted.steps = [behind, returns(GetWalletResponse())]

    await wallets.get_wallet(GetWalletRequest(minimum_sequence=3))

    assert len(scripted.requests) == 2


async def test_a_journal_is_read_page_by_page(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    first = ListEntriesResponse(entries=[Entry(sequence=1), Entry(sequence=2)], next_page_token="t")
    scripted.steps = [returns(first), returns(ListEntriesResponse(entries=[Entry(sequence=3)]))]

    found = [entry.sequence async for entry in wallets.entries(ListEntriesRequest(page_size=2))]

    assert found == [1, 2, 3]
    assert [(r.page_token, r.page_size) for r in scripted.requests] == [("", 2), ("t", 2)]


async def test_a_failure_without_details_still_has_its_class(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    scripted.steps = [fails(grpc.StatusCode.NOT_FOUND)]

    with pytest.raises(NotFoundError) as caught:
        await wallets.get_wallet(GetWalletRequest())

    assert (caught.value.reason, caught.value.metadata) == ("", {})
    assert str(caught.value) == "NOT_FOUND: no"
