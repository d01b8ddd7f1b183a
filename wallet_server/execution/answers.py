"""Waits for many answers at once, at the price of hardly more than one."""

import asyncio
from collections.abc import Sequence

from wallet_server.execution.submission import Answered


async def wait_for_all(answers: Sequence["asyncio.Future[Answered]"]) -> list[Answered | Exception]:
    """Returns all answers in their order, exceptions in the place of those they end.

    Whoever stops waiting stops waiting for all. A batch answers everybody in it in one
    step of the loop, so the wait is for the first of each batch, and no more.
    """
    try:
        for answer in answers:
            if not answer.done():
                await asyncio.wait((answer,))
    except asyncio.CancelledError:
        for answer in answers:
            answer.cancel()  # Of one that is there, it says that nobody misses it.
        raise
    return [outcome_of(answer) for answer in answers]


def outcome_of(answer: "asyncio.Future[Answered]") -> Answered | Exception:
    """Returns an answer that is there, or the exception in its place."""
    error = answer.exception()
    if error is None:
        return answer.result()
    assert isinstance(error, Exception)
    return error
