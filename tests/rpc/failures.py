"""What a call failed with, taken apart."""

from collections.abc import Awaitable
from dataclasses import dataclass, field

import grpc.aio
import pytest
from google.rpc import error_details_pb2
from google.rpc.error_details_pb2 import PreconditionFailure
from google.rpc.status_pb2 import Status

from wallet.v1.blocker_pb2 import ActivationBlocked, Blocker, DocumentProblems


@dataclass(frozen=True)
class Failure:
    """A status and its details."""

    code: grpc.StatusCode
    message: str
    reason: str = ""
    domain: str = ""
    metadata: dict[str, str] = field(default_factory=dict[str, str])
    violations: tuple[tuple[str, str], ...] = ()
    retry_delay_ms: int | None = None
    problems: tuple[tuple[str, str], ...] = ()
    blockers: tuple[Blocker, ...] = ()
    header_bytes: int = 0


async def failure_of(call: Awaitable[object]) -> Failure:
    """Returns what the call fails with."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return taken_apart(caught.value)


def taken_apart(error: grpc.aio.AioRpcError) -> Failure:
    """Returns the parts of a failure."""
    return parts_of(status_of(error), error.code(), error.details() or "")


def status_of(error: grpc.aio.AioRpcError) -> Status:
    """Returns the status that came with a failure; an empty one if none did."""
    encoded = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
    assert isinstance(encoded, bytes)
    return Status.FromString(encoded)


def failure_in(status: Status) -> Failure:
    """Returns the parts of a status."""
    [code] = [code for code in grpc.StatusCode if code.value[0] == status.code]
    return parts_of(status, code, status.message)


def parts_of(status: Status, code: grpc.StatusCode, message: str) -> Failure:
    """Returns the parts of what comes with a code and a message."""
    info, bad_request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    retry = error_details_pb2.RetryInfo()
    general, problems, blocked = PreconditionFailure(), DocumentProblems(), ActivationBlocked()
    known = (info, bad_request, retry, general, problems, blocked)
    for detail in status.details:
        assert any(map(detail.Unpack, known))
    return Failure(
        code=code,
        message=message,
        reason=info.reason,
        domain=info.domain,
        metadata=dict(info.metadata),
        violations=tuple((v.field, v.reason) for v in bad_request.field_violations),
        retry_delay_ms=retry.retry_delay.ToMilliseconds() if retry.ByteSize() else None,
        problems=tuple((each.path, each.reason) for each in problems.problems),
        blockers=tuple(blocked.blockers),
        header_bytes=status.ByteSize(),
    )
