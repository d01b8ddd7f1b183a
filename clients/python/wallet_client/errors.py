"""What a call fails with. The class says what to do next, `reason` says why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import grpc
import grpc.aio
from google.rpc import error_details_pb2
from google.rpc.status_pb2 import Status

from wallet.v1.blocker_pb2 import ActivationBlocked, Blocker, DocumentProblems, Problem

DETAILS_KEY = "grpc-status-details-bin"
REPLAYED_KEY = "replayed"


@dataclass(frozen=True)
class FieldViolation:
    """A field that is wrong, why, and the rule that it breaks."""

    field: str
    description: str
    reason: str


@dataclass(frozen=True)
class Details:
    """What a status says beyond its code and message.

    `problems` are what is wrong with a document, `blockers` what is in the way of a topology: the
    first, if there are too many for an error.
    """

    reason: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])
    violations: tuple[FieldViolation, ...] = ()
    retry_delay_seconds: float | None = None
    problems: tuple[Problem, ...] = ()
    blockers: tuple[Blocker, ...] = ()


class WalletError(Exception):
    """A call failed.

    `reason` is a value of `ErrorReason` without its prefix, or empty where the call
    never reached a wallet server; `metadata` are the facts that it documents. New
    reasons may come: branch on the class where a reason is unknown.
    """

    def __init__(self, code: grpc.StatusCode, message: str, details: Details) -> None:
        """Carries what the server said."""
        super().__init__(f"{details.reason or code.name}: {message}")
        self.code = code
        self.message = message
        self.details = details
        self.reason = details.reason
        self.metadata = details.metadata
        self.retry_delay_seconds = details.retry_delay_seconds

    @property
    def replayed(self) -> bool:
        """Whether the same command was answered so before."""
        return self.metadata.get(REPLAYED_KEY) == "true"


class InvalidRequestError(WalletError):
    """The request makes no sense, or is too large: fix it, or the program that made it."""

    def __init__(self, code: grpc.StatusCode, message: str, details: Details) -> None:
        """Carries the fields that are wrong, too, if that is what is wrong."""
        super().__init__(code, message, details)
        self.violations = details.violations


class ConflictError(WalletError):
    """An id is in use for something else: fix the program that chose it."""


class NotFoundError(WalletError):
    """It is not there, or not yet."""


class StaleError(WalletError):
    """What is to be changed was changed since it was read: read it again, and decide again."""


class DeclinedError(WalletError):
    """The wallet says no, and always will to this command. Nothing has changed."""


class ForbiddenError(WalletError):
    """The player's account may not do this, and this command never will be done."""


class UnauthenticatedError(WalletError):
    """Who asks must be known, and is not, or not in a way that the server accepts."""


class UnavailableError(WalletError):
    """No answer in time, and nothing was done. The same request may be sent again."""


class OutcomeUnknownError(UnavailableError):
    """No answer in time, or none that could be read, and the command may have been carried out.

    Send it again with the same `request_id`, which is always safe, or ask `GetAnswer`
    for it.
    """

    def __init__(
        self, code: grpc.StatusCode, message: str, details: Details, *, request_id: str
    ) -> None:
        """Carries the request id to ask or to send again with."""
        super().__init__(code, message, details)
        self.request_id = request_id


class DamagedFileError(WalletError):
    """A file did not come as the server has made it. Nothing of it was kept: ask for it again."""


class InternalError(WalletError):
    """A fault of the server. Send the same request again once, and report it."""


CLASSES: dict[grpc.StatusCode, type[WalletError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidRequestError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: InvalidRequestError,  # It is too large.
    grpc.StatusCode.ALREADY_EXISTS: ConflictError,
    grpc.StatusCode.NOT_FOUND: NotFoundError,
    grpc.StatusCode.ABORTED: StaleError,
    grpc.StatusCode.FAILED_PRECONDITION: DeclinedError,
    grpc.StatusCode.PERMISSION_DENIED: ForbiddenError,
    grpc.StatusCode.UNAUTHENTICATED: UnauthenticatedError,
    grpc.StatusCode.UNAVAILABLE: UnavailableError,
    grpc.StatusCode.CANCELLED: UnavailableError,
    grpc.StatusCode.DEADLINE_EXCEEDED: UnavailableError,
    grpc.StatusCode.INTERNAL: InternalError,
    grpc.StatusCode.DATA_LOSS: DamagedFileError,
}


CODES = {code.value[0]: code for code in grpc.StatusCode}
"""By number."""


def error_of(failure: grpc.aio.AioRpcError) -> WalletError:
    """Returns a call's failure as one of ours."""
    return error_in(failure.code(), failure.details() or "", details_of(failure))


def error_of_status(status: Status) -> WalletError:
    """Returns what one command of many failed with as one of ours."""
    code = CODES.get(status.code, grpc.StatusCode.UNKNOWN)
    return error_in(code, status.message, details_in(status))


def error_in(code: grpc.StatusCode, message: str, details: Details) -> WalletError:
    """Returns an error of the class for its code."""
    return CLASSES.get(code, WalletError)(code, message, details)


def unknown_outcome(error: WalletError, request_id: str) -> OutcomeUnknownError:
    """Returns the error of a command that may have been carried out."""
    return OutcomeUnknownError(error.code, error.message, error.details, request_id=request_id)


def details_of(failure: grpc.aio.AioRpcError) -> Details:
    """Reads the details of a failure; what is not there is empty."""
    return details_in(status_of(failure))


def details_in(status: Status) -> Details:
    """Reads the details of a status; what is not there is empty."""
    info, bad_request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    retry = error_details_pb2.RetryInfo()
    wrong, blocked = DocumentProblems(), ActivationBlocked()
    for detail in status.details:
        _ = any(map(detail.Unpack, (info, bad_request, retry, wrong, blocked)))
    violations = tuple(
        FieldViolation(each.field, each.description, each.reason)
        for each in bad_request.field_violations
    )
    delay = retry.retry_delay.ToMilliseconds() / 1_000 if retry.HasField("retry_delay") else None
    return Details(
        info.reason,
        dict(info.metadata),
        violations,
        delay,
        tuple(wrong.problems),
        tuple(blocked.blockers),
    )


def status_of(failure: grpc.aio.AioRpcError) -> Status:
    """Returns the status that a server sent with its answer, or an empty one."""
    encoded = dict(failure.trailing_metadata() or ()).get(DETAILS_KEY, b"")
    return Status.FromString(encoded) if isinstance(encoded, bytes) else Status()
