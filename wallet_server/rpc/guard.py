"""What every call of our own services passes through, in and out.

An interceptor would run for each call, health and reflection included, and only
after grpc has parsed the request, answering `INTERNAL` where it cannot. So methods
are wrapped once, when they are registered, and requests are parsed here.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, cast

import grpc
from google.protobuf.message import Message
from grpc_status import rpc_status

from wallet_server.execution.errors import OverloadedError
from wallet_server.rpc import correlation
from wallet_server.rpc.context import Context
from wallet_server.rpc.status import is_bug, status_of
from wallet_server.rpc.validation import validate

logger = logging.getLogger(__name__)

# grpc's own types of a method leave out that it may be a coroutine.
Method: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Parse: TypeAlias = Callable[[bytes], Message]
Run: TypeAlias = Callable[[Message, Context], Awaitable[Message]]


class CallGuard:
    """Admits, parses and validates requests; answers exceptions.

    A call that its caller cancels is none of its business: the engine finishes what
    it has begun, and grpc takes the cancellation.
    """

    def __init__(self, *, concurrent_calls_max: int) -> None:
        """Admits so many calls at once, over all services."""
        self._concurrent_calls_max = concurrent_calls_max
        self._call_count = 0

    @property
    def call_count(self) -> int:
        """How many calls are under way."""
        return self._call_count

    def wrap(self, name: str, method: Method) -> Method:
        """Returns a method, guarded. It must be unary both ways."""
        assert method.unary_unary is not None
        run = cast("Run", method.unary_unary)
        parse = cast("Parse", method.request_deserializer)

        async def guarded(encoded: bytes, context: Context) -> Message | None:
            self._call_count += 1
            try:
                if self._call_count > self._concurrent_calls_max:
                    raise OverloadedError  # noqa: TRY301 - answered like any other.
                request = parse(encoded)
                correlation_id = correlation.take(request, context)
                validate(request)
                correlation.send_back(correlation_id, context)
                return await run(request, context)
            except Exception as error:
                await answer(error, name, context)
            finally:
                self._call_count -= 1

        return grpc.unary_unary_rpc_method_handler(
            cast("Any", guarded), None, method.response_serializer
        )


async def answer(error: Exception, name: str, context: Context) -> None:
    """Ends the call with what its caller may know of the error."""
    status = status_of(error)
    trailing = tuple(context.trailing_metadata())
    if is_bug(status):
        logger.error("%s failed %s", name, dict(trailing), exc_info=error)
    # Its stubs leave the argument untyped.
    ready = rpc_status.to_status(status)  # pyright: ignore[reportUnknownMemberType]
    await context.abort(ready.code, ready.details, (*trailing, *ready.trailing_metadata))
