"""What every call of our own services passes through, in and out.

An interceptor would run for each call, health and reflection included, and only
after grpc has parsed the request, answering `INTERNAL` where it cannot. So methods
are wrapped once, when they are registered, and requests are parsed here.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import grpc
from google.protobuf.message import Message
from grpc_status import rpc_status

from wallet_server.execution.errors import OverloadedError
from wallet_server.rpc import correlation
from wallet_server.rpc.access.authenticator import Trusting
from wallet_server.rpc.access.gate import Gate
from wallet_server.rpc.access.rules import rule_of
from wallet_server.rpc.context import Context, metadata_of
from wallet_server.rpc.status import is_bug, status_of
from wallet_server.rpc.validation import FieldViolation, InvalidRequestError, validate

logger = logging.getLogger(__name__)

# grpc's own types of a method leave out that it may be a coroutine.
Method: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Parse: TypeAlias = Callable[[bytes], Message]
Run: TypeAlias = Callable[[Message, Context], Awaitable[Message]]


LARGE_METHODS = frozenset({"/wallet.v1.WalletCommands/ExecuteBatch"})
"""The methods whose requests may be as large as grpc lets in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLimits:
    """What is let in, over all services. Requests are measured as they arrive, encoded.

    Args:
        calls_max: Calls under way at once.
        bytes_max: The requests of these together.
        request_bytes_max: One request, but for the `LARGE_METHODS`.
    """

    calls_max: int
    bytes_max: int
    request_bytes_max: int


class CallGuard:
    """Admits, parses and validates requests, by whom they come from; answers exceptions.

    A call that its caller cancels is none of its business: the engine finishes what
    it has begun, and grpc takes the cancellation.
    """

    def __init__(self, limits: CallLimits, gate: Gate | None = None) -> None:
        """Admits what the limits and the gate let in. Without a gate, everybody may do anything."""
        self._limits = limits
        self._gate = gate or Gate(Trusting())
        self._call_count = 0
        self._bytes_count = 0

    @property
    def call_count(self) -> int:
        """How many calls are under way."""
        return self._call_count

    def wrap(self, name: str, method: Method) -> Method:
        """Returns a method, guarded. It must be unary both ways."""
        assert method.unary_unary is not None
        run = cast("Run", method.unary_unary)
        parse = cast("Parse", method.request_deserializer)
        limits, gate, rule = self._limits, self._gate, rule_of(name)
        own_bytes_max = limits.bytes_max if name in LARGE_METHODS else limits.request_bytes_max

        async def guarded(encoded: bytes, context: Context) -> Message | None:
            size_bytes = len(encoded)
            self._call_count += 1
            self._bytes_count += size_bytes
            request: Message | None = None
            try:
                if self._call_count > limits.calls_max or self._bytes_count > limits.bytes_max:
                    raise OverloadedError  # noqa: TRY301 - answered like any other.
                if size_bytes > own_bytes_max:
                    raise too_large(own_bytes_max)  # noqa: TRY301
                metadata = metadata_of(context)
                await gate.identify(context, metadata, rule)
                request = gate.admit(rule, context, encoded, parse)
                correlation_id = correlation.take(request, metadata)
                validate(request)
                correlation.send_back(correlation_id, context)
                return await run(request, context)
            except Exception as error:
                if request is not None:
                    gate.note_refusal(rule, context, request, error)
                await answer(error, name, context)
            finally:
                self._call_count -= 1
                self._bytes_count -= size_bytes

        return grpc.unary_unary_rpc_method_handler(
            cast("Any", guarded), None, method.response_serializer
        )


def too_large(bytes_max: int) -> InvalidRequestError:
    """Returns what is wrong with a request of more bytes than its method takes."""
    description = f"must have no more than {bytes_max} bytes"
    return InvalidRequestError([FieldViolation("", description, "REQUEST_BYTES_MAX")])


async def answer(error: Exception, name: str, context: Context) -> None:
    """Ends the call with what its caller may know of the error."""
    status = status_of(error)
    trailing = tuple(context.trailing_metadata())
    if is_bug(status):
        logger.error("%s failed %s", name, dict(trailing), exc_info=error)
    # Its stubs leave the argument untyped.
    ready = rpc_status.to_status(status)  # pyright: ignore[reportUnknownMemberType]
    await context.abort(ready.code, ready.details, (*trailing, *ready.trailing_metadata))
