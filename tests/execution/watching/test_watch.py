"""What a watcher hears: what is past, then what comes, without a gap and nothing twice."""

import asyncio
from datetime import timedelta

import pytest

from tests.execution.watching.conftest import StartHub
from tests.execution.watching.hearing import FROM_THE_FIRST, hear, told_by
from tests.told import OPENED, START, Teller, many, told
from wallet_server.core.events.reading import EventFilter
from wallet_server.core.refusals import Refusal, TenantNotFound
from wallet_server.core.refusals.events import (
    EventsOfTimeRemoved,
    EventsRemoved,
    PositionNotReached,
)
from wallet_server.execution.errors import OverloadedError, RefusedError, ShuttingDownError
from wallet_server.execution.watching import watch
from wallet_server.execution.watching.hub import OPENING_EVENTS
from wallet_server.execution.watching.subscription import PENDING_EVENTS_MAX
from wallet_server.execution.watching.watch import NOW, Start

PATIENCE_SECONDS = 60


async def test_a_long_past_is_told_whole_and_what_comes_follows(
    teller: Teller, start_hub: StartHub
) -> None:
    hub = await start_hub()
    await teller.tell(many(range(1, 1_501)))
    stream = told_by(hub)
    first = await anext(stream)

    listening = asyncio.create_task(hear(stream, until=1_510))
    for position in range(1_501, 1_511):
        await teller.tell([told(position)])
    heard = await listening

    assert (first.events, first.position) == ([], 0)
    assert heard.positions == [*range(1, 1_511)]
    assert heard.reached == sorted(heard.reached)


async def test_who_says_nothing_hears_what_comes_next(teller: Teller, start_hub: StartHub) -> None:
    hub = await start_hub()
    await teller.tell(many(range(1, 4)))
    stream = told_by(hub, start=NOW)
    first = await anext(stream)

    await teller.tell(many(range(4, 6)))
    heard = await hear(stream, until=5)

    assert (first.events, first.position) == ([], 3)
    assert heard.positions == [4, 5]


@pytest.mark.parametrize("after", [1, 10, OPENING_EVENTS, OPENING_EVENTS + 5, OPENING_EVENTS + 10])
async def test_who_comes_back_goes_on_where_it_was(
    teller: Teller, start_hub: StartHub, after: int
) -> None:
    last = OPENING_EVENTS + 10
    await teller.tell(many(range(1, last + 1)))

    heard = await hear(told_by(await start_hub(), start=Start(after=after)), until=last)

    assert heard.positions == [*range(after + 1, last + 1)]


@pytest.mark.parametrize(("seconds", "first"), [(-100, 1), (7, 7), (6.5, 7), (20, 20)])
async def test_who_names_a_time_hears_what_was_told_from_then_on(
    teller: Teller, start_hub: StartHub, seconds: float, first: int
) -> None:
    await teller.tell(many(range(1, 21)))

    start = Start(time=START + timedelta(seconds=seconds))
    heard = await hear(told_by(await start_hub(), start=start), until=20)

    assert heard.positions == [*range(first, 21)]


@pytest.mark.parametrize(
    ("wanted", "positions"),
    [
        (EventFilter(player_id="p1"), range(3, 601, 3)),
        (EventFilter(types=(OPENED,)), [300, 600]),
        (EventFilter(types=(OPENED,), player_id="p2"), []),
    ],
)
async def test_who_wants_little_is_told_how_far_it_is_all_the_same(
    teller: Teller, start_hub: StartHub, wanted: EventFilter, positions: list[int]
) -> None:
    events = many(range(1, 601), ["p1", "p2", "p3"])
    for number in (300, 600):
        events[number - 1] = told(number, "p1", OPENED)
    await teller.tell(events[:400])
    hub = await start_hub(watch_heartbeat_seconds=0.01)
    stream = told_by(hub, wanted=wanted)

    past = await hear(stream, until=400)
    live = told_by(hub, wanted=wanted, start=Start(after=past.reached[-1]))
    await anext(live)
    await teller.tell(events[400:])
    heard = await hear(live, until=600)

    assert past.positions + heard.positions == [*positions]


