"""What the gate puts on record of those whom it does not let in, and where requests name tenants."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from google.protobuf.message import DecodeError, Message

from wallet.v1 import topology_admin_pb2 as admin
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.topology_pb2 import Topology
from wallet.v1.wallet_pb2 import WalletRef
from wallet_server.core.access.principal import Principal, principal_of
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.audit_record import Resource
from wallet_server.core.commands import Actor
from wallet_server.core.refusals import Refusal
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.access.authenticator import Trusting
from wallet_server.rpc.access.caller import CALLER, caller
from wallet_server.rpc.access.gate import A_CALL, Gate
from wallet_server.rpc.access.rules import rule_of
from wallet_server.rpc.access.targets import reader_of
from wallet_server.rpc.context import Context

ADJUST = rule_of("/wallet.v1.WalletCommands/AdjustBalance")
PLAY = rule_of("/wallet.v1.WalletCommands/AuthorizeBet")
CREATE = rule_of("/wallet.v1.TopologyAdmin/CreateTopology")

WALLET = WalletRef(tenant_id="demo", player_id="p1", currency_code="EUR")
ADJUSTMENT = pb.AdjustBalanceRequest(request_id="r1", wallet=WALLET, correlation_id="c1")
BET = pb.AuthorizeBetRequest(request_id="r1", wallet=WALLET)


class Call:
    """What grpc tells of a call."""

    def peer(self) -> str:
        return "ipv4:10.0.0.1:5000"


CALL = cast("Context", Call())


@dataclass
class Log:
    """Keeps what it is told."""

    told: list[tuple[Act, Refusal]] = field(default_factory=list[tuple[Act, Refusal]])

    def refused(self, act: Act, refusal: Refusal, resource: Resource = A_CALL) -> None:
        del resource
        self.told.append((act, refusal))


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def gate(log: Log) -> Iterator[Gate]:
    before = CALLER.set(caller())
    yield Gate(Trusting(), log)
    CALLER.reset(before)


def calls(*roles: str, tenants: tuple[str, ...] = ("demo",), player_id: str = "") -> Principal:
    """Makes somebody the caller."""
    principal = principal_of(
        "ann", roles, frozenset(tenants), player_id=player_id, credential_id="c7"
    )
    CALLER.set(principal)
    return principal


def refuse(gate: Gate, rule: Any, request: Message, encoded: bytes | None = None) -> str:
    """Returns why a request is refused."""
    sent = request.SerializeToString() if encoded is None else encoded
    with pytest.raises(RefusedError) as caught:
        gate.admit(rule, CALL, sent, type(request).FromString)
    return caught.value.refusal.reason


def test_who_may_not_administer_is_put_on_record(gate: Gate, log: Log) -> None:
    calls("game_service")

    reason = refuse(gate, ADJUST, ADJUSTMENT)

    [(act, refusal)] = log.told
    assert reason == refusal.reason == "PERMISSION_MISSING"
    assert refusal.details() == {"permission": "ADJUST"}
    assert act == Act(
        tenant_id="demo",
        request_id="r1",
        method="WalletCommands.AdjustBalance",
        actor=Actor("ann", ("game_service",)),
        credential_id="c7",
        peer="ipv4:10.0.0.1:5000",
        correlation_id="c1",
    )


def test_another_tenant_has_no_record_of_strangers(gate: Gate, log: Log) -> None:
    calls("owner", tenants=("other",))

    reason = refuse(gate, ADJUST, ADJUSTMENT)

    [(act, refusal)] = log.told
    assert reason == refusal.reason == "TENANT_NOT_ALLOWED"
    assert act.tenant_id == ""


def test_what_cannot_be_read_is_put_on_record_too(gate: Gate, log: Log) -> None:
    calls("game_service")

    reason = refuse(gate, ADJUST, ADJUSTMENT, encoded=b"\xff")

    [(act, _)] = log.told
    assert reason == "PERMISSION_MISSING"
    assert (act.tenant_id, act.request_id) == ("", "")


def test_commands_of_a_batch_are_put_on_record_as_calls_are(gate: Gate, log: Log) -> None:
    calls("game_service")

    gate.admit_command("authorize_bet", BET, CALL)
    with pytest.raises(RefusedError):
        gate.admit_command("adjust_balance", ADJUSTMENT, CALL)
    calls("owner", tenants=("other",))
    with pytest.raises(RefusedError):
        gate.admit_command("adjust_balance", ADJUSTMENT, CALL)

    assert [act.method for act, _ in log.told] == ["WalletCommands.AdjustBalance"] * 2


def test_everyday_refusals_are_not_put_on_record(gate: Gate, log: Log) -> None:
    calls("cashier")
    assert refuse(gate, PLAY, BET) == "PERMISSION_MISSING"
    calls("game_service", tenants=("other",))
    assert refuse(gate, PLAY, BET) == "TENANT_NOT_ALLOWED"
    calls("game_service", player_id="p2")
    assert refuse(gate, PLAY, BET) == "PLAYER_NOT_ALLOWED"

    assert log.told == []


def test_who_may_is_let_in(gate: Gate, log: Log) -> None:
    calls("game_service")

    assert gate.admit(PLAY, CALL, BET.SerializeToString(), pb.AuthorizeBetRequest.FromString) == BET
    with pytest.raises(DecodeError):
        gate.admit(PLAY, CALL, b"\xff", pb.AuthorizeBetRequest.FromString)
    assert log.told == []


@pytest.mark.parametrize(
    ("outer", "inner", "reason"),
    [
        ("demo", "other", "TENANT_NOT_ALLOWED"),
        ("other", "demo", "TENANT_NOT_ALLOWED"),
        ("", "demo", "TENANT_NOT_ALLOWED"),
        ("demo", "demo", ""),
        ("demo", "", ""),
    ],
)
def test_every_tenant_that_a_request_names_must_be_the_callers(
    gate: Gate, outer: str, inner: str, reason: str
) -> None:
    calls("owner")
    request = admin.CreateTopologyRequest(tenant_id=outer, topology=Topology(tenant_id=inner))

    if reason:
        assert refuse(gate, CREATE, request) == reason
    else:
        gate.admit(
            CREATE, CALL, request.SerializeToString(), admin.CreateTopologyRequest.FromString
        )


def test_a_name_in_a_list_is_not_looked_for_but_told_of() -> None:
    with pytest.raises(ValueError, match="is a list"):
        reader_of(pb.ExecuteBatchRequest.DESCRIPTOR, "tenant_id")


def test_outside_of_any_call_nobody_may_do_anything() -> None:
    assert caller().permissions == frozenset()
    assert not caller().may_name_tenant("demo")
