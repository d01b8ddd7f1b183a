"""The wallet and the bets that the tests of the edge are about."""

from tests.servers import RunningServer
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_pb2 import WalletRef
from wallet.v1.wallet_queries_pb2 import GetWalletRequest
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub

WALLET = WalletRef(tenant_id="demo", player_id="p1", currency_code="EUR")


def eur(minor_units: int) -> Money:
    """Returns an amount of euros."""
    return Money(asset_code="EUR", minor_units=minor_units)


def bet(request_id: str, stake: int, bet_ref: str = "b1") -> pb.AuthorizeBetRequest:
    """Returns a sports bet."""
    return pb.AuthorizeBetRequest(
        request_id=request_id,
        wallet=WALLET,
        provider_id="acme-sports",
        bet_ref=bet_ref,
        stake=eur(stake),
        correlation_id="c1",
    )


async def balance(server: RunningServer) -> int:
    """Returns what all buckets hold together."""
    reads = WalletQueriesStub(server.channel)
    response = await reads.GetWallet(GetWalletRequest(wallet=WALLET))
    return sum(bucket.balance.minor_units for bucket in response.wallet.buckets)
