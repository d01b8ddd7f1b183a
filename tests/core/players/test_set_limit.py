"""Setting limits, and what becomes of those that wait."""

from datetime import datetime, timedelta

import pytest

from tests.core.players.limited import (
    BET,
    DAY,
    DEPOSIT,
    DOLLARS_AT_TWO_THIRDS,
    LOSS,
    MONTH,
    STAKE,
    WEEK,
    confirm,
    counted,
    default,
    held,
    limit,
    limits,
    now_in,
    said,
    usage,
)
from tests.core.world import World, told
from wallet_server.core.commands import Amount, OpenWallet, SetLimit
from wallet_server.core.ids import WalletRef
from wallet_server.core.players.limit import Limit, LimitKind
from wallet_server.core.players.usage import UsageKind
from wallet_server.core.refusals import (
    CurrencyMismatch,
    LimitNotFound,
    LimitPeriodInvalid,
    LimitRateMissing,
)
from wallet_server.core.results import LimitResult
from wallet_server.core.task import Task

DOLLARS = WalletRef("demo", "ann", "USD")


def test_the_first_limit_holds_at_once() -> None:
    world = World()

    assert limit(world, DEPOSIT, 100) == "APPLIED"

    assert said(world) == LimitResult("DEPOSIT", "DAY")
    (found,) = world.wallet.player.limits
    assert found == Limit(DEPOSIT, DAY, 100, "EUR", now_in(world))
    assert world.wallet.player.revision == 1


def test_limits_are_kept_by_kind_and_period_in_order() -> None:
    world = World()
    for kind, period in ((STAKE, WEEK), (STAKE, BET), (DEPOSIT, MONTH), (LOSS, DAY)):
        assert limit(world, kind, 10, period) == "APPLIED"

    found = [(each.kind, each.period) for each in world.wallet.player.limits]

    assert found == [(DEPOSIT, MONTH), (LOSS, DAY), (STAKE, BET), (STAKE, WEEK)]


@pytest.mark.parametrize("kind", [DEPOSIT, LOSS])
def test_only_stakes_are_limited_bet_by_bet(kind: LimitKind) -> None:
    world = World()

    limit(world, kind, 100, BET)

    assert world.refusal == LimitPeriodInvalid(kind.value, "BET")


def test_a_limit_is_in_the_wallets_currency() -> None:
    world = World()

    limit(world, DEPOSIT, 100, code="USD")

    assert world.refusal == CurrencyMismatch("amount", "EUR", "USD")


def test_a_limit_that_is_not_there_cannot_be_taken_away() -> None:
    world = World("", limits(defaults=(default(DEPOSIT, 100),)))

    limit(world, DEPOSIT, None)

    assert world.refusal == LimitNotFound("DEPOSIT", "DAY")


def test_a_stricter_limit_holds_at_once_and_drops_what_waits() -> None:
    world = World()
    limit(world, DEPOSIT, 100)
    limit(world, DEPOSIT, 200)

    assert limit(world, DEPOSIT, 90) == "APPLIED"

    assert held(world, DEPOSIT) == 90
    assert world.wallet.player.due_time is None


def test_the_same_limit_again_changes_nothing() -> None:
    world = World()
    limit(world, DEPOSIT, 100)
    before = world.wallet.player

    assert limit(world, DEPOSIT, 100) == "ALREADY_APPLIED"

    assert world.wallet.player == before
    assert said(world) == LimitResult("DEPOSIT", "DAY")


def test_the_limit_that_holds_asked_for_again_drops_what_waits() -> None:
    world = World()
    limit(world, DEPOSIT, 100)
    limit(world, DEPOSIT, 200)

    assert limit(world, DEPOSIT, 100) == "APPLIED"

    assert not said(world).pending
    assert world.wallet.player.due_time is None


def in_dollars(world: World, kind: LimitKind, amount: int) -> str:
    """Sets a limit by the player's wallet in dollars."""
    now: datetime = now_in(world) + timedelta(seconds=1)
    world.requests += 1
    if DOLLARS not in world.fold.wallets:
        world.fold.run_one(Task(DOLLARS, "open", OpenWallet()), now)
    command = SetLimit(kind, DAY, Amount("USD", amount))
    world.last = world.fold.run_one(Task(DOLLARS, f"usd-{world.requests}", command), now)
    return told(world.last)


def test_a_limit_set_in_another_currency_is_compared_by_its_worth() -> None:
    world = World("", limits(rates=DOLLARS_AT_TWO_THIRDS))
    limit(world, DEPOSIT, 100)

    in_dollars(world, DEPOSIT, 151)  # 100.67 euros, which is laxer.
    assert said(world).pending
    in_dollars(world, DEPOSIT, 150)

    assert not said(world).pending
    (found,) = world.fold.wallets[DOLLARS].player.limits
    assert (found.amount, found.currency_code) == (150, "USD")


def test_without_a_rate_a_limit_cannot_be_changed_in_another_currency() -> None:
    world = World()
    limit(world, DEPOSIT, 100)

    assert in_dollars(world, DEPOSIT, 1) == "LIMIT_RATE_MISSING"
    assert world.refusal == LimitRateMissing("USD", "EUR")


def test_losses_count_from_the_first_limit_on_them() -> None:
    world = World("SN 500")
    world.authorize(40, "b1")
    world.authorize(30, "b2")
    world.settle(0, "b2")

    limit(world, LOSS, 100)

    assert usage(world, UsageKind.LOSS).open_stake == 40
    assert usage(world, UsageKind.LOSS).slots == ()


def test_a_second_limit_on_losses_keeps_what_was_counted() -> None:
    world = World("SN 500")
    limit(world, LOSS, 100)
    world.authorize(30)
    world.settle(0)

    limit(world, LOSS, 300, WEEK)

    assert counted(world, UsageKind.LOSS) == 30


def test_after_all_limits_on_losses_were_gone_they_count_anew() -> None:
    world = World("SN 500", limits(increase_delay_seconds=0))
    limit(world, LOSS, 100)
    world.authorize(30)
    world.settle(0)
    limit(world, LOSS, None)
    confirm(world, LOSS)
    world.authorize(50, "b2")
    world.settle(0, "b2")
    assert counted(world, UsageKind.LOSS) == 30

    limit(world, LOSS, 100)

    assert world.wallet.player.usages == ()
