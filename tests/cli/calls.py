"""Calls of a server by callers of its own connections."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import grpc.aio

from wallet.v1 import wallet_commands_pb2, wallet_pb2

OWN_CONNECTION = [
    ("grpc.use_local_subchannel_pool", 1),
    # What clients are told to do; grpc's own retries may never end where a server stops.
    ("grpc.enable_retries", 0),
]

Response = wallet_commands_pb2.OpenWalletResponse


class Caller:
    """A caller with a connection that it shares with nobody."""

    def __init__(self, channel: grpc.aio.Channel, name: str) -> None:
        """Calls itself by a name that no other caller has."""
        self._method: Any = channel.unary_unary(
            "/wallet.v1.WalletCommands/OpenWallet",
            request_serializer=wallet_commands_pb2.OpenWalletRequest.SerializeToString,
            response_deserializer=Response.FromString,
        )
        self._name = name
        self._count = 0

    async def open_wallet(self) -> Response:
        """Opens a wallet that no other call opens."""
        self._count += 1
        player = f"{self._name}-{self._count}"
        wallet = wallet_pb2.WalletRef(tenant_id="acme", player_id=player, currency_code="EUR")
        request = wallet_commands_pb2.OpenWalletRequest(request_id="r", wallet=wallet)
        return await self._method(request, wait_for_ready=True, timeout=60)

    async def open_wallets(self, count: int) -> list[Response | BaseException]:
        """Opens many at once. Returns what came of each."""
        calls = (self.open_wallet() for _ in range(count))
        return list(await asyncio.gather(*calls, return_exceptions=True))


@asynccontextmanager
async def caller(port: int, name: str = "caller") -> AsyncGenerator[Caller]:
    """Connects a caller."""
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", OWN_CONNECTION) as channel:
        yield Caller(channel, name)
