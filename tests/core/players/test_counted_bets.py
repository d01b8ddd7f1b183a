"""What bets and wins count for limits on stakes and losses."""

from dataclasses import replace

import pytest

from tests.core.bets.examples import line, placed, portion
from tests.core.players.limited import (
    LOSS,
    STAKE,
    counted,
    limit,
    usage,
    wait,
)
from tests.core.rounds.round_world import RoundWorld, slots
from tests.core.rules import TOPOLOGY
from tests.core.world import START, World
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.config.topology import RetiredBucket
from wallet_server.core.players.bet_limits import loss_of
from wallet_server.core.players.usage import UsageKind

LOST, STAKED = UsageKind.LOSS, UsageKind.STAKE


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
