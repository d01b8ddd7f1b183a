"""What becomes of limits that wait."""

from datetime import timedelta

from tests.core.players.limited import (
    DAY,
    DEPOSIT,
    WEEK,
    confirm,
    held,
    limit,
    limits,
    now_in,
    said,
    wait,
)
from tests.core.world import World
from wallet_server.core.commands import SetLimit
from wallet_server.core.players.set_limit import find_limit
from wallet_server.core.refusals import LimitIncreasePending
from wallet_server.core.results import LimitResult
from wallet_server.core.task import Task


def waiting(world: World) -> int | None:
    """Returns the amount that a limit is to become; none where it is to be gone."""
    found = find_limit(world.wallet.player, DEPOSIT, DAY)
    assert found is not None
    assert found.pending is not None
    return found.pending.amount


def test_a_laxer_limit_waits_and_is_confirmed() -> None:
    world = World()
    limit(world, DEPOSIT, 100)
    limit(world, DEPOSIT, 200)
    asked = now_in(world)
    day = timedelta(days=1)

    assert said(world) == LimitResult(
        "DEPOSIT",
        "DAY",
        pending=True,
        confirm_time=int((asked + day).timestamp()),
        lapse_time=int((asked + 8 * day).timestamp()),
    )
    assert held(world, DEPOSIT) == 100
    assert waiting(world) == 200
    wait(world, seconds=24 * 3600 - 2)
    assert confirm(world, DEPOSIT) == "LIMIT_INCREASE_PENDING"
    assert world.refusal == LimitIncreasePending((asked + day).isoformat())
    assert confirm(world, DEPOSIT) == "APPLIED"

    assert now_in(world) == asked + day
    assert held(world, DEPOSIT) == 200
    assert world.wallet.player.due_time is None
    assert confirm(world, DEPOSIT) == "LIMIT_NOT_FOUND"


def test_what_waits_may_be_confirmed_until_it_lapses() -> None:
    world = World()
    limit(world, DEPOSIT, 100)
    limit(world, DEPOSIT, 200)
    wait(world, seconds=8 * 24 * 3600 - 2)

    assert confirm(world, DEPOSIT, lapsed=True) == "ALREADY_APPLIED"
    assert confirm(world, DEPOSIT) == "LIMIT_NOT_FOUND"
    assert held(world, DEPOSIT) == 100


def test_what_has_lapsed_is_dropped_in_time() -> None:
    world = World()
    limit(world, DEPOSIT, 100)
    limit(world, DEPOSIT, 200)
    due = world.wallet.player.due_time
    wait(world, seconds=8 * 24 * 3600 - 1)

    assert due == now_in(world) + timedelta(seconds=1)
    assert confirm(world, DEPOSIT, lapsed=True) == "APPLIED"
    assert held(world, DEPOSIT) == 100
    assert world.wallet.player.due_time is None
    assert confirm(world, DEPOSIT, lapsed=True) == "ALREADY_APPLIED"


def test_after_it_has_lapsed_the_same_may_be_asked_for_anew() -> None:
    world = World()
    limit(world, DEPOSIT, 100)
    limit(world, DEPOSIT, 200)
    wait(world, hours=8 * 24)

    assert limit(world, DEPOSIT, 200) == "APPLIED"

    assert said(world).confirm_time == int(now_in(world).timestamp()) + 24 * 3600


def test_what_waits_does_not_wait_anew_if_asked_for_again() -> None:
    world = World()
    limit(world, DEPOSIT, 100)
    limit(world, DEPOSIT, 200)
    first = said(world)
    wait(world, hours=3)

    assert limit(world, DEPOSIT, 200) == "ALREADY_APPLIED"

    assert said(world) == first


def test_another_amount_takes_the_place_of_what_waits_and_waits_from_then_on() -> None:
    world = World()
    limit(world, DEPOSIT, 100)
    limit(world, DEPOSIT, 200)
    wait(world, hours=3)

    assert limit(world, DEPOSIT, 150) == "APPLIED"

    assert waiting(world) == 150
    assert said(world).confirm_time == int(now_in(world).timestamp()) + 24 * 3600


def test_a_limit_that_is_taken_away_waits_too() -> None:
    world = World()
    limit(world, DEPOSIT, 100)
    limit(world, DEPOSIT, 50, WEEK)

    assert limit(world, DEPOSIT, None) == "APPLIED"
    assert said(world).pending
    assert waiting(world) is None
    wait(world, hours=24)
    assert confirm(world, DEPOSIT) == "APPLIED"

    assert said(world) == LimitResult("DEPOSIT", "DAY")
    assert [each.period for each in world.wallet.player.limits] == [WEEK]


def test_without_reconfirmation_time_alone_has_it_hold() -> None:
    world = World("", limits(reconfirm=False, increase_delay_seconds=3600))
    limit(world, DEPOSIT, 100)
    limit(world, DEPOSIT, 200)
    asked = now_in(world)

    assert said(world).confirm_time == said(world).lapse_time == int(asked.timestamp()) + 3600
    assert world.wallet.player.due_time == asked + timedelta(hours=1)
    assert confirm(world, DEPOSIT) == "LIMIT_INCREASE_PENDING"
    assert confirm(world, DEPOSIT, lapsed=True) == "ALREADY_APPLIED"
    wait(world, hours=1)
    assert confirm(world, DEPOSIT, lapsed=True) == "APPLIED"
    assert held(world, DEPOSIT) == 200


def test_without_reconfirmation_it_may_be_confirmed_all_the_same_once_it_has_waited() -> None:
    world = World("", limits(reconfirm=False, increase_delay_seconds=3600))
    limit(world, DEPOSIT, 100)
    limit(world, DEPOSIT, None)
    wait(world, hours=2)

    assert confirm(world, DEPOSIT) == "APPLIED"

    assert world.wallet.player.limits == ()


def test_the_policy_of_the_time_of_asking_decides_how_it_ends() -> None:
    world = World("", limits(reconfirm=False, increase_delay_seconds=3600))
    limit(world, DEPOSIT, 100)
    limit(world, DEPOSIT, 200)

    world.configure(limits())
    wait(world, hours=2)

    assert confirm(world, DEPOSIT, lapsed=True) == "APPLIED"
    assert held(world, DEPOSIT) == 200


def test_waiting_ends_at_a_whole_second() -> None:
    world = World()
    limit(world, DEPOSIT, 100)
    now = now_in(world) + timedelta(milliseconds=1)

    world.fold.run_one(Task(world.wallet.ref, "x", SetLimit(DEPOSIT, DAY, None)), now)

    (found,) = world.wallet.player.limits
    assert found.pending is not None
    assert found.pending.confirm_time == now_in(world) + timedelta(days=1, seconds=1)
