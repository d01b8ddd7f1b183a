"""What all methods of the client go through: the request is copied, named and retried."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar
from uuid import uuid4

import grpc.aio
from google.protobuf.message import Message

from wallet_client import retry
from wallet_client.acts import ActRequest
from wallet_client.batch import CommandRequest
from wallet_client.retry import RetryPolicy

AnyMessage = TypeVar("AnyMessage", bound=Message)
Request = TypeVar("Request", bound=Message)
Response = TypeVar("Response", bound=Message)
Command = TypeVar("Command", bound=CommandRequest | ActRequest)

Metadata: TypeAlias = tuple[tuple[str, str], ...]
Token: TypeAlias = str | Callable[[], str]
"""A token, or what returns one that is valid now. It is asked before every attempt."""

Method: TypeAlias = grpc.aio.UnaryUnaryMultiCallable[Request, Response]


class Calls:
    """Calls methods over a channel until they are answered, by a policy."""

    _metadata: Metadata = ()

    def __init__(
        self, channel: grpc.aio.Channel, policy: RetryPolicy, token: Token | None = None
    ) -> None:
        """Uses the channel, and sends the token with every call."""
        self._channel = channel
        self._policy = policy
        self._token = token

    def _headers(self) -> Metadata:
        """Returns the metadata of a call that begins now."""
        token = self._token() if callable(self._token) else self._token
        if not token:
            return self._metadata
        return (("authorization", f"Bearer {token}"), *self._metadata)

    async def _command(self, method: Method[Command, Response], request: Command) -> Response:
        request = with_request_id(request)

        def send(seconds: float) -> Awaitable[Response]:
            return method(request, timeout=seconds, metadata=self._headers())

        return await retry.answer(send, self._policy, request_id=request.request_id)

    async def _read(self, method: Method[Request, Response], request: Request) -> Response:
        def send(seconds: float) -> Awaitable[Response]:
            return method(request, timeout=seconds, metadata=self._headers())

        return await retry.answer(send, self._policy)


def with_request_id(request: Command) -> Command:
    """Returns the request, or a copy with an id of its own if it has none."""
    if not request.request_id:
        request = copy_of(request)
        request.request_id = uuid4().hex
    return request


def copy_of(message: AnyMessage) -> AnyMessage:
    """Returns a message that may be changed without the caller noticing."""
    copy = type(message)()
    copy.CopyFrom(message)
    return copy
