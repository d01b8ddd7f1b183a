"""Counting by the hour."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wallet_server.core.players.usage import (
    HOUR,
    USAGE_KEPT_DAYS,
    Slot,
    Usage,
    UsageKind,
    counted_from,
    find_usage,
    with_counted,
    with_usage,
)

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
STAKE, LOSS = UsageKind.STAKE, UsageKind.LOSS


def counting(kind: UsageKind, *events: tuple[int, int]) -> Usage:
    """Returns what is counted of amounts at so many minutes after noon, in that order."""
    usage = Usage(kind, "EUR", since=NOON - HOUR)
    for minute, amount in events:
        at = NOON + minute * MINUTE
        usage = with_counted(usage, amount, at, at)
    return usage


def test_what_happens_in_an_hour_is_in_one_slot() -> None:
    usage = counting(STAKE, (0, 10), (59, 5), (60, 7))

    assert usage.slots == (Slot(NOON, 15, 15), Slot(NOON + HOUR, 7, 7))


def test_slots_are_in_the_order_of_their_times_however_they_come() -> None:
    usage = counting(STAKE, (130, 1), (10, 2), (70, 3))

    assert [slot.amount for slot in usage.slots] == [2, 3, 1]


def test_an_hour_that_begins_before_counts_with_the_most_that_its_end_came_to() -> None:
    # Won 50 at 12:10, lost 100 at 12:50: from 12:30 on it is a loss of 100, and not of 50.
    usage = counting(LOSS, (10, -50), (50, 100))

    assert usage.slots == (Slot(NOON, 50, 100),)
    assert counted_from(usage, NOON) == 50
    assert counted_from(usage, NOON + 30 * MINUTE) == 100
    assert counted_from(usage, NOON + HOUR) == 0


def test_an_hour_that_begins_before_and_ends_with_a_gain_gives_no_room() -> None:
    usage = counting(LOSS, (10, 30), (50, -100))

    assert usage.slots == (Slot(NOON, -70, 0),)
    assert counted_from(usage, NOON + MINUTE) == 0
    assert counted_from(usage, NOON) == -70


def test_a_stake_is_given_back_in_its_own_hour() -> None:
    usage = counting(STAKE, (10, 30), (70, 20))

    usage = with_counted(usage, -30, NOON + 10 * MINUTE, NOON + 80 * MINUTE)

    assert usage.slots == (Slot(NOON + HOUR, 20, 20),)


def test_no_more_is_given_back_than_was_counted() -> None:
    usage = counting(STAKE, (10, 30))

    usage = with_counted(usage, -50, NOON, NOON + 80 * MINUTE)

    assert usage.slots == ()


def test_what_was_before_anything_was_counted_gives_nothing_back() -> None:
    usage = Usage(STAKE, "EUR", since=NOON + 30 * MINUTE)
    usage = with_counted(usage, 30, NOON + 40 * MINUTE, NOON + 40 * MINUTE)

    usage = with_counted(usage, -10, NOON + 20 * MINUTE, NOON + 50 * MINUTE)

    assert usage.slots == (Slot(NOON, 30, 30),)


def test_old_hours_are_dropped() -> None:
    usage = counting(STAKE, (0, 30))
    kept = timedelta(days=USAGE_KEPT_DAYS)

    at_the_end = with_counted(usage, 1, NOON + kept, NOON + kept)
    after_it = with_counted(usage, 1, NOON + kept, NOON + kept + MINUTE)

    assert [slot.amount for slot in at_the_end.slots] == [30, 1]
    assert [slot.amount for slot in after_it.slots] == [1]


def test_usages_are_in_the_order_of_kinds_and_currencies() -> None:
    usages = ()
    for kind, code in ((STAKE, "EUR"), (LOSS, "USD"), (LOSS, "EUR"), (STAKE, "EUR")):
        usages = with_usage(usages, Usage(kind, code))

    assert [(each.kind, each.currency_code) for each in usages] == [
        (LOSS, "EUR"),
        (LOSS, "USD"),
        (STAKE, "EUR"),
    ]
    assert find_usage(usages, LOSS, "USD", NOON) is usages[1]
    assert find_usage(usages, LOSS, "GBP", NOON) == Usage(LOSS, "GBP", since=NOON)


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(-50, 50)), max_size=20),
    st.integers(0, 400),
)
def test_never_less_is_counted_than_really_happened(
    events: list[tuple[int, int]], start: int
) -> None:
    events.sort(key=lambda event: event[0])
    usage = counting(LOSS, *events)

    really = sum(amount for minute, amount in events if minute >= start)
    counted = counted_from(usage, NOON + start * MINUTE)

    assert counted >= really
    if start % 60 == 0:
        assert counted == really
