"""Errors as `google.rpc.Status`; the only place that knows codes.

The code says what to do next. `INVALID_ARGUMENT`, `ALREADY_EXISTS`: fix the
request. `NOT_FOUND`, `FAILED_PRECONDITION`, `PERMISSION_DENIED`: the world is not
ready for it. `ABORTED`: read again. `UNAUTHENTICATED`: say who asks. `UNAVAILABLE`,
`DEADLINE_EXCEEDED`: send it again. `INTERNAL`: tell us. Nothing internal gets out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import DecodeError, Message
from google.rpc import code_pb2, error_details_pb2
from google.rpc.status_pb2 import Status

from wallet_server.core.refusals import (
    Conflict,
    Declined,
    Forbidden,
    Invalid,
    NotFound,
    Refusal,
    Unidentified,
)
from wallet_server.core.refusals.access import Denied
from wallet_server.core.refusals.administration import Stale
from wallet_server.execution.errors import (
    ConfigurationChangingError,
    ContentionError,
    DeadlinePassedError,
    ExportLimitError,
    Fault,
    OverloadedError,
    PositionNotRolledUpError,
    RefusedError,
    SequenceNotReachedError,
    ShuttingDownError,
    StatementsNotReadyError,
    StorageUnavailableError,
)
from wallet_server.rpc.refusal_details import details_of
from wallet_server.rpc.validation import InvalidRequestError

DOMAIN = "wallet.v1"
INVALID_REQUEST = "INVALID_REQUEST"
INTERNAL = "INTERNAL"
REPLAYED = "replayed"
"""The metadata key that tells that a recorded refusal was given before."""

TEXT_LENGTH_MAX = 512
"""Of a message or a metadata value: gRPC drops the call where headers get too long."""

CODES: dict[type[Refusal], int] = {
    Declined: code_pb2.FAILED_PRECONDITION,
    Forbidden: code_pb2.PERMISSION_DENIED,
    Invalid: code_pb2.INVALID_ARGUMENT,
    NotFound: code_pb2.NOT_FOUND,
    Conflict: code_pb2.ALREADY_EXISTS,
    Unidentified: code_pb2.UNAUTHENTICATED,
    Stale: code_pb2.ABORTED,
    Denied: code_pb2.PERMISSION_DENIED,
}


@dataclass(frozen=True, slots=True)
class FaultAnswer:
    """What callers are told of a fault. Without a delay, waiting does not help."""

    code: int
    reason: str
    message: str
    retry_delay_seconds: float | None = None


FAULTS: dict[type[Fault], FaultAnswer] = {
    SequenceNotReachedError: FaultAnswer(
        code_pb2.UNAVAILABLE,
        "SEQUENCE_NOT_REACHED",
        "the wallet is at sequence {sequence}, not yet at {minimum_sequence}",
        retry_delay_seconds=0.05,
    ),
    StatementsNotReadyError: FaultAnswer(
        code_pb2.UNAVAILABLE,
        "STATEMENTS_NOT_READY",
        "the statements are being made from the ledger",
        retry_delay_seconds=1.0,
    ),
    PositionNotRolledUpError: FaultAnswer(
        code_pb2.UNAVAILABLE,
        "POSITION_NOT_ROLLED_UP",
        "the statements are at position {position}, not yet at {minimum_position}",
        retry_delay_seconds=0.5,
    ),
    ConfigurationChangingError: FaultAnswer(
        code_pb2.UNAVAILABLE,
        "TOPOLOGY_CHANGING",
        "the tenant's configuration is changing",
        retry_delay_seconds=0.1,
    ),
    ContentionError: FaultAnswer(
        code_pb2.UNAVAILABLE,
        "CONTENTION",
        "other work on the same wallet is in the way",
        retry_delay_seconds=0.05,
    ),
    OverloadedError: FaultAnswer(
        code_pb2.UNAVAILABLE,
        "OVERLOADED",
        "the server has as much to do as it may take on",
        retry_delay_seconds=0.2,
    ),
    ExportLimitError: FaultAnswer(
        code_pb2.UNAVAILABLE,
        "EXPORT_LIMIT",
        "the server makes {limit} files of the tenant at once, and no more",
        retry_delay_seconds=1.0,
    ),
    ShuttingDownError: FaultAnswer(
        code_pb2.UNAVAILABLE,
        "SHUTTING_DOWN",
        "the server is about to stop",
        retry_delay_seconds=0.2,
    ),
    StorageUnavailableError: FaultAnswer(
        code_pb2.UNAVAILABLE,
        "STORAGE_UNAVAILABLE",
        "the database cannot be reached, or was lost on the way",
        retry_delay_seconds=0.5,
    ),
    DeadlinePassedError: FaultAnswer(
        code_pb2.DEADLINE_EXCEEDED,
        "DEADLINE_PASSED",
        "the deadline passed before the command could start",
    ),
}


def status_of(error: Exception) -> Status:
    """Returns what the caller is told about an error."""
    match error:
        case RefusedError(refusal=refusal, replayed=replayed):
            metadata = metadata_of(refusal) | ({REPLAYED: "true"} if replayed else {})
            facts = info(refusal.reason, metadata)
            return status(code_of(refusal), message_of(refusal), facts, *details_of(refusal))
        case InvalidRequestError() | DecodeError():
            return status_of_invalid(error)
        case Fault() if answer := FAULTS.get(type(error)):
            return status_of_fault(error, answer)
        case _:
            return status(code_pb2.INTERNAL, "internal error", info(INTERNAL))


def is_bug(status: Status) -> bool:
    """Tells whether a status stands for an error that nobody foresaw."""
    return status.code == code_pb2.INTERNAL


def reason_of(status: Status) -> str:
    """Returns the reason of a status of ours, which stands in its first detail."""
    facts = error_details_pb2.ErrorInfo()
    status.details[0].Unpack(facts)
    return facts.reason


def code_of(refusal: Refusal) -> int:
    """Returns the code that a refusal is answered with: its kind's."""
    return next(code for kind, code in CODES.items() if isinstance(refusal, kind))


