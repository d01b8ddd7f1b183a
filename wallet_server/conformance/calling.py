"""Calls over gRPC, with whatever comes back as a value."""

from collections.abc import Sequence

import grpc
from google.protobuf.message import Message
from google.rpc.status_pb2 import Status

from wallet_server.conformance.actors import Metadata
from wallet_server.conformance.batches import EXECUTE_BATCH, batch_of, replies_in
from wallet_server.conformance.error_infos import details_in, error_info
from wallet_server.conformance.methods import Method, methods
from wallet_server.conformance.recording import Reply

CALL_TIMEOUT_SECONDS = 30.0
STATUS_KEY = "grpc-status-details-bin"


class Caller:
    """Calls a target's methods by their short names."""

    def __init__(
        self, channel: grpc.aio.Channel, *, in_batches: bool = False, token: str = ""
    ) -> None:
        """Uses the channel, which stays the caller's to close.

        With `in_batches` every command goes in a batch of one. A `token` goes with every call.
        """
        self._channel = channel
        self._credentials = (("authorization", f"Bearer {token}"),) if token else ()
        self._in_batches = in_batches

    async def call(self, name: str, request: Message, metadata: Metadata = ()) -> Reply:
        """Sends a request and returns its reply, whatever it is."""
        if self._in_batches and methods()[name].is_command:
            [reply] = await self.call_together([request], metadata)
            return reply
        return await self._call(name, request, metadata)

    async def call_together(
        self, requests: Sequence[Message], metadata: Metadata = ()
    ) -> list[Reply]:
        """Sends requests of commands in one batch and returns the reply to each."""
        reply = await self._call(EXECUTE_BATCH, batch_of(requests), metadata)
        return replies_in(reply, requests)

    async def _call(self, name: str, request: Message, metadata: Metadata) -> Reply:
        method = methods()[name]
        try:
            response = await self._unary(method)(
                request,
                timeout=CALL_TIMEOUT_SECONDS,
                metadata=(*self._credentials, *metadata),
            )
        except grpc.aio.AioRpcError as error:
            return _reply_of(error)
        return Reply("OK", response)

    def _unary(self, method: Method) -> "grpc.aio.UnaryUnaryMultiCallable[Message, Message]":
        return self._channel.unary_unary(
            method.wire_path,
            request_serializer=_serialize,
            response_deserializer=method.decode_response,
        )


def _serialize(request: Message) -> bytes:
    return request.SerializeToString()


def _reply_of(error: grpc.aio.AioRpcError) -> Reply:
    status = _status_of(error)
    reason, metadata = error_info(status)
    message = error.details() or ""
    return Reply(error.code().name, None, reason, metadata, message, details_in(status))


def _status_of(error: grpc.aio.AioRpcError) -> Status:
    status = Status()
    for key, value in error.trailing_metadata() or ():
        if key == STATUS_KEY and isinstance(value, bytes):
            status.ParseFromString(value)
    return status
