"""Commands sent many at a time, and their results as if each had been called by itself."""

from collections.abc import Sequence
from typing import Any

import grpc
from google.protobuf.message import Message

from wallet.v1.wallet_commands_pb2 import (
    BatchCommand,
    BatchResult,
    ExecuteBatchRequest,
    ExecuteBatchResponse,
)
from wallet_server.conformance.error_infos import details_in, error_info
from wallet_server.conformance.recording import Reply

EXECUTE_BATCH = "WalletCommands.ExecuteBatch"
CODES = {code.value[0]: code.name for code in grpc.StatusCode}

PLACES: dict[str, str] = {
    place.message_type.full_name: place.name
    for place in BatchCommand.DESCRIPTOR.fields
    if place.message_type is not None
}
"""By request: what a batch calls it."""


def batch_of(requests: Sequence[Message]) -> ExecuteBatchRequest:
    """Returns the call that carries requests of commands."""
    places: list[Any] = [{place_of(request): request} for request in requests]
    return ExecuteBatchRequest(commands=[BatchCommand(**place) for place in places])


def place_of(request: Message) -> str:
    """Returns what a batch calls a request of a command."""
    return PLACES[request.DESCRIPTOR.full_name]


def replies_in(reply: Reply, requests: Sequence[Message]) -> list[Reply]:
    """Returns the reply to each request. What failed the call failed each of them."""
    if not isinstance(reply.response, ExecuteBatchResponse):
        return [reply] * len(requests)
    results = reply.response.results
    if len(results) != len(requests):
        message = f"{len(results)} results for {len(requests)} commands"
        return [Reply("UNKNOWN", message=message)] * len(requests)
    return [
        reply_in(result, place_of(request))
        for result, request in zip(results, requests, strict=True)
    ]


def reply_in(result: BatchResult, place: str) -> Reply:
    """Returns a result as the reply to a call of the command's own method."""
    kind = result.WhichOneof("result")
    if kind == "error":
        reason, metadata = error_info(result.error)
        code = CODES.get(result.error.code, "UNKNOWN")
        return Reply(code, None, reason, metadata, result.error.message, details_in(result.error))
    if kind is None or kind != place:
        return Reply("UNKNOWN", message=f"the result is {kind or 'empty'}, not {place}")
    response: Message = getattr(result, kind)
    return Reply("OK", response)
