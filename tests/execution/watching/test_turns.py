"""Turns to read what is past: one at a time, and the fewer the more else there is to do."""

import asyncio
from dataclasses import dataclass, field

import pytest

from wallet_server.execution.watching.catching_up import (
    LATE_SECONDS,
    SHARE_MAX,
    SHARE_MIN,
    USED_SHARE_MIN,
    WORK_SHARE,
    Turns,
)


@dataclass
class Processor:
    """A clock, and how much of the time so far was used."""

    seconds: float = 0.0
    used_seconds: float = 0.0
    late_seconds: float = 0.0
    pauses: list[float] = field(default_factory=list[float])

    def work(self, seconds: float) -> None:
        """Lets time go by at work."""
        self.seconds += seconds
        self.used_seconds += seconds

    async def pause(self, seconds: float) -> None:
        """Lets time go by."""
        self.pauses.append(seconds)
        self.seconds += seconds + self.late_seconds


def turns_of(processor: Processor) -> Turns:
    return Turns(
        clock=lambda: processor.seconds,
        processor_clock=lambda: processor.used_seconds,
        pause=processor.pause,
    )


async def nothing() -> None:
    """Reads nothing, at once."""


async def take(turns: Turns, processor: Processor, seconds: float) -> float:
    """Works for so long in a turn, and returns the part of its time that was reading."""
    await turns.take(nothing, lambda _: processor.work(seconds))
    reading_seconds = seconds / WORK_SHARE
    return round(reading_seconds / (reading_seconds + processor.pauses[-1]), 9)


async def test_alone_a_reader_has_as_much_as_it_may() -> None:
    processor = Processor()
    turns = turns_of(processor)

    shares = [await take(turns, processor, 0.1) for _ in range(5)]

    assert shares == [pytest.approx(SHARE_MAX)] * 5


@pytest.mark.parametrize(
    ("others_share", "share"), [(0.1, SHARE_MAX), (0.5, 0.3), (0.75, 0.05), (1.0, SHARE_MIN)]
)
async def test_the_more_the_process_does_beside_the_less_there_is_to_read(
    others_share: float, share: float
) -> None:
    processor = Processor()
    turns = turns_of(processor)
    processor.seconds, processor.used_seconds = 1.0, others_share

    assert await take(turns, processor, 1e-9) == pytest.approx(share)


async def test_a_process_that_wakes_late_is_busy() -> None:
    processor = Processor(late_seconds=LATE_SECONDS)
    turns = turns_of(processor)

    shares = [await take(turns, processor, 0.1) for _ in range(30)]

    assert shares == sorted(shares, reverse=True)
    least_share = SHARE_MIN * USED_SHARE_MIN
    assert (shares[0], shares[-1]) == (pytest.approx(SHARE_MAX), pytest.approx(least_share))


async def test_a_process_that_is_left_little_reads_in_proportion_to_what_else_it_does() -> None:
    processor = Processor(late_seconds=LATE_SECONDS * 100)
    turns = turns_of(processor)
    await take(turns, processor, 1e-9)
    processor.seconds += 1_000.0
    processor.used_seconds += 500.0

    share = await take(turns, processor, 1e-9)

    assert share == pytest.approx(SHARE_MIN * 0.5, rel=1e-3)


async def test_what_is_read_is_worked_on_in_turn() -> None:
    turns = Turns(pause=lambda _: asyncio.sleep(0))
    under_way, order = list[int](), list[int]()

    async def read(number: int) -> int:
        under_way.append(number)
        await asyncio.sleep(0)
        return number

    def work(number: int) -> None:
        assert under_way == [number]
        under_way.clear()
        order.append(number)

    def turn(number: int) -> "asyncio.Task[int]":
        return asyncio.create_task(turns.take(lambda: read(number), work))

    found = await asyncio.gather(*map(turn, range(5)))

    assert found == order == [0, 1, 2, 3, 4]


async def test_a_turn_that_fails_is_over() -> None:
    turns = Turns(pause=lambda _: asyncio.sleep(0))

    async def fail() -> None:
        raise BrokenPipeError

    for _ in range(2):
        with pytest.raises(BrokenPipeError):
            await turns.take(fail, lambda _: None)
