"""Limits on what bets stake and lose."""

from dataclasses import replace

import pytest

from tests.core.bets.examples import line, placed, portion
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
from tests.core.rounds.round_world import RoundWorld, slots
from tests.core.rules import TOPOLOGY
from tests.core.world import START, World, eur
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.bets.explain import UNPLACED, explain_funding
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.config.provider_profile import DeclinedRetry, ProviderProfile
from wallet_server.core.config.topology import RetiredBucket
from wallet_server.core.ids import BetKey
from wallet_server.core.players.bet_limits import loss_of
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


def test_a_rolled_back_stake_is_given_back_in_the_hour_that_it_was_placed_in() -> None:
    world = World("SN 500")
    limit(world, STAKE, 100)
    world.authorize(60)
    wait(world, hours=2)
    world.authorize(10, "b2")

    world.roll_back()

    assert [slot.amount for slot in usage(world, STAKED).slots] == [10]
    assert usage(world, STAKED).slots[0].start == START.replace(hour=14)


def test_a_bet_from_before_the_limit_gives_no_stake_back() -> None:
    world = World("SN 500")
    world.authorize(60)
    limit(world, STAKE, 100)
    world.authorize(70, "b2")

    world.roll_back()

    assert counted(world, STAKED) == 70


def test_a_loss_is_counted_when_it_happens_and_not_when_the_bet_was_placed() -> None:
    world = World("SN 500")
    limit(world, LOSS, 100)
    world.authorize(60)
    wait(world, hours=30)
    world.settle(0)

    assert [slot.start.hour for slot in usage(world, LOST).slots] == [18]
    assert world.authorize(41, "b2") == "LOSS_LIMIT"


def test_corrections_bring_the_counted_loss_to_what_the_bet_has_lost() -> None:
    world = World("SN 500")
    limit(world, LOSS, 1000)
    world.authorize(100)
    steps = (
        (lambda: world.settle(0), 100, 0),
        (lambda: world.settle(130, version=2), -30, 0),
        (lambda: world.settle(40, version=3, refund=50), 10, 0),
        (lambda: world.unsettle(4), 0, 100),
        (lambda: world.settle(0, version=5), 100, 0),
        (world.roll_back, 0, 0),
    )
    for step, lost, still_open in steps:
        assert step() == "APPLIED"
        assert counted(world, LOST) == lost
        assert usage(world, LOST).open_stake == still_open


def test_a_debt_that_a_payout_repays_was_paid_to_the_player_all_the_same() -> None:
    world = World("SN 100, DEBT -30")
    limit(world, LOSS, 1000)
    world.authorize(100)

    world.settle(120)

    assert world.balances == {"SN": 90}
    assert counted(world, LOST) == -20


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


def test_wins_of_rounds_count_by_the_lines_of_own_money() -> None:
    # A win of 45 is split 15 to 30: a third of the stake was own money.
    world = RoundWorld("CN 10, CB 20")
    limit(world, LOSS, 100)
    world.bet_in(30, "b1")
    assert usage(world, LOST).open_stake == 10

    world.win(45)
    assert counted(world, LOST) == -15
    world.close()
    assert counted(world, LOST) == -5
    assert usage(world, LOST).open_stake == 0
    world.undo("w1")
    assert counted(world, LOST) == 10
    world.undo("b1")
    assert counted(world, LOST) == 0


def test_a_win_that_waits_for_a_decision_was_not_paid() -> None:
    world = RoundWorld("CN 10", slots(win_window_seconds=0))
    limit(world, LOSS, 100)
    world.bet_in(10, "b1")
    world.close()

    assert world.win(30) == "REVIEW"
    assert counted(world, LOST) == 10
    world.release()

    assert counted(world, LOST) == -20


def test_what_coupons_and_bonus_money_have_won_is_no_gain() -> None:
    bet = placed(line("cpn:C1", 30, stake=None, profit="SN"), line("SB", 20), line("SN", 50))

    settled = bet.with_portions((portion((30, 20, 50), 240),), {})

    # Of 240 the coupon's share is 72, the bonus's 48 and the player's 120, for a stake of 50.
    assert loss_of(settled, TOPOLOGY) == -70


@pytest.mark.parametrize(
    ("bet", "lost"),
    [
        (placed(line("SN", 50)), 0),
        (placed(line("SN", 50)).with_portions((portion((50,), 0),), {}), 50),
        (placed(line("SN", 50)).with_portions((portion((50,), 0, 50),), {}), 0),
        (placed(line("SN", 50)).with_portions((portion((20,), 0, 5),), {}), 15),
        # The stake is not returned: of 80 only 30 are paid.
        (placed(line("SN", 50, stake=None)).with_portions((portion((50,), 80),), {}), 20),
        # The profit of 30 is capped at 10, and goes to a bonus: it was won all the same.
        (
            placed(line("SN", 50, profit="SB", cap=10)).with_portions((portion((50,), 80),), {}),
            -10,
        ),
        # The cap is for both portions together: 10 and 0 of the profits 15 and 20.
        (
            placed(line("SN", 50, cap=10)).with_portions(
                (portion((20,), 35, ref="a"), portion((30,), 50, ref="b")), {}
            ),
            -10,
        ),
        # 101 over 33, 33 and 34 are 33, 33 and 35: SN lost nothing, and WD won 1.
        (
            placed(line("SB", 33), line("SN", 33), line("WD", 34)).with_portions(
                (portion((33, 33, 34), 101),), {}
            ),
            -1,
        ),
    ],
)
def test_what_a_bet_has_lost_is_a_function_of_the_bet(bet: Bet, lost: int) -> None:
    assert loss_of(bet, TOPOLOGY) == lost
    assert loss_of(replace(bet, state=BetState.ROLLED_BACK), TOPOLOGY) == 0


def test_a_retired_bucket_counts_as_its_successor_does() -> None:
    retired = (RetiredBucket("OLD", "SN"), RetiredBucket("GONE", "SB"))
    topology = replace(TOPOLOGY, retired_buckets=retired)

    assert topology.own_sources == {"SN", "CN", "WD", "OLD"}
