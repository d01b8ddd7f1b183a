"""What goes wrong for watchers, and what that is to others."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.execution.watching.conftest import StartHub, position_as_text
from tests.execution.watching.hearing import hear, told_by
from tests.told import Teller, many, told
from wallet_server.core.events.reading import ALL_EVENTS, EventHead
from wallet_server.core.events.told import ToldEvent
from wallet_server.core.refusals.events import PositionNotReached
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.watching.hub import OPENING_EVENTS
from wallet_server.execution.watching.watch import NOW, Start, Watch

PATIENCE_SECONDS = 30

UNKNOWN = SimpleNamespace(value="OF_A_LATER_RELEASE")


async def test_an_event_that_this_release_does_not_know_is_trouble_for_its_tenant_alone(
    teller: Teller, start_hub: StartHub
) -> None:
    for tenant_id in ("acme", "demo"):
        await teller.tell(many(range(1, 3), tenant_id=tenant_id))
    hub = await start_hub()
    troubled, others = told_by(hub, "acme", start=NOW), told_by(hub, "demo", start=NOW)
    unknown = replace(told(3, tenant_id="acme"), type=UNKNOWN)
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(troubled):
        await anext(others)
        await anext(troubled)

        await teller.tell([unknown])

        with pytest.raises(ValueError, match="OF_A_LATER_RELEASE"):
            await anext(troubled)
        await teller.tell(many(range(3, 5), tenant_id="demo"))
        assert (await hear(others, until=4)).positions == [3, 4]


async def test_an_event_that_nobody_foresaw_cannot_be_encoded_is_trouble_for_its_tenant_alone(
    teller: Teller, start_hub: StartHub, caplog: pytest.LogCaptureFixture
) -> None:
    def encode(event: ToldEvent) -> bytes:
        if (event.tenant_id, event.position) == ("acme", 3):
            raise TypeError("Ann's")
        return position_as_text(event)

    for tenant_id in ("acme", "demo"):
        await teller.tell(many(range(1, 3), tenant_id=tenant_id))
    hub = await start_hub(encode=encode)
    troubled, others = told_by(hub, "acme", start=NOW), told_by(hub, "demo", start=NOW)
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(troubled):
        await anext(others)
        await anext(troubled)

        await teller.tell([told(3, tenant_id="acme")])

        with pytest.raises(ValueError, match=r"the event at 3 .* TypeError"):
            await anext(troubled)
        await teller.tell(many(range(3, 5), tenant_id="demo"))
        assert (await hear(others, until=4)).positions == [3, 4]
    (record, *_) = [each for each in caplog.records if each.exc_info]
    assert record.exc_info is not None
    assert record.exc_info[0] is TypeError
    assert "Ann" not in "".join(each.getMessage() for each in caplog.records)


async def test_who_wants_nothing_of_what_this_release_does_not_know_may_join(
    teller: Teller, start_hub: StartHub
) -> None:
    await teller.tell([*many(range(1, 3)), replace(told(3), type=UNKNOWN)])
    hub = await start_hub()
    stream = told_by(hub, start=NOW)
    first = await anext(stream)

    await teller.tell([told(4)])

    assert (first.position, (await hear(stream, until=4)).positions) == (3, [4])


async def test_a_stream_ends_when_its_time_is_over_though_there_is_always_more(
    teller: Teller, start_hub: StartHub
) -> None:
    loop_time, late_seconds = asyncio.get_running_loop().time, [0]
    hub = await start_hub()
    watch = Watch(hub, "demo", ALL_EVENTS)
    watch._clock = lambda: loop_time() + late_seconds[0]
    stream = watch.told(NOW, until_seconds=loop_time() + 1_000)
    beside = told_by(hub, start=NOW)
    await anext(beside)
    await anext(stream)
    await teller.tell([told(1)])
    assert (await anext(stream)).position == 1
    await teller.tell([told(2)])
    await hear(beside, until=2)

    late_seconds[0] = 1_001

    assert [each.position async for each in stream] == []


@pytest.mark.parametrize("last", [OPENING_EVENTS, OPENING_EVENTS + 99])
@pytest.mark.parametrize("start", [NOW, Start(after=OPENING_EVENTS - 5)])
async def test_who_joins_while_events_are_removed_misses_none_that_are_kept(
    teller: Teller,
    start_hub: StartHub,
    monkeypatch: pytest.MonkeyPatch,
    *,
    last: int,
    start: Start,
) -> None:
    await teller.tell(many(range(1, last + 1)))
    hub = await start_hub()
    find_head = hub.reader.head

    async def head_before_retention(tenant_id: str) -> EventHead:
        head = await find_head(tenant_id)
        await teller.remove(first_position=OPENING_EVENTS - 10)
        return head

    monkeypatch.setattr(hub.reader, "head", head_before_retention)

    stream = told_by(hub, start=start)
    first = await anext(stream)
    assert first.position == (last if start.after is None else start.after)
    await teller.tell([told(last + 1)])
    heard = await hear(stream, until=last + 1)

    assert heard.positions == [*range(first.position + 1, last + 2)]


async def test_after_a_restore_to_nothing_those_who_have_heard_more_are_told_so_among_others(
    teller: Teller, start_hub: StartHub
) -> None:
    await teller.tell(many(range(1, 6)))
    hub = await start_hub()
    restored, other = told_by(hub, start=NOW), told_by(hub, "acme", start=NOW)
    await teller.tell(many(range(1, 3), tenant_id="acme"))
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(other):
        await anext(other)
        await anext(restored)

        await teller.database.tamper("DELETE FROM events WHERE tenant_id = 'demo'")
        await teller.database.tamper("DELETE FROM event_heads WHERE tenant_id = 'demo'")

        with pytest.raises(RefusedError) as caught:
            await anext(restored)
    assert caught.value.refusal == PositionNotReached(5, 0)
