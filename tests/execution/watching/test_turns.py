"""Turns to read what is past: one at a time, and the fewer the more else there is to do."""

import asyncio
from dataclasses import dataclass, field

import pytest

from wallet_server.core.events.reading import EventHead
from wallet_server.execution.watching.catching_up import (
    LATE_SECONDS,
    SHARE_MAX,
    SHARE_MIN,
    WORK_SHARE,
    Turns,
)
from wallet_server.execution.watching.encoded import EncodedPage


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


def page_of(seconds: float) -> EncodedPage:
    """Returns a page that took so much of a processor."""
    return EncodedPage((), 1, EventHead(1, 1), seconds)


async def take(turns: Turns, processor: Processor, seconds: float) -> float:
    """Reads a page that takes so long of a processor. Returns the part of it that reading has."""

    async def read() -> EncodedPage:
        return page_of(seconds)

    await turns.take(read)
    reading_seconds = seconds / WORK_SHARE
    return round(reading_seconds / (reading_seconds + processor.pauses[-1]), 9)


async def test_where_nothing_is_done_a_reader_has_as_much_as_it_may() -> None:
    processor = Processor()
    turns = turns_of(processor)

    shares = [await take(turns, processor, 0.1) for _ in range(5)]

    assert shares == [pytest.approx(SHARE_MAX)] * 5


@pytest.mark.parametrize(
    ("used_share", "share"),
    [(0.1, SHARE_MAX), (0.5, 0.3), (0.7, 0.1), (0.78, SHARE_MIN), (1.0, SHARE_MIN)],
)
async def test_the_more_the_process_does_the_less_there_is_to_read(
    used_share: float, share: float
) -> None:
    processor = Processor()
    turns = turns_of(processor)
    processor.seconds, processor.used_seconds = 1.0, used_share

    assert await take(turns, processor, 1e-9) == pytest.approx(share)


async def test_what_it_does_now_counts_and_not_what_it_did() -> None:
    processor = Processor(seconds=1.0, used_seconds=1.0)
    turns = turns_of(processor)
    await take(turns, processor, 1.0)
    processor.work(10.0)

    busy = await take(turns, processor, 1.0)
    idle = await take(turns, processor, 1.0)

    assert (busy, idle) == (pytest.approx(SHARE_MIN), pytest.approx(SHARE_MAX))


async def test_a_process_that_wakes_late_is_busy() -> None:
    processor = Processor(late_seconds=LATE_SECONDS)
    turns = turns_of(processor)

    shares = [await take(turns, processor, 0.1) for _ in range(30)]

    assert shares == sorted(shares, reverse=True)
    assert (shares[0], shares[-1]) == (pytest.approx(SHARE_MAX), pytest.approx(SHARE_MIN))


async def test_pages_are_read_in_turn() -> None:
    turns = Turns(pause=lambda _: asyncio.sleep(0))
    under_way, order = list[int](), list[int]()

    async def read(number: int) -> EncodedPage:
        under_way.append(number)
        await asyncio.sleep(0)
        assert under_way == [number]
        under_way.clear()
        order.append(number)
        return page_of(0.0)

    def turn(number: int) -> "asyncio.Task[EncodedPage]":
        return asyncio.create_task(turns.take(lambda: read(number)))

    await asyncio.gather(*map(turn, range(5)))

    assert order == [0, 1, 2, 3, 4]


async def test_a_turn_that_fails_is_over() -> None:
    turns = Turns(pause=lambda _: asyncio.sleep(0))

    async def fail() -> EncodedPage:
        raise BrokenPipeError

    for _ in range(2):
        with pytest.raises(BrokenPipeError):
            await turns.take(fail)
