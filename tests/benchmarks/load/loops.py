"""Closed and open loops of calls."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeAlias

from tests.benchmarks.work import Samples

Call: TypeAlias = Callable[[], Awaitable[int]]
"""Calls a server, and returns how many commands it has answered."""

Clock: TypeAlias = Callable[[], float]


async def closed_loop(calls: Iterator[Call], samples: Samples) -> None:
    """Makes calls one after the other, each as soon as the last is answered."""
    for call in calls:
        started = time.monotonic()
        if started >= samples.end:
            return
        commands = await call()
        samples.add(started, time.monotonic(), commands)


async def open_loop(calls: Iterator[Call], samples: Samples, arrivals: Iterator[float]) -> None:
    """Makes calls when they are due, however long earlier ones take.

    A call's time counts from when it was due and not from when it was sent: if callers
    or servers fall behind, that shows (no coordinated omission).
    """
    async with asyncio.TaskGroup() as tasks:
        for due in arrivals:
            if due >= samples.end:
                return
            await asyncio.sleep(due - time.monotonic())
            tasks.create_task(_call_once(next(calls), samples, due))


async def _call_once(call: Call, samples: Samples, due: float) -> None:
    commands = await call()
    samples.add_due(due, time.monotonic(), commands)


def poisson_arrivals(start: float, calls_per_second: float, seed: str) -> Iterator[float]:
    """Yields when calls are due: at random, so many a second on average, for ever."""
    draw = random.Random(seed)
    due = start
    while True:
        due += draw.expovariate(calls_per_second)
        yield due
