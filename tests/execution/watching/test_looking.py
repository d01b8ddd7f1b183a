"""When a process looks for new events: by itself, when it is told of some, and while there is more.

Here it looks by itself once an hour.
"""

import asyncio
from contextlib import aclosing

import pytest

from tests.execution.watching.conftest import StartHub
from tests.execution.watching.hearing import hear, told_by
from tests.told import Teller, many, told
from wallet_server.execution.repetition import Pause
from wallet_server.execution.watching.hub import MS_PER_SECOND, PAGE_EVENTS
from wallet_server.execution.watching.watch import NOW

HOUR_SECONDS = 3_600
HOUR_MS = HOUR_SECONDS * MS_PER_SECOND
PATIENCE_SECONDS = 60


async def test_what_a_process_is_told_of_is_heard_at_once(
    teller: Teller, start_hub: StartHub
) -> None:
    await teller.tell([told(1)])
    hub = await start_hub(watch_interval_ms=HOUR_MS)
    stream = told_by(hub, start=NOW)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await anext(stream)
        await teller.tell([told(2)])

        hub.poke()

        assert (await hear(stream, until=2)).positions == [2]


async def test_more_than_a_page_is_heard_without_a_pause(
    teller: Teller, start_hub: StartHub
) -> None:
    last = PAGE_EVENTS * 3 + 1
    await teller.tell([told(1)])
    hub = await start_hub(watch_interval_ms=HOUR_MS)
    stream = told_by(hub, start=NOW)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await anext(stream)
        await teller.tell(many(range(2, last + 1)))

        hub.poke()

        assert (await hear(stream, until=last)).positions == [*range(2, last + 1)]


@pytest.mark.parametrize("is_poked", [True, False])
async def test_after_it_was_told_of_events_it_waits_until_there_may_be_several(
    teller: Teller, start_hub: StartHub, *, is_poked: bool
) -> None:
    await teller.tell([told(1)])
    hub = await start_hub(looks_by_itself=False, watch_interval_ms=HOUR_MS)
    stream = told_by(hub, start=NOW)
    async with aclosing(stream):
        await anext(stream)
        await teller.tell([told(2)])
        if is_poked:
            hub.poke()

        pauses = [await hub._look(), await hub._look()]

    assert pauses == [
        Pause(HOUR_SECONDS, ends_with_poke=not is_poked),
        Pause(HOUR_SECONDS, ends_with_poke=True),
    ]
