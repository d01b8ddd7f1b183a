"""What players do, and what watchers hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self

import grpc.aio

from tests.rpc.bets import eur
from wallet.v1 import wallet_commands_pb2 as commands
from wallet.v1 import wallet_events_pb2 as pb
from wallet.v1.event_pb2 import Event
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_events_pb2_grpc import WalletEventsStub
from wallet.v1.wallet_pb2 import WalletRef

PROVIDER = "acme-sports"


@dataclass
class Player:
    """A player who bets, one command after the other."""

    channel: grpc.aio.Channel
    wallet: WalletRef
    numbers: Any = field(default_factory=lambda: count(1))

    @classmethod
    async def open(cls, channel: grpc.aio.Channel, player_id: str, currency: str = "EUR") -> Self:
        """Opens the player's wallet, and pays money in."""
        wallet = WalletRef(tenant_id="demo", player_id=player_id, currency_code=currency)
        player = cls(channel, wallet)
        await player.send("OpenWallet", commands.OpenWalletRequest())
        amount = eur(100_000)
        deposit = commands.ApproveDepositRequest(
            deposit_id="d", bucket="sports_normal", amount=amount
        )
        await player.send("ApproveDeposit", deposit)
        return player

    async def send(self, method: str, request: Any) -> Any:
        """Has a command carried out."""
        request.wallet.CopyFrom(self.wallet)
        request.request_id = f"r{next(self.numbers)}"
        return await getattr(WalletCommandsStub(self.channel), method)(request)

    async def bet(self, bet_ref: str) -> None:
        """Places a bet."""
        request = commands.AuthorizeBetRequest(provider_id=PROVIDER, bet_ref=bet_ref, stake=eur(10))
        await self.send("AuthorizeBet", request)

    async def settle(self, bet_ref: str) -> None:
        """Wins a bet."""
        request = commands.SettleBetRequest(
            provider_id=PROVIDER, bet_ref=bet_ref, result_version=1, payout=eur(20)
        )
        await self.send("SettleBet", request)


def request_of(**parts: Any) -> pb.WatchEventsRequest:
    """Returns a request of the tenant `demo`."""
    return pb.WatchEventsRequest(tenant_id="demo", **parts)


def watch(
    channel: grpc.aio.Channel,
    request: pb.WatchEventsRequest | None = None,
    metadata: Sequence[tuple[str, str]] = (),
    timeout: float | None = None,
) -> Any:
    """Begins to watch, by default from the first event on."""
    stub: Any = WalletEventsStub(channel)
    return stub.WatchEvents(
        request or request_of(after_position=0), metadata=metadata, timeout=timeout
    )


async def events_in(call: Any, *, until: int) -> list[Event]:
    """Returns the events of a stream until it has come as far as a position, or has ended."""
    events = list[Event]()
    while (response := await call.read()) is not grpc.aio.EOF:
        events.extend(response.events)
        if response.position >= until:
            call.cancel()
            break
    return events


async def next_events(call: Any, *, last: int) -> list[Event]:
    """Returns the next events of a stream that goes on, until one of a type is among them."""
    events = list[Event]()
    while last not in {event.type for event in events}:
        events.extend((await call.read()).events)
    return events
