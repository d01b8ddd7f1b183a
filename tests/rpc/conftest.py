"""The fixtures of this folder."""

from typing import TYPE_CHECKING

import pytest

from tests.rpc.administration import office
from tests.rpc.bets import WALLET, eur
from tests.rpc.doors import door
from tests.rpc.tenancy import desk
from tests.servers import RunningServer, server
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub

__all__ = ["commands", "desk", "door", "office", "server"]


@pytest.fixture
async def commands(server: RunningServer) -> "WalletCommandsAsyncStub":
    """The commands of a server with a wallet that holds 10.00 EUR."""
    stub = WalletCommandsStub(server.channel)
    await stub.OpenWallet(pb.OpenWalletRequest(request_id="o1", wallet=WALLET))
    await stub.ApproveDeposit(
        pb.ApproveDepositRequest(
            request_id="d1",
            wallet=WALLET,
            deposit_id="d1",
            bucket="sports_normal",
            amount=eur(1_000),
        )
    )
    return stub
