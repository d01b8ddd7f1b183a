"""The client sends many commands in few calls, and again only what was not answered."""

from collections.abc import Awaitable

import grpc
import pytest

from tests.client.batches import answers, bets, never, sent, words
from tests.client.scripted import (
    POLICY,
    ScriptedServer,
    Step,
    fails,
    is_silent,
    retry_after,
    status_with,
)
from tests.servers import RunningServer
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_pb2 import WalletRef
from wallet_client import (
    DeclinedError,
    InvalidRequestError,
    NotFoundError,
    OutcomeUnknownError,
    UnavailableError,
    WalletClient,
    WalletError,
)
from wallet_client.batch import PLACES

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE
OVERLOADED = status_with(UNAVAILABLE, "OVERLOADED", retry_after(0.01))
CONTENTION = status_with(UNAVAILABLE, "CONTENTION", retry_after(0.01))
DECLINED = status_with(grpc.StatusCode.FAILED_PRECONDITION, "INSUFFICIENT_FUNDS")
NOT_FOUND = status_with(grpc.StatusCode.NOT_FOUND, "BET_NOT_FOUND")


async def test_each_command_gets_its_own_outcome_in_its_place(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    scripted.steps = [answers(lambda _, name: DECLINED if name == "b" else None)]

    outcomes = await wallets.execute_batch(bets("a", "b", "c"))

    assert words(outcomes) == [1, "INSUFFICIENT_FUNDS", 1]
    assert [type(outcome) for outcome in outcomes[:2]] == [pb.AuthorizeBetResponse, DeclinedError]
    assert sent(scripted) == [["a", "b", "c"]]


async def test_only_what_is_not_answered_is_sent_again_as_it_was_and_in_its_order(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    faults = {"b": CONTENTION, "d": OVERLOADED, "e": DECLINED}
    scripted.steps = [answers(lambda attempt, name: None if attempt else faults.get(name))]
    requests = bets("a", "b", "c", "d", "e")

    outcomes = await wallets.execute_batch(requests)

    assert words(outcomes) == [1, 2, 1, 2, "INSUFFICIENT_FUNDS"]
    assert sent(scripted) == [["a", "b", "c", "d", "e"], ["b", "d"]]
    assert [each.authorize_bet for each in scripted.requests[1].commands] == requests[1:4:2]


async def test_what_may_have_missed_an_unanswered_command_of_its_wallet_is_sent_again_with_it(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    faults = {"b": CONTENTION, "a": NOT_FOUND, "c": NOT_FOUND, "other": NOT_FOUND}
    scripted.steps = [answers(lambda attempt, name: None if attempt else faults.get(name))]

    outcomes = await wallets.execute_batch(
        [*bets("a", "b"), *bets("other", player_id="p2"), *bets("c")]
    )

    assert words(outcomes) == ["BET_NOT_FOUND", 2, "BET_NOT_FOUND", 2]
    assert sent(scripted)[1:] == [["b", "c"]]


async def test_what_is_not_found_in_the_end_says_so(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    faults = {"a": CONTENTION, "b": NOT_FOUND}
    scripted.steps = [answers(lambda _, name: faults.get(name))]

    unknown, missing = await wallets.execute_batch(bets("a", "b"))

    assert isinstance(unknown, OutcomeUnknownError)
    assert isinstance(missing, NotFoundError)
    assert sent(scripted) == [["a", "b"]] * POLICY.attempts_max


@pytest.mark.parametrize(
    ("case", "trouble"),
    [
        ("overloaded", fails(UNAVAILABLE, "OVERLOADED", retry_after(0.01))),
        ("connection lost", fails(UNAVAILABLE)),
        ("cancelled by the server", fails(grpc.StatusCode.CANCELLED)),
        ("no answer in time", is_silent),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_call_without_an_answer_is_sent_again_as_it_was(
    scripted: ScriptedServer, wallets: WalletClient, case: str, trouble: Step
) -> None:
    scripted.steps = [trouble, answers(never)]

    outcomes = await wallets.execute_batch(bets("a", "b"))

    assert words(outcomes) == [1, 1]
    assert scripted.requests[0] == scripted.requests[1]


async def test_a_call_that_is_refused_is_refused_for_each_and_not_sent_again(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    scripted.steps = [fails(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST")]

    outcomes = await wallets.execute_batch(bets("a", "b"))

    assert [type(outcome) for outcome in outcomes] == [InvalidRequestError] * 2
    assert len(scripted.requests) == 1


async def test_what_may_have_been_carried_out_says_so_and_what_certainly_was_not_does_not(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    faults = {"b": OVERLOADED, "c": CONTENTION}
    scripted.steps = [answers(lambda _, name: faults.get(name))]

    done, not_done, unknown = await wallets.execute_batch(bets("a", "b", "c"))

    assert isinstance(done, pb.AuthorizeBetResponse)
    assert type(not_done) is UnavailableError
    assert isinstance(unknown, OutcomeUnknownError)
    assert (unknown.request_id, unknown.reason) == ("c", "CONTENTION")


async def test_more_than_a_call_may_carry_go_in_several_one_after_the_other(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    names = [f"r{number}" for number in range(1_201)]
    scripted.steps = [answers(lambda attempt, name: OVERLOADED if attempt == 0 and name == "r3" else None)]  # fmt: skip

    outcomes = await wallets.execute_batch(bets(*names))

    assert sent(scripted) == [names[:500], ["r3"], names[500:1_000], names[1_000:]]
    assert words(outcomes) == [1] * 3 + [2] + [1] * 496 + [3] * 500 + [4] * 201


async def test_where_nothing_is_answered_nothing_more_is_sent(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    names = [f"r{number}" for number in range(501)]
    scripted.steps = [fails(UNAVAILABLE)]

    *tried, last = await wallets.execute_batch(bets(*names))

    assert sent(scripted) == [names[:500]] * POLICY.attempts_max
    assert {type(outcome) for outcome in tried} == {OutcomeUnknownError}
    assert type(last) is UnavailableError


async def test_nothing_comes_to_nothing(scripted: ScriptedServer, wallets: WalletClient) -> None:
    assert await wallets.execute_batch([]) == []
    assert scripted.requests == []


async def test_a_command_without_an_id_gets_one_and_keeps_it(
    scripted: ScriptedServer, wallets: WalletClient
) -> None:
    scripted.steps = [fails(UNAVAILABLE), answers(never)]
    requests = bets("", "mine")

    await wallets.execute_batch(requests)

    first, again = sent(scripted)
    assert len(first[0]) == 32
    assert first == again
    assert (first[1], requests[0].request_id) == ("mine", "")


def test_every_command_has_its_place() -> None:
    assert len(PLACES) == len(pb.BatchCommand.DESCRIPTOR.fields)


async def send_alone(call: Awaitable[object]) -> object:
    try:
        return await call
    except WalletError as error:
        return error


async def test_a_real_server_tells_the_same_as_by_the_methods_of_their_own(
    server: RunningServer,
) -> None:
    wallet = WalletRef(tenant_id="demo", player_id="p1", currency_code="EUR")
    much = Money(asset_code="EUR", minor_units=5_000)
    opening = pb.OpenWalletRequest(request_id="o1", wallet=wallet)
    bet = pb.AuthorizeBetRequest(
        request_id="r1", wallet=wallet, provider_id="acme-sports", bet_ref="b1", stake=much
    )
    wrong = pb.AuthorizeBetRequest(request_id="r2", wallet=wallet)

    async with WalletClient(server.target) as client:
        await client.execute_batch([opening, bet])
        together = await client.execute_batch([opening, bet, wrong])
        alone = [
            await send_alone(client.open_wallet(opening)),
            await send_alone(client.authorize_bet(bet)),
            await send_alone(client.authorize_bet(wrong)),
        ]

    assert together[0] == alone[0]
    for left, right in zip(together[1:], alone[1:], strict=True):
        assert isinstance(left, WalletError)
        assert isinstance(right, WalletError)
        assert (type(left), str(left), left.details) == (type(right), str(right), right.details)
    assert [type(each) for each in together[1:]] == [DeclinedError, InvalidRequestError]
