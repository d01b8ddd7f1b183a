"""What a process keeps for watchers who take nothing, and that they lose nothing by it."""

import asyncio
import gc

from tests.execution.watching.conftest import StartHub
from tests.execution.watching.hearing import hear, told_by
from tests.told import Teller, many, told
from wallet_server.execution.watching.feed import RECENT_EVENTS_MAX
from wallet_server.execution.watching.subscription import PENDING_EVENTS_MAX, FeedEvent
from wallet_server.execution.watching.watch import MESSAGE_EVENTS_MAX, NOW

PATIENCE_SECONDS = 60
DEAF_COUNT = 5


def kept_count() -> int:
    """Returns how many events there are in this process on their way to watchers."""
    gc.collect()
    return sum(isinstance(each, FeedEvent) for each in gc.get_objects())


async def test_no_more_is_kept_however_many_events_somebody_does_not_take(
    teller: Teller, start_hub: StartHub
) -> None:
    await teller.tell([told(1)])
    hub = await start_hub()
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
    kept = kept_count()
    heard = [await hear(each, until=last) for each in deaf]

    assert kept <= RECENT_EVENTS_MAX + MESSAGE_EVENTS_MAX
    assert hub.statistics.overruns == DEAF_COUNT
    assert [each.positions for each in heard] == [[*range(3, last + 1)]] * DEAF_COUNT