def message_of(refusal: Refusal) -> str:
    """Returns what happened, for developers."""
    return refusal.describe()[:TEXT_LENGTH_MAX]


def metadata_of(refusal: Refusal) -> dict[str, str]:
    """Returns the facts of a refusal by name."""
    return {name: str(fact)[:TEXT_LENGTH_MAX] for name, fact in refusal.details().items()}


def status_of_invalid(error: InvalidRequestError | DecodeError) -> Status:
    """Returns what is said of a request that is wrong in itself."""
    if isinstance(error, DecodeError):
        message = "the request is not an encoded message of its type"
        return status(code_pb2.INVALID_ARGUMENT, message, info(INVALID_REQUEST))
    bad_request = error_details_pb2.BadRequest(
        field_violations=[
            error_details_pb2.BadRequest.FieldViolation(
                field=each.field, description=each.description, reason=each.reason
            )
            for each in error.violations
        ]
    )
    return status(code_pb2.INVALID_ARGUMENT, str(error), info(INVALID_REQUEST), bad_request)


def status_of_fault(fault: Fault, answer: FaultAnswer) -> Status:
    """Returns what is said of a fault, and when to try again."""
    facts = fault.details()
    details: list[Message] = [info(answer.reason, facts)]
    if answer.retry_delay_seconds is not None:
        delay = Duration(nanos=round(answer.retry_delay_seconds * 1e9))
        details.append(error_details_pb2.RetryInfo(retry_delay=delay))
    return status(answer.code, answer.message.format_map(facts), *details)


def info(reason: str, metadata: Mapping[str, str] | None = None) -> error_details_pb2.ErrorInfo:
    """Returns the reason, for programs."""
    return error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN, metadata=metadata)


def status(code: int, message: str, *details: Message) -> Status:
    """Returns a status with its details."""
    packed: list[AnyMessage] = []
    for detail in details:
        packed.append(AnyMessage())
        packed[-1].Pack(detail)
    return Status(code=code, message=message, details=packed)
