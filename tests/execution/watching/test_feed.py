"""The feed of a tenant: who is handed which events, and when too many wait."""

from collections.abc import Iterable
from random import Random

import pytest

from tests.told import ANSWERED, OPENED, told
from wallet_server.core.events.reading import ALL_EVENTS, EventFilter
from wallet_server.core.events.told import ToldEvent
from wallet_server.execution.watching import subscription as subscriptions
from wallet_server.execution.watching.encoded import EncodedEvent
from wallet_server.execution.watching.feed import RECENT_BYTES_MAX, RECENT_EVENTS_MAX, Feed
from wallet_server.execution.watching.subscription import (
    PENDING_EVENTS_MAX,
    Subscription,
)


def feed_of(events: Iterable[ToldEvent] = (), *, after: int = 0) -> Feed:
    """Returns a feed that begins with some events."""
    feed, found = Feed(), encoded(*events)
    feed.open(after, found, found[-1].position if found else after)
    return feed


def encoded(*events: ToldEvent) -> list[EncodedEvent]:
    """Returns events, encoded as their documents."""
    return [
        EncodedEvent(
            event.position,
            event.type,
            event.wallet.player_id if event.wallet else "",
            event.wallet.currency_code if event.wallet else "",
            event.document.encode(),
        )
        for event in events
    ]


def take(feed: Feed, *events: ToldEvent) -> None:
    feed.take(encoded(*events), events[-1].position)


def subscribed(feed: Feed, wanted: EventFilter = ALL_EVENTS, *, after: int = 0) -> Subscription:
    found = feed.subscribe(wanted, after)
    assert found is not None
    return found


def pending(subscription: Subscription) -> list[int]:
    """Returns the positions of all that waits."""
    taken = subscription.take(events_max=PENDING_EVENTS_MAX, bytes_max=10**9)
    return [event.position for event in taken]


def test_whoever_joins_gets_what_is_kept_and_then_what_comes() -> None:
    feed = feed_of(map(told, range(1, 6)))

    late, later = subscribed(feed, after=3), subscribed(feed, after=5)
    take(feed, told(6), told(7))

    assert (pending(late), pending(later)) == ([4, 5, 6, 7], [6, 7])


@pytest.mark.parametrize(
    ("wanted", "positions"),
    [
        (ALL_EVENTS, [1, 2, 3, 4, 5]),
        (EventFilter(types=(OPENED,)), [1, 4]),
        (EventFilter(types=(OPENED, ANSWERED)), [1, 2, 3, 4, 5]),
        (EventFilter(player_id="p1"), [1, 2, 3]),
        (EventFilter(player_id="p1", currency_code="EUR"), [1, 2]),
        (EventFilter(types=(ANSWERED,), player_id="p1"), [2, 3]),
        (EventFilter(player_id="p3"), []),
    ],
)
@pytest.mark.parametrize("is_past", [True, False])
def test_everybody_gets_what_they_want_and_nothing_else(
    *, wanted: EventFilter, positions: list[int], is_past: bool
) -> None:
    events = [
        told(1, event_type=OPENED),
        told(2),
        told(3, currency_code="USD"),
        told(4, "p2", OPENED),
        told(5, ""),
    ]
    feed = feed_of(events if is_past else [])
    subscription = subscribed(feed, wanted)
    if not is_past:
        take(feed, *events)

    assert pending(subscription) == positions


def test_whoever_has_read_further_than_the_feed_gets_nothing_twice() -> None:
    feed = feed_of([told(1)])
    ahead = subscribed(feed, after=3)

    take(feed, told(2), told(3), told(4))

    assert pending(ahead) == [4]


def test_nobody_joins_too_far_back_or_before_it_is_open() -> None:
    assert Feed().subscribe(ALL_EVENTS, 0) is None
    assert feed_of([told(11)], after=10).subscribe(ALL_EVENTS, 9) is None


