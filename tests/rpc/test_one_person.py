"""Persons, over real calls: one is not two by several ways in, and decides nothing for themselves."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.callers import bearing, token_for
from tests.rpc.bets import eur
from tests.rpc.failures import failure_of
from tests.rpc.tenancy import Desk
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.cashier_pb2 import WithdrawalState
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import WalletRef

BEA = token_for("manager", "cashier", subject="bea")
OFFICE, TILLS = (
    token_for("cashier", "manager", subject=subject, may_vouch=True)
    for subject in ("office", "tills")
)
ADA = (("x-actor", "ada"), ("x-actor-roles", "manager"))
BY_OFFICE = (*bearing(OFFICE), *ADA)


class Clerks:
    """Sends commands on the wallet of `p1`, which has 100.00 to withdraw."""

    def __init__(self, desk: Desk) -> None:
        self._stub: Any = WalletCommandsStub(desk.channel)
        self._count = 0

    async def send(
        self, method: str, metadata: object, player_id: str = "p1", **content: Any
    ) -> Any:
        self._count += 1
        wallet = WalletRef(tenant_id="demo", player_id=player_id, currency_code="EUR")
        request = getattr(pb, f"{method}Request")(
            request_id=f"k{self._count}", wallet=wallet, **content
        )
        return await getattr(self._stub, method)(request, metadata=metadata)

    async def reason(self, method: str, metadata: object, **content: Any) -> str:
        return (await failure_of(self.send(method, metadata, **content))).reason

    async def open(self, player_id: str = "p1") -> None:
        await self.send("OpenWallet", bearing(BEA), player_id)
        await self.send("AdjustBalance", bearing(BEA), player_id, **adjusting(10_000))


def adjusting(amount: int) -> Mapping[str, Any]:
    return {"bucket": "withdrawable", "amount": eur(amount), "reason_code": "TEST"}


@pytest.fixture
async def clerks(desk: Desk) -> Clerks:
    clerks = Clerks(desk)
    await clerks.open()
    return clerks


@pytest.mark.parametrize(
    "metadata",
    [
        (*bearing(TILLS), *ADA),
        bearing(token_for("manager", subject="1f2e", person="Ada")),
        bearing(token_for("manager", subject="ada")),
        BY_OFFICE,
    ],
    ids=["another office", "a claim", "a subject", "the same office"],
)
async def test_who_asked_for_a_withdrawal_does_not_approve_it_by_another_way_in(
    clerks: Clerks, metadata: object
) -> None:
    named = {"withdrawal_id": "w1"}
    await clerks.send("RequestWithdrawal", BY_OFFICE, **named, amount=eur(100))

    refused = await clerks.reason("ApproveWithdrawal", metadata, **named)
    approved = await clerks.send("ApproveWithdrawal", bearing(BEA), **named)

    assert refused == "SELF_APPROVAL"
    assert approved.state == WithdrawalState.WITHDRAWAL_STATE_APPROVED


@pytest.mark.parametrize(
    "metadata",
    [
        bearing(token_for("manager", subject="mia", own_player_id="p1")),
        bearing(token_for("manager", subject="1f2e", person="p1")),
        (*BY_OFFICE, ("x-actor-player", "p1")),
        bearing(token_for("manager", subject="p1")),
    ],
    ids=["a claim", "a person", "an office", "a subject"],
)
async def test_who_is_a_player_too_adjusts_any_wallet_but_their_own(
    clerks: Clerks, metadata: object
) -> None:
    await clerks.open("p2")

    own = await clerks.reason("AdjustBalance", metadata, **adjusting(1))
    others = await clerks.send("AdjustBalance", metadata, "p2", **adjusting(1))

    assert own == "SELF_APPROVAL"
    assert len(others.entries) == 1


async def test_who_asked_for_a_withdrawal_takes_it_back_by_cancelling_not_by_rejecting(
    clerks: Clerks,
) -> None:
    """To reject is to decide, which takes somebody else; and the law may forbid to take it back."""
    named = {"withdrawal_id": "w1"}
    await clerks.send("RequestWithdrawal", BY_OFFICE, **named, amount=eur(100))

    rejected = await clerks.reason("RejectWithdrawal", BY_OFFICE, **named, reason_code="TEST")
    cancelled = await clerks.send("CancelWithdrawal", BY_OFFICE, **named)

    assert rejected == "SELF_APPROVAL"
    assert cancelled.state == WithdrawalState.WITHDRAWAL_STATE_CANCELLED
