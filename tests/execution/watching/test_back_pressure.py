"""What a process keeps for watchers who take nothing, and that they lose nothing by it."""

import asyncio
from typing import Self

from tests.execution.watching.conftest import StartHub, position_as_text
from tests.execution.watching.hearing import hear, told_by
from tests.told import Teller, many, told
from wallet_server.core.events.told import ToldEvent
from wallet_server.execution.watching.feed import RECENT_EVENTS_MAX
from wallet_server.execution.watching.subscription import PENDING_EVENTS_MAX
from wallet_server.execution.watching.watch import MESSAGE_EVENTS_MAX, NOW

PATIENCE_SECONDS = 60
DEAF_COUNT = 5


class Counted(bytes):
    """An encoded event. They are counted while they are kept."""

    kept_count = 0

    def __new__(cls, encoded: bytes) -> Self:
        """Counts one more."""
        cls.kept_count += 1
        return super().__new__(cls, encoded)

    def __del__(self) -> None:
        """Counts one less."""
        Counted.kept_count -= 1


def counted(event: ToldEvent) -> bytes:
    """Encodes an event as its position."""
    return Counted(position_as_text(event))


async def test_no_more_is_kept_however_many_events_somebody_does_not_take(
    teller: Teller, start_hub: StartHub
) -> None:
    await teller.tell([told(1)])
    hub = await start_hub(encode=counted)
    deaf = [told_by(hub, start=NOW) for _ in range(DEAF_COUNT)]
    assert [(await anext(each)).position for each in deaf] == [1] * DEAF_COUNT
    await teller.tell([told(2)])
    assert [(await anext(each)).position for each in deaf] == [2] * DEAF_COUNT

    last = PENDING_EVENTS_MAX * 4
    for first in range(3, last, PENDING_EVENTS_MAX):
        await teller.tell(many(range(first, min(first + PENDING_EVENTS_MAX, last + 1))))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while hub._feeds["demo"].position < last:
            await asyncio.sleep(0.01)
    kept_count = Counted.kept_count
    heard = [await hear(each, until=last) for each in deaf]

    assert 0 < kept_count <= RECENT_EVENTS_MAX + MESSAGE_EVENTS_MAX
    assert hub.statistics.overruns == DEAF_COUNT
    assert [each.positions for each in heard] == [[*range(3, last + 1)]] * DEAF_COUNT
