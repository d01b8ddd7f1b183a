"""Who asks: the caller, or whom it vouches for in a call's metadata."""

from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import grpc
import grpc.aio
import pytest

from tests.callers import KEY, bearing, token_for
from tests.rpc.batches import batch_of, response_in, told
from tests.rpc.bets import WALLET, bet, eur
from tests.rpc.failures import Failure, failure_of
from tests.servers import RunningServer
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.cashier_pb2 import WITHDRAWAL_STATE_APPROVED
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import ACCOUNT_STATUS_BET_BLOCKED
from wallet.v1.wallet_queries_pb2 import GetWithdrawalRequest
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub
from wallet_server.core.access.principal import TRUSTED, Principal, principal_of
from wallet_server.core.commands import NOBODY, Actor
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.access.caller import CALLER
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


@contextmanager
def called_by(principal: Principal) -> Generator[None]:
    """Makes a principal the caller, for as long as the block lasts."""
    before = CALLER.set(principal)
    yield
    CALLER.reset(before)


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
    with called_by(TRUSTED):
        assert Identity().of(said(*metadata)) == actor


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
    with called_by(TRUSTED), pytest.raises(InvalidRequestError) as caught:
        Identity().of(said(*metadata))

    assert [(each.field, each.reason) for each in caught.value.violations] == violations


@pytest.mark.parametrize("header", HEADERS)
def test_a_caller_that_may_not_vouch_asks_for_itself_alone(header: str) -> None:
    clerk = principal_of("ann", ("manager", "admin"), frozenset({"demo"}), player_id="p1")

    with called_by(clerk):
        with pytest.raises(RefusedError) as caught:
            Identity().of(said((header, "not even right")))
        asking = Identity().of(said())

    assert caught.value.refusal.reason == "ACTOR_NOT_ACCEPTED"
    assert asking == Actor("ann", ("admin", "manager"), "p1")


def test_whom_a_caller_vouches_for_has_its_name_and_no_roles_beyond_its_own() -> None:
    office = principal_of(
        "office", ("manager", "risk"), frozenset({"demo"}), player_id="", may_vouch=True
    )

    with called_by(office):
        itself = Identity().of(said())
        maria = Identity().of(said((NAME, "maria"), (ROLES, "risk,owner"), (PLAYER, "p9")))
        omar = Identity().of(said((NAME, "omar")))
        with pytest.raises(InvalidRequestError):
            Identity().of(said((NAME, "o mar")))

    assert itself == Actor("office", ("manager", "risk"))
    assert maria == Actor("office/maria", ("risk",), "p9")
    assert omar == Actor("office/omar")


def test_whoever_is_bound_to_a_player_vouches_for_nobody_else() -> None:
    desk = principal_of("desk", ("manager",), frozenset({"demo"}), player_id="p1", may_vouch=True)

    with called_by(desk):
        named = Identity().of(said((NAME, "maria"), (PLAYER, "p9")))
        unnamed = Identity().of(said((NAME, "omar")))

    assert (named, unnamed) == (Actor("desk/maria", (), "p1"), Actor("desk/omar", (), "p1"))


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


# --- On one that authenticates callers


def token(name: str, *, may_vouch: bool = False) -> Metadata:
    roles = ("manager", "game_service", "cashier")
    return bearing(token_for(*roles, subject=name, may_vouch=may_vouch))


@pytest.fixture
async def wary(
    server: RunningServer, commands: "WalletCommandsAsyncStub", tmp_path: Path
) -> AsyncIterator["WalletCommandsAsyncStub"]:
    """The commands of a server as operators run it, at the same database."""
    keys = tmp_path / "keys.pem"
    keys.write_bytes(KEY.public_pem())
    settings = Settings(listen_port=0, due_work_enabled=False, auth_keys_file=keys)
    async with (
        open_server(settings, server.database.server_url) as other,
        grpc.aio.insecure_channel(f"127.0.0.1:{other.port}") as channel,
    ):
        yield WalletCommandsStub(channel)


async def test_a_caller_that_may_not_vouch_is_not_believed(
    wary: "WalletCommandsAsyncStub",
) -> None:
    metadata = token("ann") + MARIA

    refused = await failure_of(wary.SetAccountStatus(block("r1"), metadata=metadata))
    taken = await wary.AuthorizeBet(bet("r2", 10), metadata=metadata)
    response = await wary.ExecuteBatch(
        batch_of(block("r3"), bet("r4", 10, "b2")), metadata=metadata
    )
    without = await wary.SetAccountStatus(block("r1"), metadata=token("ann"))

    assert (refused.code, refused.reason) == (
        grpc.StatusCode.UNAUTHENTICATED,
        "ACTOR_NOT_ACCEPTED",
    )
    assert taken.outcome == pb.OUTCOME_APPLIED
    assert told(response) == ["ACTOR_NOT_ACCEPTED", "APPLIED"]
    assert without.outcome == pb.OUTCOME_APPLIED


async def test_two_persons_are_two_whether_they_call_themselves_or_are_vouched_for(
    server: RunningServer, wary: "WalletCommandsAsyncStub"
) -> None:
    office = token("office", may_vouch=True)

    await wary.RequestWithdrawal(hold("r1"), metadata=token("omar"))
    himself = await failure_of(wary.ApproveWithdrawal(approve("r2"), metadata=token("omar")))
    approved = await wary.ApproveWithdrawal(approve("r3"), metadata=office + MARIA)

    assert himself.reason == "SELF_APPROVAL"
    assert approved.state == WITHDRAWAL_STATE_APPROVED
    reads = WalletQueriesStub(server.channel)
    shown = await reads.GetWithdrawal(GetWithdrawalRequest(wallet=WALLET, withdrawal_id="w1"))
    assert shown.withdrawal.requester == "omar"
    assert [each.actor for each in shown.withdrawal.approvals] == ["office/maria"]
