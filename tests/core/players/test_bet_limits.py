"""Limits on what bets stake and lose."""

import pytest

from tests.core.coupons.coupons import CouponWorld
from tests.core.players.limited import (
    BET,
    DEPOSIT,
    DOLLARS_AT_TWO_THIRDS,
    LOSS,
    STAKE,
    WEEK,
    counted,
    default,
    limit,
    limits,
    now_in,
    usage,
    used_elsewhere,
    wait,
)
from tests.core.rounds.round_world import RoundWorld
from tests.core.world import World, eur
from wallet_server.core.bets.bet import BetState
from wallet_server.core.bets.explain import UNPLACED, explain_funding
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.config.provider_profile import DeclinedRetry, ProviderProfile
from wallet_server.core.ids import BetKey
from wallet_server.core.players.limit import LimitKind
from wallet_server.core.players.usage import UsageKind
from wallet_server.core.refusals import LimitRateMissing, LossLimit, StakeLimit

LOST, STAKED = UsageKind.LOSS, UsageKind.STAKE


def test_e58_a_loss_limit_counts_open_stake() -> None:
    world = CouponWorld("SN 500")
    limit(world, LOSS, 100)
    world.authorize(70, "lost")
    world.settle(0, "lost")
    world.authorize(20, "open")

    assert world.authorize(15, "b15") == "LOSS_LIMIT"
    assert world.refusal == LossLimit(limit=100, used=90, remaining=10, period="DAY")
    assert world.authorize(10, "b10") == "APPLIED"
    assert world.authorize(1, "b1") == "LOSS_LIMIT"
    world.grant(50)
    assert world.bet_with(50, "b50", coupon="C1") == "APPLIED"


def test_a_bet_that_a_limit_declines_is_remembered() -> None:
    world = World("SN 500")
    limit(world, LOSS, 100)

    assert world.authorize(101) == "LOSS_LIMIT"

    assert world.bet().state is BetState.DECLINED
    assert world.authorize(101) == "REPLAYED LOSS_LIMIT"
    assert world.balances == {"SN": 500}
    assert world.wallet.player.usages == ()


def test_a_declined_bet_may_be_tried_again_where_its_provider_may() -> None:
    profile = ProviderProfile("sports", "SPORTS", declined_retry=DeclinedRetry.NEW_ATTEMPT)
    world = World("SN 500", profile)
    limit(world, STAKE, 100)
    world.authorize(60, "b0")
    assert world.authorize(50) == "STAKE_LIMIT"

    wait(world, hours=25)

    assert world.authorize(50) == "APPLIED"
    assert [slot.amount for slot in usage(world, STAKED).slots] == [60, 50]


def test_what_is_won_gives_room_again() -> None:
    world = World("SN 500")
    limit(world, LOSS, 100)
    world.authorize(100)
    assert world.authorize(1, "b2") == "LOSS_LIMIT"

    world.settle(130)  # 30 are won: the player may lose them too.

    assert world.authorize(131, "b3") == "LOSS_LIMIT"
    assert world.refusal == LossLimit(limit=100, used=-30, remaining=130, period="DAY")
    assert world.authorize(130, "b4") == "APPLIED"


def test_bonus_money_is_not_the_players() -> None:
    world = World("SB 40, SN 500")
    limit(world, LOSS, 100)
    limit(world, STAKE, 100)

    assert world.authorize(140) == "APPLIED"  # 40 of SB, 100 of SN.

    assert counted(world, STAKED) == 100
    assert usage(world, LOST).open_stake == 100
    assert world.authorize(1, "b2") == "STAKE_LIMIT"


def test_where_only_bonus_money_pays_no_limit_is_looked_at() -> None:
    world = World("SB 40")
    limit(world, LOSS, 0)
    limit(world, STAKE, 0)
    limit(world, STAKE, 0, BET)

    assert world.authorize(40) == "APPLIED"

    assert world.wallet.player.usages == ()


def test_a_bet_alone_may_not_stake_more_than_its_limit() -> None:
    world = World("SB 5, SN 500")
    limit(world, STAKE, 10, BET)

    assert world.authorize(16, "b16") == "STAKE_LIMIT"  # 11 of SN.
    assert world.refusal == StakeLimit(limit=10, used=0, remaining=10, period="BET")
    assert world.authorize(15, "b15") == "APPLIED"
    assert world.authorize(10, "b10") == "APPLIED"