def test_no_more_is_kept_than_may_be() -> None:
    by_number = feed_of(map(told, range(1, RECENT_EVENTS_MAX + 3)))
    half = told(1, padding="x" * (RECENT_BYTES_MAX // 2))
    by_size = feed_of([half])
    take(by_size, told(2), told(3, padding="x" * (RECENT_BYTES_MAX // 2)))

    assert (by_number.subscribe(ALL_EVENTS, 1), by_size.subscribe(ALL_EVENTS, 0)) == (None, None)
    assert pending(subscribed(by_number, after=2)) == [*range(3, RECENT_EVENTS_MAX + 3)]
    assert pending(subscribed(by_size, after=1)) == [2, 3]


def test_what_is_kept_may_wait_for_one_who_joins() -> None:
    assert RECENT_EVENTS_MAX <= PENDING_EVENTS_MAX
    assert RECENT_BYTES_MAX <= subscriptions.PENDING_BYTES_MAX


@pytest.mark.parametrize(
    ("count", "padding"), [(PENDING_EVENTS_MAX, ""), (1, "x" * subscriptions.PENDING_BYTES_MAX)]
)
async def test_one_for_whom_too_much_waits_falls_behind_and_others_do_not(
    count: int, padding: str
) -> None:
    feed = feed_of()
    slow, quick = subscribed(feed), subscribed(feed)
    for position in range(1, count + 1):
        take(feed, told(position, padding=padding))
        quick.take(events_max=1, bytes_max=1)
    assert not slow.is_behind

    take(feed, told(count + 1))

    assert (slow.is_behind, slow.has_pending, quick.is_behind) == (True, False, False)
    assert pending(quick) == [count + 1]
    await slow.wait()


async def test_a_feed_that_goes_on_elsewhere_leaves_all_behind() -> None:
    feed = feed_of([told(1)])
    waiting = subscribed(feed, after=1)

    feed.restart(7)

    await waiting.wait()
    assert waiting.is_behind
    assert (feed.position, feed.has(6), feed.has(7)) == (7, False, True)
    take(feed, told(8))
    assert pending(subscribed(feed, after=7)) == [8]


@pytest.mark.parametrize(
    "wanted", [ALL_EVENTS, EventFilter(types=(OPENED,)), EventFilter((), "p1")]
)
def test_who_has_left_gets_nothing_more(wanted: EventFilter) -> None:
    feed = feed_of()
    gone, left = subscribed(feed, wanted), subscribed(feed, wanted)

    feed.unsubscribe(gone)
    take(feed, told(1, event_type=OPENED))

    assert (pending(gone), pending(left)) == ([], [1])


async def test_everybody_can_be_woken() -> None:
    feed = feed_of()
    waiting = [subscribed(feed), subscribed(feed, EventFilter((), "p1"))]

    feed.wake_all()

    for each in waiting:
        await each.wait()
        assert not each.has_pending


def test_the_same_bytes_are_handed_to_all_who_want_them() -> None:
    feed = feed_of()
    wanted = (EventFilter((), "p1"), EventFilter((ANSWERED,)), ALL_EVENTS)
    all_subscribed = [subscribed(feed, each) for each in wanted]
    take(feed, told(1))

    first, *others = [each.take(events_max=9, bytes_max=9_999) for each in all_subscribed]

    assert [each.position for each in first] == [1]
    assert all(other[0].encoded is first[0].encoded for other in others)


def test_as_much_is_taken_as_is_told_at_once() -> None:
    feed = feed_of()
    subscription = subscribed(feed)
    take(feed, *map(told, range(1, 6)))

    two = subscription.take(events_max=2, bytes_max=10**6)
    one = subscription.take(events_max=9, bytes_max=1)

    assert [event.position for event in (*two, *one)] == [1, 2, 3]
    assert pending(subscription) == [4, 5]


@pytest.mark.parametrize("seed", range(20))
def test_many_at_once_wait_as_they_would_one_by_one(seed: int) -> None:
    random = Random(seed)
    together, apart = Subscription(ALL_EVENTS, 3), Subscription(ALL_EVENTS, 3)
    position = 0
    for _ in range(60):
        padding = "x" * random.choice((0, 0, 400, 30_000))
        count = random.choice((1, 2, 30, 700))
        events = encoded(
            *(told(position + number, padding=padding) for number in range(1, count + 1))
        )
        position += count
        together.offer_all(events, sum(event.size_bytes for event in events))
        for event in events:
            apart.offer(event)
        limits = random.choice(
            ({"events_max": 500, "bytes_max": 262_144}, {"events_max": 0, "bytes_max": 0})
        )
        taken, one_by_one = together.take(**limits), apart.take(**limits)
        assert taken == one_by_one
        assert together.is_behind == apart.is_behind
    assert pending(together) == pending(apart)
