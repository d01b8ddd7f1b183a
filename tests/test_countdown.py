"""What ends in time is waited for, and the rest is given up."""

import asyncio

import pytest

from wallet_server.countdown import Countdown


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Countdown:
    monkeypatch.setattr(Countdown, "LAST_SECONDS", 0.01)
    return Countdown(0)


class Ending:
    """Something that ends when it may, or is given up."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.has_ended = False
        self.is_given_up = False

    async def finish(self) -> None:
        """Waits until it may end."""
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.is_given_up = True
            raise
        self.has_ended = True


async def test_what_ends_in_time_is_waited_for() -> None:
    ending = Ending()
    asyncio.get_running_loop().call_soon(ending.may_end.set)

    assert await Countdown(600).suffices(ending.finish())
    assert ending.has_ended


async def test_what_does_not_end_is_given_up(short: Countdown) -> None:
    ending = Ending()

    assert not await short.suffices(ending.finish())
    assert ending.is_given_up
    assert not ending.has_ended


async def test_who_comes_too_late_still_has_a_moment(short: Countdown) -> None:
    assert not await short.suffices(Ending().finish())
    ending = Ending()
    ending.may_end.set()

    assert await short.suffices(ending.finish())


async def test_what_goes_wrong_is_told() -> None:
    async def fail() -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await Countdown(600).suffices(fail())
