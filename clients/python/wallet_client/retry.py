"""Sends a request until it is answered or time is up, never as another request.

That is safe because a server answers one `request_id` once and for all. A refusal is
an answer. What is not: a connection that was lost, a server that stopped or was in
the way of others (`UNAVAILABLE`, `CANCELLED`), and silence (`DEADLINE_EXCEEDED`). A
call that its own caller cancels ends in `asyncio.CancelledError` and is left alone, so
a `CANCELLED` that arrives here came from the other side.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import grpc
import grpc.aio

from wallet_client.errors import details_of, error_of, unknown_outcome

T = TypeVar("T")

UNANSWERED = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.DEADLINE_EXCEEDED,
    }
)

NOTHING_DONE = frozenset({"DEADLINE_PASSED", "EXPORT_LIMIT", "OVERLOADED", "SHUTTING_DOWN"})
"""The reasons that say that nothing was done. Others leave that open."""


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """How long to keep trying.

    Args:
        total_seconds: For a call with all its attempts and the pauses between them.
        attempt_seconds: For one attempt.
        attempts_max: How often a request is sent.
        delay_seconds: The pause after the first attempt is between half of this and all
            of it. It doubles with each attempt, and is never below what a server asks.
        delay_seconds_max: What the pause grows to.
    """

    total_seconds: float = 10
    attempt_seconds: float = 4
    attempts_max: int = 8
    delay_seconds: float = 0.05
    delay_seconds_max: float = 2

    def pause_seconds(self, attempt: int, asked_seconds: float | None) -> float:
        """Returns the pause after an attempt, counted from zero."""
        longest = min(self.delay_seconds * 2**attempt, self.delay_seconds_max)
        return max(asked_seconds or 0, longest * random.uniform(0.5, 1))  # noqa: S311


async def answer(
    send: Callable[[float], Awaitable[T]], policy: RetryPolicy, *, request_id: str = ""
) -> T:
    """Returns the answer to a request, sent as often as it takes.

    Args:
        send: Sends the request and waits for so many seconds.
        policy: How long to keep trying.
        request_id: That of a command; empty for a read, which leaves nothing unknown.

    Raises:
        WalletError: It was refused; or there was no answer in time.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + policy.total_seconds
    unknown = False
    for attempt in range(policy.attempts_max):
        try:
            return await send(min(policy.attempt_seconds, end - loop.time()))
        except grpc.aio.AioRpcError as failure:
            if failure.code() not in UNANSWERED:
                raise error_of(failure) from failure
            details = details_of(failure)
            unknown = unknown or details.reason not in NOTHING_DONE
            pause = policy.pause_seconds(attempt, details.retry_delay_seconds)
            if attempt + 1 == policy.attempts_max or loop.time() + pause >= end:
                if unknown and request_id:
                    raise unknown_outcome(error_of(failure), request_id) from failure
                raise error_of(failure) from failure
        await asyncio.sleep(pause)
    raise AssertionError("an attempt returns or raises, the last one always")
