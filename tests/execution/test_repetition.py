"""What a process does again and again: it pauses as the work says, and goes on when it fails."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from wallet_server.execution.errors import HinderedError, OverloadedError, ShuttingDownError
from wallet_server.execution.repetition import AT_ONCE, Pause, Repetition, Work

FOR_EVER = Pause(3600)
UNTIL_POKED = Pause(3600, ends_with_poke=True)
USUAL = None
TURNS_COUNT = 100
"""After so many turns of the loop, whatever a poke has set going has begun."""

PATIENCE_SECONDS = 30

Start = Callable[[Work], Repetition]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts to repeat some work, with an hour in between; it is finished at the end of the test."""
    async with AsyncExitStack() as closing:

        def started(work: Work) -> Repetition:
            repetition = Repetition("work", work, interval_seconds=3600, pause_seconds_max=3600)
            closing.push_async_callback(repetition.finish)
            repetition.start()
            return repetition

        yield started


class Script:
    """Work that ends, one time after the other, as it is told to."""

    def __init__(self, *ends: Pause | Exception | None) -> None:
        self.ends = list(ends)
        self.done: asyncio.Queue[int] = asyncio.Queue()
        self.count = 0

    async def work(self) -> Pause | None:
        """Does it once."""
        end = self.ends[self.count]
        self.count += 1
        self.done.put_nowait(self.count)
        if isinstance(end, Exception):
            raise end
        return end

    async def times(self, count: int) -> None:
        """Waits until it was done so often in all."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self.done.get() < count:
                pass


async def test_work_that_has_left_something_is_done_again_at_once(start: Start) -> None:
    script = Script(AT_ONCE, AT_ONCE, FOR_EVER)
    start(script.work)
    await script.times(3)


@pytest.mark.parametrize(("pause", "times_expected"), [(UNTIL_POKED, 2), (FOR_EVER, 1), (USUAL, 1)])
async def test_a_poke_ends_only_a_pause_that_ends_with_it(
    start: Start, pause: Pause | None, times_expected: int
) -> None:
    script = Script(pause, FOR_EVER)
    repetition = start(script.work)
    await script.times(1)

    repetition.poke()
    for _ in range(TURNS_COUNT):
        await asyncio.sleep(0)

    assert script.count == times_expected


async def test_a_poke_during_the_work_is_not_lost(start: Start) -> None:
    done = asyncio.Queue[None]()

    async def work() -> Pause:
        if done.empty():
            repetition.poke()  # Just after it was looked for the last time.
        done.put_nowait(None)
        return UNTIL_POKED

    repetition = start(work)
    async with asyncio.timeout(PATIENCE_SECONDS):
        for _ in range(2):
            await done.get()


@pytest.mark.parametrize("pause", [USUAL, FOR_EVER, UNTIL_POKED])
async def test_a_pause_ends_when_it_is_to_stop(start: Start, pause: Pause | None) -> None:
    script = Script(pause)
    repetition = start(script.work)
    await script.times(1)

    async with asyncio.timeout(PATIENCE_SECONDS):
        await repetition.finish()

    assert script.count == 1


async def test_what_is_stopped_before_it_could_begin_does_nothing(start: Start) -> None:
    script = Script()
    repetition = start(script.work)
    await repetition.finish()
    assert script.count == 0


async def test_it_is_known_whether_it_was_started() -> None:
    repetition = Repetition("work", Script().work, interval_seconds=1, pause_seconds_max=1)
    assert not repetition.was_started
    await repetition.finish()
    assert not repetition.was_started

    repetition.start()
    await repetition.finish()
    assert repetition.was_started


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (HinderedError("the mill stands still"), "work waits: the mill stands still"),
        (ShuttingDownError("a secret"), "work waits: ShuttingDownError"),
        (ConnectionResetError("a secret"), "work waits: ConnectionResetError"),
        (OverloadedError("a secret"), "work waits: the engine has no room"),
        (RuntimeError("a bug"), "work failed"),
    ],
)
async def test_what_fails_is_told_and_done_again(
    caplog: pytest.LogCaptureFixture, error: Exception, told: str
) -> None:
    caplog.set_level("INFO")
    script = Script(error, error, FOR_EVER)
    repetition = Repetition("work", script.work, interval_seconds=0.001, pause_seconds_max=0.002)
    repetition.start()
    await script.times(3)
    await repetition.finish()

    assert caplog.messages == [told, told]
    assert "a secret" not in caplog.text