async def test_one_that_is_slow_loses_nothing_and_keeps_nobody_waiting(
    teller: Teller, start_hub: StartHub
) -> None:
    hub = await start_hub()
    await teller.tell([told(1)])
    slow, quick = told_by(hub), told_by(hub)
    await anext(slow)
    await anext(slow)
    last = PENDING_EVENTS_MAX + 100

    listening = asyncio.create_task(hear(quick, until=last))
    for first in range(2, last, 50):
        await teller.tell(many(range(first, min(first + 50, last + 1))))
    assert (await listening).positions == [*range(1, last + 1)]
    assert hub.statistics.overruns == 0
    heard = await hear(slow, until=last)

    assert heard.positions == [*range(2, last + 1)]
    assert (hub.statistics.overruns, hub.statistics.watchers) == (1, 0)


async def test_no_more_is_told_at_once_than_may_be(
    teller: Teller, start_hub: StartHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = await start_hub()
    monkeypatch.setattr(watch, "MESSAGE_BYTES_MAX", 8)
    await teller.tell(many(range(100, 400), padding="x" * 40))
    stream = told_by(hub, start=Start(after=99))

    counts = [len((await anext(stream)).events) for _ in range(3)]
    heard = await hear(stream, until=399)

    assert all(count <= 3 for count in counts)
    assert heard.positions[-1] == 399
    assert heard.positions == [*range(heard.positions[0], 400)]


@pytest.mark.parametrize(
    ("tenant_id", "after", "refusal"),
    [
        ("demo", 3, EventsRemoved(3, 5)),
        ("demo", 11, PositionNotReached(11, 10)),
        ("nobody", 0, TenantNotFound("nobody")),
    ],
)
async def test_what_is_not_there_is_refused(
    teller: Teller, start_hub: StartHub, tenant_id: str, after: int, refusal: Refusal
) -> None:
    await teller.tell(many(range(1, 11)))
    await teller.remove(first_position=5)
    hub = await start_hub()

    with pytest.raises(RefusedError) as caught:
        await anext(told_by(hub, tenant_id, start=Start(after=after)))

    assert caught.value.refusal == refusal
    assert hub.statistics.watchers == 0


@pytest.mark.parametrize("seconds", [-100, 3, 4.9])
async def test_who_names_a_time_of_which_events_are_gone_is_told_where_to_start(
    teller: Teller, start_hub: StartHub, seconds: float
) -> None:
    await teller.tell(many(range(1, 11)))
    await teller.remove(first_position=5)
    hub = await start_hub()
    time = START + timedelta(seconds=seconds)

    with pytest.raises(RefusedError) as caught:
        await anext(told_by(hub, start=Start(time=time)))

    assert caught.value.refusal == EventsOfTimeRemoved(
        start_time=time.isoformat(), first_position=5, kept_time="2026-03-01T12:00:05+00:00"
    )
    assert hub.statistics.watchers == 0


@pytest.mark.parametrize(("seconds", "first"), [(5, 5), (5.5, 6), (9, 9)])
async def test_who_names_a_time_of_which_all_is_kept_hears_it(
    teller: Teller, start_hub: StartHub, seconds: float, first: int
) -> None:
    await teller.tell(many(range(1, 11)))
    await teller.remove(first_position=5)

    start = Start(time=START + timedelta(seconds=seconds))
    heard = await hear(told_by(await start_hub(), start=start), until=10)

    assert heard.positions == [*range(first, 11)]


@pytest.mark.parametrize("after", [0, 4])
async def test_what_is_kept_is_told_from_its_first_on(
    teller: Teller, start_hub: StartHub, after: int
) -> None:
    await teller.tell(many(range(1, 11)))
    await teller.remove(first_position=5)

    heard = await hear(told_by(await start_hub(), start=Start(after=after)), until=10)

    assert heard.positions == [*range(5, 11)]


async def test_one_that_is_so_slow_that_events_are_removed_meanwhile_is_told_so(
    teller: Teller, start_hub: StartHub
) -> None:
    hub = await start_hub()
    last = OPENING_EVENTS * 3
    await teller.tell(many(range(1, last + 1)))
    stream = told_by(hub)
    told_first = [await anext(stream), await anext(stream)]

    await teller.remove(first_position=last)
    with pytest.raises(RefusedError) as caught:
        await hear(stream, until=last)

    assert caught.value.refusal == EventsRemoved(told_first[-1].position, last)


async def test_after_a_restore_those_who_have_heard_more_are_told_so(
    teller: Teller, start_hub: StartHub
) -> None:
    await teller.tell(many(range(1, 11)))
    hub = await start_hub()
    stream = told_by(hub, start=NOW)
    await anext(stream)

    await teller.restore(4)
    with pytest.raises(RefusedError) as caught:
        await hear(stream, until=11)

    assert caught.value.refusal == PositionNotReached(10, 4)
    assert (await anext(told_by(hub, start=NOW))).position == 4


async def test_after_a_restore_who_comes_to_a_feed_that_went_back_is_told_so(
    teller: Teller, start_hub: StartHub
) -> None:
    await teller.tell(many(range(1, 11)))
    hub = await start_hub()
    stream, other = told_by(hub, start=NOW), told_by(hub, start=NOW)
    await anext(stream)
    await anext(other)

    await teller.restore(4)
    with pytest.raises(RefusedError):
        await hear(other, until=11)
    with pytest.raises(RefusedError) as caught:
        await hear(stream, until=11)

    assert caught.value.refusal == PositionNotReached(10, 4)


async def test_no_more_watch_than_may_and_who_leaves_makes_room(
    teller: Teller, start_hub: StartHub
) -> None:
    await teller.tell([told(1), told(2)])
    await teller.tell(many([1], tenant_id="other"))
    hub = await start_hub(watchers_max=3, tenant_watchers_max=2)
    first, second = told_by(hub), told_by(hub)
    await anext(first)
    await anext(second)

    with pytest.raises(OverloadedError):
        await anext(told_by(hub))
    third = told_by(hub, "other")
    await anext(third)
    with pytest.raises(OverloadedError):
        await anext(told_by(hub, "other"))
    await first.aclose()

    assert (await hear(told_by(hub), until=2)).positions == [1, 2]
    await second.aclose()
    await third.aclose()
    assert hub.statistics.watchers == 0


async def test_when_the_server_stops_all_are_sent_away(teller: Teller, start_hub: StartHub) -> None:
    await teller.tell([told(1)])
    hub = await start_hub()
    waiting = told_by(hub, start=NOW)
    await anext(waiting)
    listening = asyncio.create_task(hear(waiting, until=2))
    await asyncio.sleep(0)

    hub.stop_soon()

    with pytest.raises(ShuttingDownError):
        await listening
    with pytest.raises(ShuttingDownError):
        await anext(told_by(hub))
    await hub.finish()


async def test_a_stream_ends_when_its_time_is_over(teller: Teller, start_hub: StartHub) -> None:
    await teller.tell([told(1)])
    hub = await start_hub(watch_heartbeat_seconds=0.01)
    now_seconds = asyncio.get_running_loop().time()

    async with asyncio.timeout(PATIENCE_SECONDS):
        told_all = [
            each
            async for each in watch.Watch(hub, "demo", EventFilter()).told(
                FROM_THE_FIRST, until_seconds=now_seconds + 0.1
            )
        ]

    assert [event for each in told_all for event in each.events] == [b"1"]
    assert hub.statistics.watchers == 0
