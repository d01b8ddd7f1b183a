"""Closed and open loops, without a clock to wait for."""

import asyncio
import itertools
import math
import time
from collections.abc import Iterator

from tests.benchmarks.load.loops import closed_loop, open_loop, poisson_arrivals
from tests.benchmarks.work import Samples

ALWAYS = (-math.inf, math.inf)


async def test_a_closed_loop_waits_for_each_answer() -> None:
    under_way: list[int] = []

    async def call() -> int:
        under_way.append(1)
        await asyncio.sleep(0)
        assert len(under_way) == 1
        under_way.pop()
        return 3

    samples = Samples(*ALWAYS)
    await closed_loop(itertools.repeat(call, 4), samples)

    assert samples.commands == 12
    assert len(samples.seconds) == 4


async def test_a_closed_loop_ends_in_time() -> None:
    samples = Samples(-math.inf, time.monotonic())

    await closed_loop(itertools.repeat(answer_at_once), samples)

    assert samples.commands == 0


async def test_an_open_loop_does_not_wait_for_answers() -> None:
    all_sent = asyncio.Event()
    sent = itertools.count(1)

    async def call() -> int:
        if next(sent) == 5:
            all_sent.set()
        await all_sent.wait()
        return 1

    samples = Samples(*ALWAYS)
    await open_loop(itertools.repeat(call), samples, now(times=5))

    assert samples.commands == 5


async def test_a_call_of_an_open_loop_counts_from_when_it_was_due() -> None:
    late = time.monotonic() - 100

    samples = Samples(*ALWAYS)
    await open_loop(itertools.repeat(answer_at_once), samples, iter([late]))

    assert samples.seconds[0] >= 100


async def test_a_call_of_an_open_loop_is_measured_if_it_was_due_in_time() -> None:
    begin = time.monotonic() - 10

    samples = Samples(begin, begin + 5)
    due = iter([begin - 1, begin + 1, begin + 4, begin + 6])
    await open_loop(itertools.repeat(answer_at_once), samples, due)

    assert samples.commands == 2


def test_arrivals_are_the_same_for_a_seed_and_as_many_as_they_should_be() -> None:
    due = list(itertools.islice(poisson_arrivals(50.0, 1_000, "seed"), 10_000))

    assert due == list(itertools.islice(poisson_arrivals(50.0, 1_000, "seed"), 10_000))
    assert due != list(itertools.islice(poisson_arrivals(50.0, 1_000, "other"), 10_000))
    assert due == sorted(due)
    assert 59.7 < due[-1] < 60.3  # The seed is fixed, and so is this.


def test_gaps_between_arrivals_are_not_even() -> None:
    due = list(itertools.islice(poisson_arrivals(0.0, 1_000, "seed"), 10_000))
    gaps = [later - earlier for earlier, later in itertools.pairwise(due)]

    # Of gaps that are distributed exponentially, 63 % are shorter than their mean.
    assert 0.62 < sum(gap < 0.001 for gap in gaps) / len(gaps) < 0.645


async def answer_at_once() -> int:
    return 1


def now(*, times: int) -> Iterator[float]:
    return itertools.repeat(time.monotonic(), times)
