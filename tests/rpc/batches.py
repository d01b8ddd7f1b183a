"""Command batches, and what their results are taken apart into."""

from typing import Any

from google.protobuf.message import Message

from tests.rpc.failures import Failure, failure_in
from tests.rpc.malformed import METHODS
from wallet.v1 import wallet_commands_pb2 as pb

COMMANDS_MAX = 500
BATCH = "ExecuteBatch"

COMMANDS = [
    method
    for method in METHODS
    if method.containing_service.name == "WalletCommands" and method.name != BATCH
]
"""The methods that are commands."""

PLACES: dict[str, str] = {
    field.message_type.full_name: field.name
    for field in pb.BatchCommand.DESCRIPTOR.fields
    if field.message_type is not None
}
"""By request: what `BatchCommand` calls it."""


def batch_of(*requests: Message) -> pb.ExecuteBatchRequest:
    """Returns a call that carries requests of commands."""
    return pb.ExecuteBatchRequest(commands=[command_of(request) for request in requests])


def command_of(request: Message) -> pb.BatchCommand:
    """Returns a request, as one command of a batch."""
    place: Any = {PLACES[request.DESCRIPTOR.full_name]: request}
    return pb.BatchCommand(**place)


def response_in(result: pb.BatchResult) -> Any:
    """Returns the response in a result, or what the command failed with."""
    kind = result.WhichOneof("result")
    assert kind is not None
    return failure_in(result.error) if kind == "error" else getattr(result, kind)


def failures_in(response: pb.ExecuteBatchResponse) -> list[Failure]:
    """Returns what the commands failed with; all must have."""
    assert all(result.HasField("error") for result in response.results)
    return [failure_in(result.error) for result in response.results]


def told(response: pb.ExecuteBatchResponse) -> list[str]:
    """Returns in a word what became of each command: an outcome, or a reason."""
    return [word_for(response_in(result)) for result in response.results]


def word_for(answer: Any) -> str:
    """Returns the outcome of a response, with a mark if it was given before; or the reason."""
    if isinstance(answer, Failure):
        return answer.reason + (" again" if "replayed" in answer.metadata else "")
    outcome = pb.Outcome.Name(answer.outcome).removeprefix("OUTCOME_")
    return outcome + (" again" if answer.replayed else "")
