"""Requests, as the commands they ask for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from tests.rpc.batches import PLACES
from tests.rpc.decoded_bets import BETS
from tests.rpc.decoded_cashier import CASHIER
from tests.rpc.decoded_promotions import PROMOTIONS
from tests.rpc.requests import request_of
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.wallet_pb2 import WalletRef as WalletRefMessage
from wallet_server.core.commands import (
    COMMANDS,
    JOB_COMMANDS,
    Actor,
    Command,
    OpenWallet,
)
from wallet_server.core.ids import WalletRef
from wallet_server.core.task import Task
from wallet_server.execution.submission import Submission
from wallet_server.rpc.decode.values import submission, time
from wallet_server.rpc.kinds import KINDS, NAMING_ACTORS, NAMING_PLAYERS, command_of

WALLET = WalletRefMessage(tenant_id="demo", player_id="p1", currency_code="EUR")
REF = WalletRef("demo", "p1", "EUR")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CASES = [*CASHIER, *BETS, *PROMOTIONS]


@pytest.mark.parametrize(("request_", "command"), CASES)
def test_a_request_is_the_command_it_asks_for(request_: Message, command: Command) -> None:
    kind = KINDS[PLACES[request_.DESCRIPTOR.full_name]]

    assert kind.decode(request_) == command
    assert kind.command is type(command)


def test_who_asks_becomes_part_of_the_commands_that_care_and_of_no_other() -> None:
    maria = Actor("maria", ("manager",), "p9")

    caring = set[str]()
    for request, command in CASES:
        name = PLACES[request.DESCRIPTOR.full_name]
        asked = command_of(name, request, maria)
        is_named = name in NAMING_ACTORS - NAMING_PLAYERS
        assert asked == (replace(command, actor=maria) if is_named else command)
        caring |= {type(command).__name__} if asked != command else set()

    assert caring == {
        "AdjustBalance",
        "WriteOffDebt",
        "ReplanAuthorization",
        "RequestWithdrawal",
        "ApproveWithdrawal",
        "RejectWithdrawal",
        "SetAccountStatus",
        "SetLimit",
        "ConfirmLimitIncrease",
    }


def test_a_late_win_is_decided_on_as_by_anybody_unless_it_is_the_player_who_asks() -> None:
    request = pb.ReleaseSuspenseRequest(wallet=WALLET, provider_id="acme", win_ref="w1")
    own, maria = Actor("maria", player_id="p1"), Actor("maria", player_id="p9")

    command = command_of("release_suspense", request, maria)

    assert command == KINDS["release_suspense"].decode(request)
    assert command_of("release_suspense", request, own) == replace(command, actor=own)


def test_a_submission_says_who_asks_of_which_wallet_and_until_when() -> None:
    request = pb.OpenWalletRequest(request_id="r1", wallet=WALLET, correlation_id="c1")

    decoded = submission(request, OpenWallet(), deadline_seconds=12.5)

    assert decoded == Submission(
        WalletRef("demo", "p1", "EUR"), "r1", OpenWallet(), "c1", deadline_seconds=12.5
    )


@pytest.mark.parametrize("command", [command for _, command in CASES])
def test_the_request_that_is_made_of_a_command_asks_for_it(command: Command) -> None:
    request = request_of(Task(REF, "r1", command, "c1"), "demo")
    kind = KINDS[PLACES[request.DESCRIPTOR.full_name]]

    assert kind.decode(request) == command


def test_every_kind_of_command_is_decoded() -> None:
    assert {kind.command for kind in KINDS.values()} == {*COMMANDS} - JOB_COMMANDS


@pytest.mark.parametrize(
    ("seconds", "nanos", "expected"),
    [
        (0, 0, EPOCH),
        (60, 1_999, EPOCH + timedelta(minutes=1, microseconds=1)),
        (0, -1, EPOCH - timedelta(microseconds=1)),
        (253_370_764_799, 999_999_999, datetime(9998, 12, 31, 23, 59, 59, 999_999, UTC)),
    ],
)
def test_a_time_is_rounded_down_to_the_microsecond(
    seconds: int, nanos: int, expected: datetime
) -> None:
    assert time(Timestamp(seconds=seconds, nanos=nanos)) == expected
