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
from wallet_server.execution.watching.hub import MS_PER_SECOND, PAGE_EVENTS, POKED_INTERVALS
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
async def test_after_it_was_told_of_events_it_waits_longer_for_any_to_find_by_itself(
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
        Pause(HOUR_SECONDS * (POKED_INTERVALS if is_poked else 1), ends_with_poke=True),
        Pause(HOUR_SECONDS, ends_with_poke=True),
    ]


async def test_where_the_next_events_are_kept_no_more_all_go_on_with_the_first_that_are(
    teller: Teller, start_hub: StartHub
) -> None:
    hub = await start_hub(looks_by_itself=False, watch_interval_ms=HOUR_MS)
    stream = told_by(hub, start=NOW)
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(stream):
        assert (await anext(stream)).position == 0
        await teller.tell(many(range(1, 11)))
        await teller.remove(first_position=5)

        await hub._look()

        assert (await hear(stream, until=10)).positions == [*range(5, 11)]


async def test_each_of_several_tenants_is_told_what_has_come(
    teller: Teller, start_hub: StartHub
) -> None:
    hub = await start_hub(looks_by_itself=False, watch_interval_ms=HOUR_MS)
    for tenant_id in ("acme", "demo"):
        await teller.tell(many(range(1, 3), tenant_id=tenant_id))
    acme, demo = told_by(hub, "acme", start=NOW), told_by(hub, "demo", start=NOW)
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(acme), aclosing(demo):
        firsts = [await anext(acme), await anext(demo)]
        await teller.tell(many(range(3, 6), tenant_id="acme"))
        await teller.tell(many(range(3, 4), tenant_id="demo"))

        await hub._look()

        assert [first.position for first in firsts] == [2, 2]
        assert (await hear(acme, until=5)).positions == [3, 4, 5]
        assert (await hear(demo, until=3)).positions == [3]
