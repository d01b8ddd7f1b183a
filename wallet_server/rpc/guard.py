"""What every call of our own services passes through, in and out.

An interceptor would run for each call, health and reflection included, and only
after grpc has parsed the request, answering `INTERNAL` where it cannot. So methods
are wrapped once, when they are registered, and requests are parsed here.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeAlias, cast

import grpc
from google.protobuf.message import Message
from google.rpc import code_pb2
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from wallet_server.execution.errors import OverloadedError
from wallet_server.rpc import correlation
from wallet_server.rpc.access.authenticator import Trusting
from wallet_server.rpc.access.gate import Gate
from wallet_server.rpc.access.rules import MethodRule, rule_of
from wallet_server.rpc.call_statistics import CallStatistics, MethodCalls
from wallet_server.rpc.context import Context, deadline_is_over, metadata_of
from wallet_server.rpc.following import CallFollowing, Followed
from wallet_server.rpc.patience import Patience
from wallet_server.rpc.status import is_bug, reason_of, status_of
from wallet_server.rpc.validation import FieldViolation, InvalidRequestError, validate

logger = logging.getLogger(__name__)

# grpc's own types of a method leave out that it may be a coroutine.
Method: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Parse: TypeAlias = Callable[[bytes], Message]
Serialize: TypeAlias = Callable[[Message], bytes]
Run: TypeAlias = Callable[[Message, Context], Awaitable[Message]]
Stream: TypeAlias = Callable[[Message, Context], AsyncGenerator[Message | bytes]]
LetIn: TypeAlias = Callable[[bytes, Context], Awaitable[Message]]


LARGE_METHODS = frozenset({"/wallet.v1.WalletCommands/ExecuteBatch"})
"""The methods whose requests may be as large as grpc lets in."""

CONFIRM_SECONDS = 1.0
"""How long a stream goes on before it is looked again whether its caller still may hear it."""

STALLED_SECONDS_MAX = 60.0
"""How long a caller may take for the next message of a stream. What a stream holds is then free."""


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


@dataclass(slots=True)
class Call:
    """A call that is under way: what it counts for, and what came of it.

    `code` is gRPC's number, `reason` that of an error. Its time is of `perf_counter`. `followed`
    is what whoever traces it calls it.
    """

    name: str
    calls: MethodCalls
    context: Context
    size_bytes: int
    began_seconds: float
    followed: Followed | None
    code: int = code_pb2.OK
    reason: str = ""

    def cancel(self) -> None:
        """Notes that its caller went away, or waited no longer."""
        is_late = deadline_is_over(self.context)
        self.code = code_pb2.DEADLINE_EXCEEDED if is_late else code_pb2.CANCELLED


class CallGuard:
    """Admits, parses and validates requests, by whom they come from; answers exceptions.

    A call that its caller cancels is none of its business: the engine finishes what
    it has begun, and grpc takes the cancellation.
    """

    def __init__(
        self,
        limits: CallLimits,
        gate: Gate | None = None,
        following: CallFollowing | None = None,
    ) -> None:
        """Admits what the limits and the gate let in. Without a gate, everybody may do anything.

        Whoever is `following` is told of each call.
        """
        self._following = following
        self._limits = limits
        self._gate = gate or Gate(Trusting())
        self._call_count = 0
        self._bytes_count = 0
        self.statistics = CallStatistics()

    @property
    def call_count(self) -> int:
        """How many calls are under way."""
        return self._call_count

    def wrap(self, name: str, method: Method) -> Method:
        """Returns a method, guarded. Requests are single; responses are one, or a stream."""
        rule = rule_of(name)
        gate, let_in = self._gate, self._entrance(name, method, rule)
        if method.unary_stream is not None:
            return self._wrap_stream(name, method, rule, let_in)
        assert method.unary_unary is not None
        run = cast("Run", method.unary_unary)
        calls = self.statistics.of(name, is_stream=False)

        async def guarded(encoded: bytes, context: Context) -> Message | None:
            call = self._begin(name, calls, encoded, context)
            request: Message | None = None
            try:
                request = await let_in(encoded, context)
                return await run(request, context)
            except Exception as error:
                if request is not None:
                    gate.note_refusal(rule, context, request, error)
                await self._answer(error, call)
            except asyncio.CancelledError:
                call.cancel()
                raise
            finally:
                self._end(call)

        return grpc.unary_unary_rpc_method_handler(
            cast("Any", guarded), None, method.response_serializer
        )

    def _wrap_stream(self, name: str, method: Method, rule: MethodRule, let_in: LetIn) -> Method:
        """Returns a method with a stream of responses, guarded.

        It yields messages, or bytes that are messages encoded already. Now and then, before one
        is sent, its caller is asked again who it is, as its credentials may have ended since.
        """
        run = cast("Stream", method.unary_stream)
        serialize = cast("Serialize", method.response_serializer)
        calls = self.statistics.of(name, is_stream=True)

        async def guarded(encoded: bytes, context: Context) -> None:
            call = self._begin(name, calls, encoded, context)
            try:
                request = await let_in(encoded, context)
                async with aclosing(run(request, context)) as messages:
                    await self._send(messages, rule, request, call)
            except Exception as error:
                await self._answer(error, call)
            except asyncio.CancelledError:
                call.cancel()
                raise
            finally:
                self._end(call)

        return grpc.unary_stream_rpc_method_handler(
            cast("Any", guarded),
            None,
            lambda message: message if isinstance(message, bytes) else serialize(message),
        )

    async def _send(
        self,
        messages: AsyncGenerator[Message | bytes],
        rule: MethodRule,
        request: Message,
        call: Call,
    ) -> None:
        """Sends messages, each when the caller has room for it.

        Raises:
            DeadlinePassedError: The caller has taken none for too long.
        """
        now_seconds = asyncio.get_running_loop().time
        context = call.context
        metadata = metadata_of(context)
        confirmed_seconds = now_seconds()
        async with Patience(STALLED_SECONDS_MAX) as patience:
            async for message in messages:
                if now_seconds() - confirmed_seconds >= CONFIRM_SECONDS:
                    await self._gate.confirm(rule, context, metadata, request)
                    confirmed_seconds = now_seconds()
                call.calls.sent += 1
                await patience.wait_for(context.write(message))

    def _entrance(self, name: str, method: Method, rule: MethodRule) -> LetIn:
        """Returns what makes a request of what came in, if it may be made."""
        limits, gate = self._limits, self._gate
        parse = cast("Parse", method.request_deserializer)
        own_bytes_max = limits.bytes_max if name in LARGE_METHODS else limits.request_bytes_max

        async def let_in(encoded: bytes, context: Context) -> Message:
            if self._call_count > limits.calls_max or self._bytes_count > limits.bytes_max:
                raise OverloadedError
            if len(encoded) > own_bytes_max:
                raise too_large(own_bytes_max)
            metadata = metadata_of(context)
            await gate.identify(context, metadata, rule)
            request = gate.admit(rule, context, encoded, parse)
            correlation_id = correlation.take(request, metadata)
            validate(request)
            correlation.send_back(correlation_id, context)
            return request

        return let_in

    def _begin(self, name: str, calls: MethodCalls, encoded: bytes, context: Context) -> Call:
        size_bytes = len(encoded)
        self._call_count += 1
        self._bytes_count += size_bytes
        calls.started += 1
        followed = None
        if self._following is not None:
            followed = self._following.begin(name, metadata_of(context))
        return Call(name, calls, context, size_bytes, perf_counter(), followed)

    async def _answer(self, error: Exception, call: Call) -> None:
        """Ends a call with what its caller may know of an error."""
        status = status_of(error)
        call.code, call.reason = status.code, reason_of(status)
        self.statistics.refusals[call.reason] += 1
        await abort(status, error, call.name, call.context)

    def _end(self, call: Call) -> None:
        self._call_count -= 1
        self._bytes_count -= call.size_bytes
        seconds = perf_counter() - call.began_seconds
        call.calls.end(call.code, seconds)
        if self._following is not None and call.followed is not None:
            self._following.end(call.followed, call.code, call.reason)
        if logger.isEnabledFor(logging.DEBUG):
            facts = {"method": call.name, "code": call.code, "seconds": round(seconds, 6)}
            logger.debug("a call ended", extra={**facts, "reason": call.reason})


def too_large(bytes_max: int) -> InvalidRequestError:
    """Returns what is wrong with a request of more bytes than its method takes."""
    description = f"must have no more than {bytes_max} bytes"
    return InvalidRequestError([FieldViolation("", description, "REQUEST_BYTES_MAX")])


async def answer(error: Exception, name: str, context: Context) -> None:
    """Ends a call that nobody counts with what its caller may know of an error."""
    await abort(status_of(error), error, name, context)


async def abort(status: Status, error: Exception, name: str, context: Context) -> None:
    """Ends a call with the status of an error, and logs what nobody foresaw."""
    trailing = tuple(context.trailing_metadata())
    if is_bug(status):
        logger.error("%s failed %s", name, dict(trailing), exc_info=error)
    # Its stubs leave the argument untyped.
    ready = rpc_status.to_status(status)  # pyright: ignore[reportUnknownMemberType]
    await context.abort(ready.code, ready.details, (*trailing, *ready.trailing_metadata))
