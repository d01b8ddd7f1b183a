"""The client says who asks, and tells of those who are not believed."""

from typing import Any

import grpc
import pytest
from google.protobuf.message import Message

from tests.client.scripted import ScriptedServer, fails, returns
from tests.servers import RunningServer
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.cashier_pb2 import WITHDRAWAL_STATE_APPROVED, WITHDRAWAL_STATE_HELD
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_pb2 import WalletRef
from wallet_client import ForbiddenError, UnauthenticatedError, WalletClient

WALLET = WalletRef(tenant_id="demo", player_id="p1", currency_code="EUR")
EUROS = Money(asset_code="EUR", minor_units=100)


def hold(withdrawal_id: str) -> pb.RequestWithdrawalRequest:
    return pb.RequestWithdrawalRequest(wallet=WALLET, withdrawal_id=withdrawal_id, amount=EUROS)


def approve(withdrawal_id: str) -> pb.ApproveWithdrawalRequest:
    return pb.ApproveWithdrawalRequest(wallet=WALLET, withdrawal_id=withdrawal_id)


async def test_commands_say_who_asks_for_them(server: RunningServer) -> None:
    async with WalletClient(server.target) as wallets:
        await wallets.open_wallet(pb.OpenWalletRequest(wallet=WALLET))
        await wallets.approve_deposit(
            pb.ApproveDepositRequest(
                wallet=WALLET, deposit_id="d1", bucket="sports_normal", amount=EUROS
            )
        )
        omar, maria = wallets.acting_as("omar"), wallets.acting_as("maria", roles=["a", "b"])
        ann = wallets.acting_as("ann", player_id="p1")

        held = await omar.request_withdrawal(hold("w1"))
        with pytest.raises(UnauthenticatedError) as nobody:
            await wallets.approve_withdrawal(approve("w1"))
        with pytest.raises(ForbiddenError) as player:
            await ann.approve_withdrawal(approve("w1"))
        [approved] = await maria.execute_batch([approve("w1")])

    assert held.state == WITHDRAWAL_STATE_HELD
    assert nobody.value.reason == "ACTOR_REQUIRED"
    assert player.value.reason == "SELF_APPROVAL"
    assert isinstance(approved, pb.ApproveWithdrawalResponse)
    assert approved.state == WITHDRAWAL_STATE_APPROVED


async def test_every_attempt_says_who_asks(scripted: ScriptedServer, wallets: WalletClient) -> None:
    seen: list[dict[str, Any]] = []

    async def notes(request: Message, context: Any) -> Message:
        seen.append(dict(context.invocation_metadata()))
        step = fails(grpc.StatusCode.UNAVAILABLE) if len(seen) == 1 else returns(response)
        return await step(request, context)

    response = pb.AuthorizeBetResponse()
    scripted.steps = [notes]

    maria = wallets.acting_as("maria", roles=("manager", "owner"), player_id="p9")
    await maria.authorize_bet(pb.AuthorizeBetRequest())
    await wallets.authorize_bet(pb.AuthorizeBetRequest())

    said = [{name: text for name, text in each.items() if "actor" in name} for each in seen]
    expected = {"x-actor": "maria", "x-actor-roles": "manager,owner", "x-actor-player": "p9"}
    assert said == [expected, expected, {}]
    assert scripted.requests[0].request_id == scripted.requests[1].request_id != ""
