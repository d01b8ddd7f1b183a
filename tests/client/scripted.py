"""A gRPC server that misbehaves as a test tells it to, over a real socket."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc
import grpc.aio
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from google.rpc.status_pb2 import Status

from wallet.v1 import wallet_commands_pb2 as commands
from wallet.v1 import wallet_queries_pb2 as queries
from wallet_client import RetryPolicy

POLICY = RetryPolicy(total_seconds=10, attempt_seconds=1.5, attempts_max=4, delay_seconds=0.01)
"""How clients of a scripted server try again: not because a busy machine answers a little later."""

Step = Callable[[Message, "grpc.aio.ServicerContext[Any, Any]"], Awaitable[Message]]

METHODS = {
    "wallet.v1.WalletCommands": {
        "AuthorizeBet": commands.AuthorizeBetRequest,
        "ExecuteBatch": commands.ExecuteBatchRequest,
    },
    "wallet.v1.WalletQueries": {
        "GetWallet": queries.GetWalletRequest,
        "ListEntries": queries.ListEntriesRequest,
    },
}


def encode(message: Message) -> bytes:
    """Returns a message as bytes."""
    return message.SerializeToString()


@dataclass
class ScriptedServer:
    """Does one step for each call; the last one over and over."""

    steps: Sequence[Step] = ()
    requests: list[Any] = field(default_factory=list[Any])
    times_seconds: list[float] = field(default_factory=list[float])
    port: int = 0

    @property
    def target(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"

    @property
    def request_ids(self) -> list[str]:
        """The request ids of the calls so far."""
        return [request.request_id for request in self.requests]

    async def start(self) -> None:
        """Listens, at the port that it had before if it had one."""
        self._server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        for service, methods in METHODS.items():
            handlers = {
                name: grpc.unary_unary_rpc_method_handler(self._step, request.FromString, encode)
                for name, request in methods.items()
            }
            handler = grpc.method_handlers_generic_handler(service, handlers)
            self._server.add_generic_rpc_handlers((handler,))
        self.port = self._server.add_insecure_port(self.target)
        await self._server.start()

    async def stop(self) -> None:
        """Cancels all calls and stops."""
        await self._server.stop(None)

    async def _step(self, request: Any, context: Any) -> Any:
        number = len(self.requests)
        self.requests.append(request)
        self.times_seconds.append(asyncio.get_running_loop().time())
        return await self.steps[min(number, len(self.steps) - 1)](request, context)


def returns(response: Message) -> Step:
    """Answers."""

    async def step(request: Message, context: Any) -> Message:
        return response

    return step


def fails(
    code: grpc.StatusCode,
    reason: str = "",
    *details: Message,
    metadata: dict[str, str] | None = None,
) -> Step:
    """Fails with a code and, if there is a reason, with details."""
    status = status_with(code, reason, *details, metadata=metadata)
    trailing = (("grpc-status-details-bin", status.SerializeToString()),) if reason else ()

    async def step(request: Message, context: Any) -> Message:
        await context.abort(code, "no", trailing)
        raise AssertionError

    return step


def status_with(
    code: grpc.StatusCode, reason: str, *details: Message, metadata: dict[str, str] | None = None
) -> Status:
    """Returns a status with a reason and further details."""
    info = error_details_pb2.ErrorInfo(reason=reason, domain="wallet.v1", metadata=metadata)
    number: int = code.value[0]
    status = Status(code=number, message="no")
    for detail in [info, *details]:
        packed = AnyMessage()
        packed.Pack(detail)
        status.details.append(packed)
    return status


def retry_after(seconds: float) -> error_details_pb2.RetryInfo:
    """Returns what asks for a pause."""
    return error_details_pb2.RetryInfo(retry_delay=Duration(nanos=round(seconds * 1e9)))


async def is_silent(request: Message, context: Any) -> Message:
    """Never answers."""
    await asyncio.sleep(60)
    raise AssertionError
