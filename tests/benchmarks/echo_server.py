"""The ceiling: a gRPC server that parses the same requests and sends the same responses.

It has no interceptors and does nothing else, so no server in Python with grpc.aio is faster.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Self

import grpc.aio

from tests.benchmarks.databases import executor_on
from tests.benchmarks.traffic import CURRENCY, PROVIDER, STAKE, TENANT
from tests.benchmarks.workers import SPAWN
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.wallet_commands_pb2_grpc import (
    WalletCommandsServicer,
    add_WalletCommandsServicer_to_server,
)
from wallet_server.core.commands import Amount, AuthorizeBet, SettleBet
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.execution.submission import Submission
from wallet_server.rpc.encode import responses as encode


@dataclass(frozen=True, slots=True)
class Responses:
    """What a real server answered once, encoded."""

    authorize: bytes
    settle: bytes


async def sample_responses(database_url: str, player_id: str) -> Responses:
    """Has one bet and returns what a server would respond to its commands."""
    wallet, bet = WalletRef(TENANT, player_id, CURRENCY), BetKey(PROVIDER, "sample")
    async with executor_on(database_url) as executor:
        placed = await executor.submit(
            Submission(wallet, "sample-a", AuthorizeBet(bet, Amount(CURRENCY, STAKE)))
        )
        settled = await executor.submit(
            Submission(wallet, "sample-s", SettleBet(bet, 1, Amount(CURRENCY, 2 * STAKE)))
        )
    return Responses(
        authorize=encode.authorize_bet(placed, CURRENCY).SerializeToString(),
        settle=encode.settle_bet(settled, CURRENCY).SerializeToString(),
    )


class Echo(WalletCommandsServicer):
    """Answers every request with the same response."""

    def __init__(self, responses: Responses) -> None:
        self._authorize = pb.AuthorizeBetResponse.FromString(responses.authorize)
        self._settle = pb.SettleBetResponse.FromString(responses.settle)

    async def AuthorizeBet(  # noqa: N802 - named as in its proto.
        self, request: pb.AuthorizeBetRequest, context: object
    ) -> pb.AuthorizeBetResponse:
        del request, context
        return self._authorize

    async def SettleBet(  # noqa: N802 - named as in its proto.
        self, request: pb.SettleBetRequest, context: object
    ) -> pb.SettleBetResponse:
        del request, context
        return self._settle


class EchoServer:
    """The server, in a process of its own."""

    def __init__(self, responses: Responses) -> None:
        """Starts it and waits until it serves."""
        mine, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=_run, args=(theirs, responses), daemon=True)
        self._process.start()
        self.target = f"127.0.0.1:{mine.recv()}"

    @property
    def pid(self) -> int:
        """The id of the process."""
        assert self._process.pid is not None
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()


def _run(pipe: Connection, responses: Responses) -> None:
    asyncio.run(_serve(pipe.send, responses))


async def _serve(say: Callable[[int], None], responses: Responses) -> None:
    server = grpc.aio.server()
    servicer = Echo(responses)  # pyright: ignore[reportAbstractUsage] - no other method is called.
    add_WalletCommandsServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    say(port)
    stopped: Awaitable[object] = server.wait_for_termination()
    await stopped