def test_stakes_add_up_whatever_becomes_of_them() -> None:
    world = World("SN 500")
    limit(world, STAKE, 100)
    world.authorize(60)
    world.settle(500)

    assert world.authorize(41, "b2") == "STAKE_LIMIT"
    assert world.refusal == StakeLimit(limit=100, used=60, remaining=40, period="DAY")
    world.unsettle(2)
    world.settle(0, version=3, refund=60)
    assert counted(world, STAKED) == 60


def test_stakes_are_refused_before_losses() -> None:
    world = World("SN 500")
    limit(world, STAKE, 100)
    limit(world, LOSS, 50)

    assert world.authorize(101) == "STAKE_LIMIT"


def test_what_the_sources_cannot_pay_is_refused_before_limits() -> None:
    world = World("SN 50")
    limit(world, STAKE, 10)

    assert world.authorize(51) == "INSUFFICIENT_FUNDS"


def test_a_players_other_currencies_count_too() -> None:
    world = World("SN 500", limits(rates=DOLLARS_AT_TWO_THIRDS))
    limit(world, LOSS, 100)
    used_elsewhere(world, LOST, 30, open_stake=45)  # 75 dollars, which are 50 euros.

    assert world.authorize(51) == "LOSS_LIMIT"
    assert world.refusal == LossLimit(limit=100, used=50, remaining=50, period="DAY")
    assert world.authorize(50, "b2") == "APPLIED"
    world.configure(limits())
    assert world.authorize(1, "b3") == "LIMIT_RATE_MISSING"
    assert world.refusal == LimitRateMissing("USD", "EUR")


@pytest.mark.parametrize("kind", [LOSS, STAKE])
def test_a_default_limit_holds_for_everybody(kind: LimitKind) -> None:
    world = World("SN 500", limits(defaults=(default(kind, 100),)))

    assert world.authorize(70) == "APPLIED"
    assert world.authorize(31, "b2") == f"{kind.value}_LIMIT"
    assert world.authorize(30, "b3") == "APPLIED"


def test_the_players_own_limit_beside_a_default_counts_what_was_counted() -> None:
    world = World("SN 500", limits(defaults=(default(LOSS, 100, WEEK),)))
    world.authorize(70)
    world.settle(0)

    limit(world, LOSS, 80)

    assert world.authorize(11, "b2") == "LOSS_LIMIT"
    assert world.authorize(10, "b3") == "APPLIED"


def test_nothing_is_counted_of_bets_where_nothing_limits_them() -> None:
    world = World("SN 500", limits(defaults=(default(DEPOSIT, 100),)))
    limit(world, DEPOSIT, 100)
    before = world.wallet.player

    world.authorize(70)
    world.settle(0)

    assert world.wallet.player is before


def test_an_explanation_tells_of_the_limit_that_would_refuse() -> None:
    world = World("SN 500")
    limit(world, LOSS, 100)
    bet = AuthorizeBet(BetKey("sports", UNPLACED), eur(101))

    explained = explain_funding(bet, world.wallet, world.fold.configurations["demo"], now_in(world))

    assert explained.refusal == LossLimit(limit=100, used=0, remaining=100, period="DAY")
    assert explained.lines == ()
    assert [each.source for each in explained.considered] == ["SB", "SN", "WD"]


def test_a_round_that_is_played_in_one_command_counts_as_its_parts() -> None:
    world = RoundWorld("CN 500")
    limit(world, LOSS, 100)
    limit(world, STAKE, 200)
    revision = world.wallet.player.revision

    assert world.play({"b1": 60, "b2": 41}, {}) == "LOSS_LIMIT"
    assert world.refusal == LossLimit(limit=100, used=60, remaining=40, period="DAY")
    assert world.wallet.player.revision == revision
    assert world.play({"b3": 60, "b4": 40}, {"w1": 30}) == "APPLIED"

    assert world.wallet.player.revision == revision + 1
    assert counted(world, LOST) == 70
    assert counted(world, STAKED) == 100
    assert usage(world, LOST).open_stake == 0
