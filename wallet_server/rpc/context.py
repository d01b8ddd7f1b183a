"""What grpc hands to every method beside the request."""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeAlias, cast

import grpc.aio

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"

Metadata: TypeAlias = Sequence[tuple[str, str | bytes]]


def metadata_of(context: Context) -> Metadata:
    """Returns the headers of a call. Each time grpc makes them anew, which takes a while."""
    # The stubs take it for a mapping's type.
    return cast("Metadata", context.invocation_metadata() or ())


def deadline_seconds(context: Context) -> float | None:
    """Returns when the caller stops waiting, on the running loop's clock; none for never."""
    # The stubs do not know that a call may have no deadline.
    remaining = cast("float | None", context.time_remaining())
    return None if remaining is None else asyncio.get_running_loop().time() + remaining


def deadline_is_over(context: Context) -> bool:
    """Tells whether the caller has stopped waiting, as it had said that it would."""
    remaining = cast("float | None", context.time_remaining())
    return remaining is not None and remaining <= 0
