"""Who asks: taken from a call's metadata where that is believed, and refused where it is not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import grpc
import grpc.aio
import pytest

from tests.rpc.batches import batch_of, response_in, told
from tests.rpc.bets import WALLET, bet, eur
from tests.rpc.failures import Failure, failure_of
from tests.servers import RunningServer
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.cashier_pb2 import WITHDRAWAL_STATE_APPROVED
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import ACCOUNT_STATUS_BET_BLOCKED
from wallet.v1.wallet_queries_pb2 import GetWalletRequest, GetWithdrawalRequest
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub
from wallet_server.core.commands import NOBODY, Actor
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.context import Context
from wallet_server.rpc.identity import HEADERS, Identity
from wallet_server.rpc.validation import InvalidRequestError
from wallet_server.server import open_server
from wallet_server.settings import Settings

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub

Metadata = tuple[tuple[str, str], ...]

MARIA: Metadata = (("x-actor", "maria"), ("x-actor-roles", "manager"))
OMAR: Metadata = (("x-actor", "omar"),)
NAME, ROLES, PLAYER = HEADERS


@dataclass
class Call:
    """What grpc tells of a call, as far as it is about who asks."""

    metadata: Metadata

    def invocation_metadata(self) -> Metadata:
        return self.metadata


def said(*metadata: tuple[str, str]) -> Context:
    return cast("Context", Call(metadata))


# --- What metadata says


@pytest.mark.parametrize(
    ("metadata", "actor"),
    [
        ([], NOBODY),
        ([("x-correlation-id", "c1")], NOBODY),
        ([(NAME, ""), (ROLES, ""), (PLAYER, "")], NOBODY),
        ([(NAME, "maria")], Actor("maria")),
        ([(NAME, "maria"), (ROLES, ""), (PLAYER, "")], Actor("maria")),
        ([(NAME, "!" * 64)], Actor("!" * 64)),
        ([(PLAYER, "p9"), (ROLES, "owner, manager"), (NAME, "maria")], Actor("maria", ("manager", "owner"), "p9")),
        ([(NAME, "maria"), (ROLES, "owner,manager,owner")], Actor("maria", ("manager", "owner"))),
        ([(NAME, "m"), (ROLES, ",".join(f"r{n:02}" for n in range(16)))], Actor("m", tuple(f"r{n:02}" for n in range(16)))),
    ],
)  # fmt: skip
def test_metadata_says_who_asks(metadata: list[tuple[str, str]], actor: Actor) -> None:
    assert Identity(believes_metadata=True).of(said(*metadata)) == actor


@pytest.mark.parametrize(
    ("metadata", "violations"),
    [
        ([(NAME, "maria smith")], [(NAME, "STRING_PATTERN")]),
        ([(NAME, "x" * 65)], [(NAME, "STRING_PATTERN")]),
        ([(NAME, "mar\tia")], [(NAME, "STRING_PATTERN")]),
        ([(NAME, "maria"), (NAME, "omar")], [(NAME, "REPEATED_MAX_ITEMS")]),
        ([(ROLES, "owner")], [(NAME, "REQUIRED")]),
        ([(PLAYER, "p9")], [(NAME, "REQUIRED")]),
        ([(NAME, "m"), (ROLES, "9lives")], [(ROLES, "STRING_PATTERN")]),
        ([(NAME, "m"), (ROLES, "owner,,manager")], [(ROLES, "STRING_PATTERN")]),
        ([(NAME, "m"), (ROLES, "a" * 65)], [(ROLES, "STRING_PATTERN")]),
        ([(NAME, "m"), (ROLES, ",".join(f"r{n}" for n in range(17)))], [(ROLES, "REPEATED_MAX_ITEMS")]),
        ([(NAME, "m"), (PLAYER, "p 9")], [(PLAYER, "STRING_PATTERN")]),
        ([(NAME, "m"), (PLAYER, "p" * 65)], [(PLAYER, "STRING_PATTERN")]),
        ([(ROLES, "9"), (PLAYER, " ")], [(NAME, "REQUIRED"), (ROLES, "STRING_PATTERN"), (PLAYER, "STRING_PATTERN")]),
    ],
)  # fmt: skip
def test_metadata_of_a_wrong_form_is_invalid(
    metadata: list[tuple[str, str]], violations: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        Identity(believes_metadata=True).of(said(*metadata))

    assert [(each.field, each.reason) for each in caught.value.violations] == violations


@pytest.mark.parametrize("header", HEADERS)
def test_where_metadata_is_not_believed_saying_anything_is_refused(header: str) -> None:
    identity = Identity(believes_metadata=False)

    with pytest.raises(RefusedError) as caught:
        identity.of(said((header, "not even right")))

    assert caught.value.refusal.reason == "ACTOR_NOT_ACCEPTED"
    assert identity.of(said()) == NOBODY


# --- On a server that believes it


def approve(request_id: str, withdrawal_id: str = "w1") -> pb.ApproveWithdrawalRequest:
    return pb.ApproveWithdrawalRequest(
        request_id=request_id, wallet=WALLET, withdrawal_id=withdrawal_id
    )


def hold(request_id: str, withdrawal_id: str = "w1") -> pb.RequestWithdrawalRequest:
    return pb.RequestWithdrawalRequest(
        request_id=request_id, wallet=WALLET, withdrawal_id=withdrawal_id, amount=eur(100)
    )


def block(request_id: str) -> pb.SetAccountStatusRequest:
    return pb.SetAccountStatusRequest(
        request_id=request_id,
        wallet=WALLET,
        status=ACCOUNT_STATUS_BET_BLOCKED,
        reason_code="TIME_OUT",
    )


async def test_who_asks_is_part_of_the_command(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    await commands.RequestWithdrawal(hold("r1"), metadata=OMAR)

    nobody = await failure_of(commands.ApproveWithdrawal(approve("r2")))
    himself = await failure_of(commands.ApproveWithdrawal(approve("r3"), metadata=OMAR))
    approved = await commands.ApproveWithdrawal(approve("r4"), metadata=MARIA)
    again = await commands.ApproveWithdrawal(approve("r4"), metadata=MARIA)
    other = await failure_of(commands.ApproveWithdrawal(approve("r4"), metadata=OMAR))

    assert (nobody.code, nobody.reason) == (grpc.StatusCode.UNAUTHENTICATED, "ACTOR_REQUIRED")
    assert (himself.code, himself.reason) == (grpc.StatusCode.PERMISSION_DENIED, "SELF_APPROVAL")
    assert (approved.state, approved.replayed) == (WITHDRAWAL_STATE_APPROVED, False)
    assert (again.state, again.replayed) == (WITHDRAWAL_STATE_APPROVED, True)
    assert other.reason == "REQUEST_ID_REUSED"
    reads = WalletQueriesStub(server.channel)
    shown = await reads.GetWithdrawal(GetWithdrawalRequest(wallet=WALLET, withdrawal_id="w1"))
    assert shown.withdrawal.requester == "omar"
    assert [each.actor for each in shown.withdrawal.approvals] == ["maria"]


async def test_who_asks_for_many_commands_asks_for_each(
    commands: "WalletCommandsAsyncStub",
) -> None:
    await commands.RequestWithdrawal(hold("r1"), metadata=OMAR)
    await commands.RequestWithdrawal(hold("r2", "w2"), metadata=MARIA)
    many = batch_of(approve("r3"), bet("r4", 10), approve("r5", "w2"))

    response = await commands.ExecuteBatch(many, metadata=MARIA)
    by_nobody = await commands.ExecuteBatch(batch_of(approve("r6", "w2"), bet("r7", 10, "b2")))

    assert told(response) == ["APPLIED", "APPLIED", "SELF_APPROVAL"]
    assert told(by_nobody) == ["ACTOR_REQUIRED", "APPLIED"]


async def test_metadata_of_a_wrong_form_concerns_only_commands_that_care(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    wrong: Metadata = (("x-actor", "maria smith"),)
    before = await server.rows()

    refused = await failure_of(commands.SetAccountStatus(block("r1"), metadata=wrong))
    both_wrong = await failure_of(commands.SetAccountStatus(block("r 1"), metadata=wrong))
    assert await server.rows() == before
    taken = await commands.AuthorizeBet(bet("r2", 10), metadata=wrong)
    response = await commands.ExecuteBatch(
        batch_of(block("r3"), bet("r4", 10, "b2")), metadata=wrong
    )

    assert (refused.code, refused.reason) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "INVALID_REQUEST",
    )
    assert refused.violations == (("x-actor", "STRING_PATTERN"),)
    assert both_wrong.violations == (("request_id", "STRING_PATTERN"),)
    assert taken.outcome == pb.OUTCOME_APPLIED
    assert told(response) == ["INVALID_REQUEST", "APPLIED"]
    inside = response_in(response.results[0])
    assert isinstance(inside, Failure)
    assert inside.violations == (("x-actor", "STRING_PATTERN"),)


# --- On one that does not


@pytest.fixture
async def wary(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> AsyncIterator["WalletCommandsAsyncStub"]:
    """The commands of a server as operators run it, at the same database."""
    settings = Settings(listen_port=0, due_work_enabled=False)
    async with (
        open_server(settings, server.database.server_url) as other,
        grpc.aio.insecure_channel(f"127.0.0.1:{other.port}") as channel,
    ):
        yield WalletCommandsStub(channel)


async def test_a_server_as_operators_run_it_believes_nobody(
    server: RunningServer, wary: "WalletCommandsAsyncStub"
) -> None:
    refused = await failure_of(wary.SetAccountStatus(block("r1"), metadata=MARIA))
    taken = await wary.AuthorizeBet(bet("r2", 10), metadata=MARIA)
    response = await wary.ExecuteBatch(batch_of(block("r3"), bet("r4", 10, "b2")), metadata=MARIA)
    without = await wary.SetAccountStatus(block("r1"))

    assert (refused.code, refused.reason) == (
        grpc.StatusCode.UNAUTHENTICATED,
        "ACTOR_NOT_ACCEPTED",
    )
    assert taken.outcome == pb.OUTCOME_APPLIED
    assert told(response) == ["ACTOR_NOT_ACCEPTED", "APPLIED"]
    assert without.outcome == pb.OUTCOME_APPLIED
    reads: Any = WalletQueriesStub(server.channel)
    shown = await reads.GetWallet(GetWalletRequest(wallet=WALLET), metadata=MARIA)
    assert shown.wallet.account_status == ACCOUNT_STATUS_BET_BLOCKED
