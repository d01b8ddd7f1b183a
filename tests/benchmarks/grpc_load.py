"""Calls over gRPC: a closed loop of callers in a process of its own."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc.aio

from tests.benchmarks.traffic import CURRENCY, PROVIDER, STAKE, TENANT, Work, play
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_commands_pb2 import OUTCOME_APPLIED, AuthorizeBetRequest, SettleBetRequest
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import WalletRef

if TYPE_CHECKING:
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub


@dataclass(frozen=True, slots=True)
class GrpcCaller:
    """Calls a server's methods."""

    stub: "WalletCommandsAsyncStub"

    async def authorize(self, player_id: str, bet_ref: str) -> None:
        """Takes a bet."""
        response = await self.stub.AuthorizeBet(authorize_request(player_id, bet_ref))
        assert response.outcome == OUTCOME_APPLIED

    async def settle(self, player_id: str, bet_ref: str, payout: int) -> None:
        """Settles a bet."""
        response = await self.stub.SettleBet(settle_request(player_id, bet_ref, payout))
        assert response.outcome == OUTCOME_APPLIED


def authorize_request(player_id: str, bet_ref: str) -> AuthorizeBetRequest:
    """Returns a request to take a bet."""
    return AuthorizeBetRequest(
        request_id=f"a-{bet_ref}",
        wallet=wallet(player_id),
        provider_id=PROVIDER,
        bet_ref=bet_ref,
        stake=Money(asset_code=CURRENCY, minor_units=STAKE),
    )


def settle_request(player_id: str, bet_ref: str, payout: int) -> SettleBetRequest:
    """Returns a request to settle all of a bet."""
    return SettleBetRequest(
        request_id=f"s-{bet_ref}",
        wallet=wallet(player_id),
        provider_id=PROVIDER,
        bet_ref=bet_ref,
        result_version=1,
        payout=Money(asset_code=CURRENCY, minor_units=payout),
    )


def wallet(player_id: str) -> WalletRef:
    """Returns which wallet."""
    return WalletRef(tenant_id=TENANT, player_id=player_id, currency_code=CURRENCY)


def run_load(job: tuple[str, Work]) -> list[float]:
    """Lets callers call a target. Returns how many seconds each measured call took."""
    return asyncio.run(_load(*job))


async def _load(target: str, work: Work) -> list[float]:
    async with grpc.aio.insecure_channel(target) as channel:
        caller = GrpcCaller(WalletCommandsStub(channel))
        each = await asyncio.gather(*(play(caller, work, n) for n in range(work.callers)))
    return [seconds for one in each for seconds in one]
