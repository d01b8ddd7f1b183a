"""Four eyes are each tenant's own: from which amount on, and that one person cannot end them."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.prepared import give_documents
from tests.rpc.bets import eur
from tests.rpc.failures import failure_of
from tests.servers import RunningServer
from wallet.v1 import policy_admin_pb2 as policies
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.cashier_pb2 import REVERSAL_KIND_CHARGEBACK
from wallet.v1.policy_admin_pb2_grpc import PolicyAdminStub
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import WalletRef
from wallet_server.core.config.wallet_policy import AdjustmentRules, WalletPolicy
from wallet_server.shapes import load_shape

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub

THRESHOLDS = {"small": 40, "large": 60}
"""In minor units, from which on adjustments and write-offs take two persons."""


@pytest.fixture
async def commands(server: RunningServer) -> "WalletCommandsAsyncStub":
    """The commands of a server with two tenants that need four eyes."""
    for tenant_id, four_eyes_from in THRESHOLDS.items():
        rules = AdjustmentRules(four_eyes_from)
        documents = [
            replace(each, adjustments=rules) if isinstance(each, WalletPolicy) else each
            for each in load_shape("ruby")
        ]
        await give_documents(server.database, tenant_id, documents, single_handed=False)
    return WalletCommandsStub(server.channel)


def wallet_of(tenant_id: str) -> WalletRef:
    return WalletRef(tenant_id=tenant_id, player_id="p1", currency_code="EUR")


def said_by(name: str) -> tuple[tuple[str, str], ...]:
    """Returns the metadata of a call that somebody makes."""
    return (("x-actor", name),)


async def owe(commands: "WalletCommandsAsyncStub", tenant_id: str) -> None:
    """Leaves a player 70 in debt: a deposit was lost in a bet, and then charged back."""
    wallet = wallet_of(tenant_id)
    await commands.OpenWallet(pb.OpenWalletRequest(request_id="o1", wallet=wallet))
    deposit: dict[str, Any] = {"wallet": wallet, "deposit_id": "d1"}
    await commands.ApproveDeposit(
        pb.ApproveDepositRequest(request_id="d1", bucket="sports_normal", amount=eur(70), **deposit)
    )
    bet: dict[str, Any] = {"wallet": wallet, "provider_id": "acme-sports", "bet_ref": "b1"}
    await commands.AuthorizeBet(pb.AuthorizeBetRequest(request_id="b1", stake=eur(70), **bet))
    lost = pb.SettleBetRequest(request_id="s1", result_version=1, payout=eur(0), **bet)
    await commands.SettleBet(lost)
    await commands.ReverseDeposit(
        pb.ReverseDepositRequest(
            request_id="c1", reversal_id="x1", kind=REVERSAL_KIND_CHARGEBACK, **deposit
        )
    )


def adjustment(tenant_id: str, request_id: str) -> pb.AdjustBalanceRequest:
    return pb.AdjustBalanceRequest(
        request_id=request_id,
        wallet=wallet_of(tenant_id),
        bucket="withdrawable",
        amount=eur(50),
        reason_code="GOODWILL",
        adjustment_id="a1",
    )


def write_off(tenant_id: str, request_id: str) -> pb.WriteOffDebtRequest:
    return pb.WriteOffDebtRequest(
        request_id=request_id,
        wallet=wallet_of(tenant_id),
        adjustment_id="w1",
        amount=eur(50),
        reason_code="GOODWILL",
    )


async def test_the_same_adjustment_takes_as_many_persons_as_its_tenant_says(
    commands: "WalletCommandsAsyncStub",
) -> None:
    """50 is at or above 40, and below 60."""
    for tenant_id in THRESHOLDS:
        opening = pb.OpenWalletRequest(request_id="o1", wallet=wallet_of(tenant_id))
        await commands.OpenWallet(opening)
    ann, bea = said_by("ann"), said_by("bea")

    await commands.AdjustBalance(adjustment("large", "r1"), metadata=ann)
    first = await failure_of(commands.AdjustBalance(adjustment("small", "r1"), metadata=ann))
    again = await failure_of(commands.AdjustBalance(adjustment("small", "r2"), metadata=ann))
    second = await commands.AdjustBalance(adjustment("small", "r3"), metadata=bea)

    assert (first.reason, first.metadata["four_eyes_from"]) == ("APPROVAL_REQUIRED", "40")
    assert again.reason == "SELF_APPROVAL"
    assert [entry.request_id for entry in second.entries] == ["r3"]


async def test_the_same_write_off_takes_as_many_persons_as_its_tenant_says(
    commands: "WalletCommandsAsyncStub",
) -> None:
    for tenant_id in THRESHOLDS:
        await owe(commands, tenant_id)
    ann, bea = said_by("ann"), said_by("bea")

    await commands.WriteOffDebt(write_off("large", "r1"), metadata=ann)
    first = await failure_of(commands.WriteOffDebt(write_off("small", "r1"), metadata=ann))
    again = await failure_of(commands.WriteOffDebt(write_off("small", "r2"), metadata=ann))
    second = await commands.WriteOffDebt(write_off("small", "r3"), metadata=bea)

    assert (first.reason, first.metadata["four_eyes_from"]) == ("APPROVAL_REQUIRED", "40")
    assert again.reason == "SELF_APPROVAL"
    assert len(second.entries) == 1


async def test_one_person_cannot_lift_the_threshold_either(
    commands: "WalletCommandsAsyncStub", server: RunningServer
) -> None:
    """It stands in the wallet policy, and a version of that takes two persons."""
    del commands
    admin, ann = PolicyAdminStub(server.channel), said_by("ann")
    document = policies.PolicyDocument(yaml="kind: WalletPolicy\n")
    name = policies.PolicyName(wallet_policy=True, version=2)
    await admin.CreatePolicy(
        policies.CreatePolicyRequest(request_id="r1", tenant_id="small", document=document),
        metadata=ann,
    )
    await admin.ValidatePolicy(
        policies.ValidatePolicyRequest(request_id="r2", tenant_id="small", name=name, etag="1"),
        metadata=ann,
    )

    approval = policies.ApprovePolicyRequest(
        request_id="r3", tenant_id="small", name=name, etag="2"
    )
    refused = await failure_of(admin.ApprovePolicy(approval, metadata=ann))

    assert refused.reason == "APPROVER_SAME_AS_AUTHOR"
