"""What a reader is told of limits: how much is used, and what is left."""

from datetime import timedelta

from tests.core.players.limited import (
    BET,
    DAY,
    DEPOSIT,
    DOLLARS_AT_TWO_THIRDS,
    LOSS,
    MONTH,
    STAKE,
    WEEK,
    default,
)
from tests.core.world import START
from wallet_server.core.config.wallet_policy import LimitRules
from wallet_server.core.players.limit import Limit, PendingLimit
from wallet_server.core.players.limit_views import LimitView, view_limits
from wallet_server.core.players.player import Player
from wallet_server.core.players.usage import Slot, Usage, UsageKind

AN_HOUR_AGO = START - timedelta(hours=1)
TWO_DAYS_AGO = START - timedelta(days=2)
PAID_IN = Usage(UsageKind.DEPOSIT, "EUR", (Slot(TWO_DAYS_AGO, 70), Slot(AN_HOUR_AGO, 80)))


def test_what_is_used_is_what_counts_in_the_period() -> None:
    player = Player(
        limits=(
            Limit(DEPOSIT, DAY, 100, "EUR", TWO_DAYS_AGO),
            Limit(DEPOSIT, WEEK, 300, "EUR", TWO_DAYS_AGO),
        ),
        usages=(PAID_IN,),
    )

    day, week = view_limits(player, "EUR", LimitRules(), START)

    assert day == LimitView(DEPOSIT, DAY, 100, "EUR", 80, 20, TWO_DAYS_AGO)
    assert week == LimitView(DEPOSIT, WEEK, 300, "EUR", 150, 150, TWO_DAYS_AGO)
    assert not day.is_from_policy


def test_nothing_is_left_of_a_limit_that_is_exceeded() -> None:
    player = Player(limits=(Limit(DEPOSIT, DAY, 50, "EUR", START),), usages=(PAID_IN,))

    [view] = view_limits(player, "EUR", LimitRules(), START)

    assert (view.used, view.remaining) == (80, 0)


def test_losses_are_used_with_what_is_in_open_bets() -> None:
    lost = Usage(UsageKind.LOSS, "EUR", (Slot(AN_HOUR_AGO, 70),), open_stake=20)
    player = Player(limits=(Limit(LOSS, DAY, 100, "EUR", START),), usages=(lost,))

    [view] = view_limits(player, "EUR", LimitRules(), START)

    assert (view.used, view.remaining) == (90, 10)


def test_what_counts_in_another_currency_is_converted_or_nothing_is_said() -> None:
    dollars = Usage(UsageKind.DEPOSIT, "USD", (Slot(AN_HOUR_AGO, 31),))
    player = Player(limits=(Limit(DEPOSIT, DAY, 100, "EUR", START),), usages=(PAID_IN, dollars))

    [known] = view_limits(player, "EUR", LimitRules(rates=DOLLARS_AT_TWO_THIRDS), START)
    [unknown] = view_limits(player, "EUR", LimitRules(), START)

    assert (known.used, known.remaining) == (101, 0)  # 80 and two thirds of 31, rounded up.
    assert (unknown.amount, unknown.used, unknown.remaining) == (100, None, None)


def test_all_is_left_of_a_limit_on_single_bets() -> None:
    player = Player(limits=(Limit(STAKE, BET, 500, "EUR", START),))

    [single] = view_limits(player, "EUR", LimitRules(), START)

    assert (single.used, single.remaining) == (None, 500)


def test_limits_come_by_kind_and_period_and_the_players_own_first() -> None:
    pending = PendingLimit(None, "EUR", START, START + timedelta(days=7))
    player = Player(
        limits=(
            Limit(DEPOSIT, MONTH, 100, "EUR", START, pending),
            Limit(DEPOSIT, DAY, 100, "EUR", START),
            Limit(LOSS, DAY, 100, "EUR", START),
        )
    )
    rules = LimitRules(
        defaults=(
            default(STAKE, 9, BET),
            default(DEPOSIT, 90),
            default(DEPOSIT, 80, code="USD"),
            default(LOSS, 70, WEEK, "USD"),
        )
    )

    views = view_limits(player, "EUR", rules, START)

    assert [(v.kind, v.period, v.amount, v.is_from_policy) for v in views] == [
        (DEPOSIT, DAY, 100, False),
        (DEPOSIT, DAY, 90, True),
        (DEPOSIT, MONTH, 100, False),
        (LOSS, DAY, 100, False),
        (LOSS, WEEK, 70, True),
        (STAKE, BET, 9, True),
    ]
    assert [view.pending for view in views if view.pending] == [pending]
