"""Calls over gRPC, with whatever comes back as a value."""

from collections.abc import Mapping

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from wallet_server.conformance.methods import Method, methods
from wallet_server.conformance.recording import Reply

CALL_TIMEOUT_SECONDS = 30.0
STATUS_KEY = "grpc-status-details-bin"


class Caller:
    """Calls a target's methods by their short names."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        """Uses the channel, which stays the caller's to close."""
        self._channel = channel

    async def call(self, name: str, request: Message) -> Reply:
        """Sends a request and returns its reply, whatever it is."""
        method = methods()[name]
        try:
            response = await self._unary(method)(request, timeout=CALL_TIMEOUT_SECONDS)
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
    reason, metadata = _error_info(error)
    return Reply(error.code().name, None, reason, metadata, error.details() or "")


def _error_info(error: grpc.aio.AioRpcError) -> tuple[str, Mapping[str, str]]:
    status = status_pb2.Status()
    for key, value in error.trailing_metadata() or ():
        if key == STATUS_KEY and isinstance(value, bytes):
            status.ParseFromString(value)
    for detail in status.details:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return info.reason, dict(info.metadata)
    return "", {}
