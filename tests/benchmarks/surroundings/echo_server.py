"""The ceiling: a gRPC server that parses the same requests and sends the same responses.

It has no interceptors and does nothing else, and its methods are registered by generated
code as it stands, so no server in Python with grpc.aio is faster.
"""

import asyncio
import signal
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

import grpc.aio

from tests.benchmarks.surroundings.seeding import executor_on
from tests.benchmarks.surroundings.workers import SPAWN, live_with_parent
from tests.benchmarks.traffic import CURRENCY, PAYOUTS, PROVIDER, STAKE, TENANT
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.wallet_commands_pb2_grpc import (
    WalletCommandsServicer,
    add_WalletCommandsServicer_to_server,
)
from wallet_server.core.commands import Amount, AuthorizeBet, SettleBet
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.execution.submission import Answered, Submission
from wallet_server.rpc.encode.responses import fill_bet_response

OPTIONS = (("grpc.so_reuseport", 1),)


@dataclass(frozen=True, slots=True)
class Responses:
    """What a real server answered once, encoded."""

    authorize: bytes
    settle: bytes


@dataclass(frozen=True, slots=True)
class Echo:
    """Where the empty servers listen, and which processes they are."""

    target: str
    pids: tuple[int, ...]


async def sample_responses(database_url: str, player_id: str) -> Responses:
    """Has one bet and returns what a server would respond to its commands."""
    wallet, bet = WalletRef(TENANT, player_id, CURRENCY), BetKey(PROVIDER, "r0.0-0-0")
    async with executor_on(database_url) as executor:
        placed = await executor.submit(
            Submission(wallet, "sample-a", AuthorizeBet(bet, Amount(CURRENCY, STAKE)))
        )
        settled = await executor.submit(
            Submission(wallet, "sample-s", SettleBet(bet, 1, Amount(CURRENCY, PAYOUTS[-1])))
        )
    return Responses(
        authorize=encoded(pb.AuthorizeBetResponse(), placed),
        settle=encoded(pb.SettleBetResponse(), settled),
    )


def encoded(response: pb.AuthorizeBetResponse | pb.SettleBetResponse, answered: Answered) -> bytes:
    """Returns an answer as the response that a server would send, encoded."""
    fill_bet_response(response, answered, CURRENCY)
    return response.SerializeToString()


@contextmanager
def start_echo(responses: Responses, processes_count: int) -> Generator[Echo]:
    """Runs empty servers on one port, for as long as the block lasts."""
    port, pids = 0, list[int]()
    with ExitStack() as stack:
        for _ in range(processes_count):
            mine, theirs = SPAWN.Pipe()
            process = SPAWN.Process(target=_run, args=(theirs, port, responses), daemon=True)
            process.start()
            theirs.close()
            stack.callback(process.join)
            stack.callback(process.kill)
            port = mine.recv()
            assert process.pid is not None
            pids.append(process.pid)
        yield Echo(f"127.0.0.1:{port}", tuple(pids))


class Echoing(WalletCommandsServicer):
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


def _run(pipe: Connection, port: int, responses: Responses) -> None:
    live_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    asyncio.run(_serve(pipe.send, port, responses))


async def _serve(say: Callable[[int], None], port: int, responses: Responses) -> None:
    server = grpc.aio.server(options=OPTIONS)
    servicer = Echoing(responses)  # pyright: ignore[reportAbstractUsage] - no other is called.
    add_WalletCommandsServicer_to_server(servicer, server)
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    say(bound)
    await asyncio.Event().wait()
