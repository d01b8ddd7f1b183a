"""Items that failed wait longer each time, and nobody else does."""

from datetime import UTC, datetime

import pytest

from tests.execution.vocabulary import wallet_of
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.execution.due_work.retries import Retries, growing_pause
from wallet_server.storage.due_items import DueItem

DUE_TIME = datetime(2026, 1, 1, tzinfo=UTC)


def item_of(item_id: str, revision: int = 1) -> DueItem:
    return DueItem(wallet_of("p"), ItemKey(ItemKind.COUPON, item_id), DUE_TIME, revision)


@pytest.mark.parametrize(
    ("doublings_count", "seconds"), [(0, 5), (1, 10), (3, 40), (4, 60), (10_000, 60)]
)
def test_a_pause_doubles_up_to_its_limit(doublings_count: int, seconds: float) -> None:
    for _ in range(20):
        assert seconds / 2 <= growing_pause(5, 60, doublings_count) <= seconds


def test_the_first_pause_may_be_longer_than_the_limit_of_the_others() -> None:
    assert 1800 <= growing_pause(3600, 900, 0) <= 3600
    assert 1800 <= growing_pause(3600, 900, 5) <= 3600


def test_an_item_that_failed_waits_and_the_others_do_not() -> None:
    retries = Retries(first_seconds=10, seconds_max=1000)
    bad, good = item_of("bad"), item_of("good")

    retries.note(bad, 100.0)

    assert retries.ready([bad, good], 104.9) == [good]
    assert retries.ready([bad, good], 110.0) == [bad, good]


def test_each_failure_makes_the_wait_longer() -> None:
    retries, bad = Retries(first_seconds=10, seconds_max=1000), item_of("bad")
    for count in range(4):
        assert retries.attempts_count(bad) == count
        retries.note(bad, 100.0)

    assert retries.ready([bad], 100.0 + 39.9) == []
    assert retries.ready([bad], 100.0 + 80.0) == [bad]


def test_an_item_that_has_changed_is_a_new_one() -> None:
    retries = Retries(first_seconds=10, seconds_max=1000)
    retries.note(item_of("bad"), 100.0)
    changed = item_of("bad", revision=2)

    assert retries.ready([changed], 100.0) == [changed]
    assert retries.attempts_count(changed) == 0


def test_what_is_not_due_any_more_is_forgotten() -> None:
    retries = Retries(first_seconds=10, seconds_max=1000)
    gone, bad = item_of("gone"), item_of("bad")
    retries.note(gone, 100.0)
    retries.note(bad, 100.0)
    retries.forget_unseen()
    retries.ready([bad], 100.0)
    retries.forget_unseen()

    assert retries.attempts_count(gone) == 0
    assert retries.attempts_count(bad) == 1


def test_no_more_are_remembered_than_there_is_room_for() -> None:
    retries = Retries(first_seconds=10, seconds_max=1000, items_max=2)
    first, second, third = (item_of(name) for name in ("first", "second", "third"))
    for item in (first, second, first, third):
        retries.note(item, 100.0)

    assert [retries.attempts_count(item) for item in (first, second, third)] == [2, 0, 1]
