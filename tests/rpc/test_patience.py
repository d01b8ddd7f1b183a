"""How long a caller is waited for: by a clock that stands still until it is moved."""

import asyncio

import pytest

from wallet_server.execution.errors import DeadlinePassedError
from wallet_server.rpc.patience import Patience

SECONDS = 60.0


class Clock:
    """The running loop's clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stops it."""
        loop = asyncio.get_running_loop()
        self._now = loop.time()
        monkeypatch.setattr(loop, "time", lambda: self._now)

    async def advance(self, seconds: float) -> None:
        """Moves it, and lets whatever is due by then happen."""
        self._now += seconds
        for _ in range(5):
            await asyncio.sleep(0)


async def taken_after(clock: Clock, seconds: float) -> None:
    """Is a message that its caller takes after so long."""
    await clock.advance(seconds)


async def test_each_message_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)

    async with Patience(SECONDS) as patience:
        for _ in range(10):
            await patience.wait_for(taken_after(clock, SECONDS - 1))

    await clock.advance(SECONDS * 2)


async def test_time_in_which_nothing_is_sent_is_not_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(monkeypatch)

    async with Patience(SECONDS) as patience:
        await patience.wait_for(taken_after(clock, 1))
        await clock.advance(SECONDS * 3)
        await patience.wait_for(taken_after(clock, SECONDS - 1))
        await clock.advance(SECONDS * 3)


async def test_a_caller_that_takes_too_long_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    create_future = asyncio.get_running_loop().create_future
    first: asyncio.Future[None] = create_future()

    async def send() -> None:
        async with Patience(SECONDS) as patience:
            await patience.wait_for(first)
            await patience.wait_for(create_future())

    sending = asyncio.ensure_future(send())
    await clock.advance(0)
    await clock.advance(SECONDS - 1)
    first.set_result(None)
    await clock.advance(0)
    await clock.advance(SECONDS - 1)
    assert not sending.done()
    await clock.advance(1)
    assert sending.done()

    with pytest.raises(DeadlinePassedError):
        await sending


async def test_whoever_ends_a_stream_ends_it_though_its_caller_is_slow() -> None:
    waiting = asyncio.Event()

    async def send() -> None:
        async with Patience(SECONDS) as patience:
            waiting.set()
            await patience.wait_for(asyncio.get_running_loop().create_future())

    sending = asyncio.ensure_future(send())
    await waiting.wait()
    sending.cancel()

    with pytest.raises(asyncio.CancelledError):
        await sending


async def test_what_went_wrong_elsewhere_is_told_as_it_is() -> None:
    with pytest.raises(TimeoutError, match="the database"):
        async with Patience(SECONDS):
            raise TimeoutError("the database")
