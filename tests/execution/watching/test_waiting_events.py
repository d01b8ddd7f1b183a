"""How many events wait to be read for those who watch."""

import asyncio

from tests.execution.watching.conftest import StartHub
from tests.execution.watching.hearing import hear, told_by
from tests.told import Teller, many, told
from wallet_server.execution.watching.hub import PAGE_EVENTS, Hub

PATIENCE_SECONDS = 60
PAGES = 3


async def counts_until_none(hub: Hub) -> list[int]:
    """Returns how many have waited, each time that it was another number, until none does."""
    seen: list[int] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not seen or seen[-1]:
            waiting = hub.statistics.waiting_events
            if waiting and waiting not in seen[-1:]:
                seen.append(waiting)
            elif seen and not waiting:
                seen.append(0)
            await asyncio.sleep(0)
    return seen


async def test_what_is_not_read_yet_is_counted_after_each_page(
    teller: Teller, start_hub: StartHub
) -> None:
    hub = await start_hub()
    await teller.tell([told(1)])
    stream = told_by(hub)
    await anext(stream)
    await anext(stream)
    last = 1 + PAGES * PAGE_EVENTS
    counting = asyncio.create_task(counts_until_none(hub))

    listening = asyncio.create_task(hear(stream, until=last))
    await teller.tell(many(range(2, last + 1)))

    assert await counting == [2 * PAGE_EVENTS, PAGE_EVENTS, 0]
    await listening


async def test_nothing_waits_for_nobody(teller: Teller, start_hub: StartHub) -> None:
    hub = await start_hub()
    await teller.tell([told(1)])
    stream = told_by(hub)
    await anext(stream)
    hub.statistics.waiting_events = 7

    await stream.aclose()

    assert hub.statistics.waiting_events == 0
