"""Bonus money that a player gives up for a withdrawal."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.cashier.bonuses import BONUS, with_bonus
from tests.core.cashier.withdrawal_world import FORFEITING, WithdrawalWorld, ruled, withdrawing
from tests.core.rolling.rolling_world import requirement
from tests.core.world import START, eur, vector
from wallet_server.core.commands import CreditPromotion, ForfeitBonus, ReversePromotion
from wallet_server.core.config.topology import Withdrawable
from wallet_server.core.config.wallet_policy import WithdrawalRules
from wallet_server.core.promotions.promotion import ReversalMode
from wallet_server.core.rolling.requirement import (
    ReleaseMode,
    RequirementState,
    RollingTerms,
)

IN_AN_HOUR = START + timedelta(hours=1)


def test_what_is_paid_ends_the_bonus() -> None:
    world = with_bonus()
    world.bring_to_submitted(100, accept=True)
    assert world.withdrawal().forfeited == 25

    assert world.confirm() == "APPLIED"
    assert world.posted == vector("HOLD:w1 -100, H:CASH +100")
    ended = world.requirement()
    assert ended.state is RequirementState.CANCELLED
    assert ended.end_sequence == world.wallet.sequence
    assert ended.forfeited == 25
    assert world.told_of.forfeited == 25
    assert world.give_back() == "APPLIED"

    assert world.balances == vector("SN 100")
    assert world.state() == "CANCELLED"


def test_what_came_to_the_bonus_meanwhile_ends_with_it() -> None:
    world = with_bonus("SN 100, SB 25")
    world.place(10)  # SB pays first.
    world.bring_to_submitted(100, accept=True)
    assert world.withdrawal().forfeited == 15
    world.settle(30)
    assert world.balances == vector("SB 30, HOLD:w1 100")

    assert world.confirm() == "APPLIED"
    assert world.posted == vector("SB -30, HOLD:w1 -100, H:CASH +100, H:PROMO +30")
    assert world.told_of.forfeited == 45


def test_what_comes_back_after_the_bonus_has_ended_goes_to_the_house() -> None:
    world = with_bonus("SN 100, SB 25")
    world.place(10)
    world.bring_to_submitted(100, accept=True)
    world.confirm()
    assert world.requirement().tail

    world.settle(30)

    assert world.beside == vector("SB -30, H:PROMO +30")
    assert world.balances == {}


@pytest.mark.parametrize("end", ["reject", "cancel", "fail", "part"])
def test_every_other_end_gives_the_bonus_back(end: str) -> None:
    world = with_bonus()
    if end in {"reject", "cancel"}:
        world.request(100, accept=True)
    else:
        world.bring_to_submitted(100, accept=True)

    outcome = {
        "reject": world.reject,
        "cancel": world.cancel_withdrawal,
        "fail": world.fail,
        "part": lambda: world.confirm(40),
    }[end]()

    assert outcome == "APPLIED"
    assert world.balances == vector("SN 60, SB 25" if end == "part" else "SN 100, SB 25")
    assert world.state() == "ACTIVE"
    assert world.told_of.forfeited == 0


def test_a_bonus_whose_time_has_passed_does_not_come_back() -> None:
    world = with_bonus("SN 100, SB 25", replace(BONUS, expire_time=IN_AN_HOUR))
    world.request(100, accept=True)
    world.later(minutes=59)
    assert world.cancel(expired=True) == "ALREADY_APPLIED"
    world.later(minutes=1)

    assert world.reject() == "APPLIED"

    assert world.posted == vector("SN +100, HOLD:w1 -100")
    assert world.state() == "EXPIRED"
    assert world.requirement().forfeited == 25
    assert world.told_of.forfeited == 25


def test_a_bonus_of_a_frozen_bucket_comes_back_and_expires_when_it_may() -> None:
    world = with_bonus("SN 100, SB 25", replace(BONUS, expire_time=IN_AN_HOUR))
    world.request(100, accept=True)
    world.later(hours=1)
    world.change(frozen="SB")

    world.reject()

    assert world.balances == vector("SN 100, SB 25")
    assert world.state() == "ACTIVE"


def test_a_bonus_that_was_ended_meanwhile_does_not_come_back() -> None:
    world = with_bonus()
    world.request(100, accept=True)
    world.run(ForfeitBonus("SB", "PLAYER"))
    assert world.state() == "CANCELLED"

    assert world.reject() == "APPLIED"

    assert world.posted == vector("SN +100, HOLD:w1 -100")
    assert world.told_of.forfeited == 25
    assert world.requirement().forfeited == 25


def test_of_two_bonuses_only_the_one_that_was_ended_stays_away() -> None:
    second = requirement("RQ2", "SB", 100, amount=10, order=2)
    world = with_bonus("SN 100, SB 35", BONUS, second)
    world.request(100, accept=True)
    world.cancel("RQ1", forfeit=True)

    world.reject()

    assert world.posted == vector("SB +10, SN +100, HOLD:w1 -100, H:PROMO -10")
    assert (world.state("RQ1"), world.state("RQ2")) == ("CANCELLED", "ACTIVE")
    assert world.requirement("RQ1").forfeited == 25


def test_both_of_two_bonuses_end_when_it_is_paid() -> None:
    second = requirement("RQ2", "SB", 100, amount=10, order=2)
    world = with_bonus("SN 100, SB 40", BONUS, second)
    world.bring_to_submitted(100, accept=True)

    world.confirm()

    assert (world.state("RQ1"), world.state("RQ2")) == ("CANCELLED", "CANCELLED")
    assert world.requirement("RQ1").forfeited == 25
    assert world.requirement("RQ2").forfeited == 15


def test_a_bonus_that_came_later_is_left_alone() -> None:
    world = with_bonus()
    world.bring_to_submitted(100, accept=True)
    world.put(requirement("RQ2", "SB", 100, amount=10, order=9))
    world.adjust(10, "SB")

    world.confirm()

    assert world.balances == vector("SB 10")
    assert (world.state("RQ1"), world.state("RQ2")) == ("CANCELLED", "ACTIVE")


def test_a_bonus_that_is_earned_is_not_given_up() -> None:
    waits = RollingTerms(multiplier_bp=10_000, release_target="WD")
    earned = requirement(
        "RQ1", "SB", 100, progress=100, state=RequirementState.FULFILLED, terms=waits, amount=25
    )
    world = with_bonus("SN 100, SB 25", earned)

    assert world.request(100) == "APPLIED"
    assert world.balances == vector("SB 25, HOLD:w1 100")


def test_a_bonus_that_may_be_withdrawn_is_not_given_up() -> None:
    shape = withdrawing(order=("WD", "SN", "SB"), SB=Withdrawable.AFTER_ROLLING)
    world = WithdrawalWorld("SN 100, SB 25, CB 5", shape, ruled(FORFEITING))

    assert world.request(110) == "BONUS_FORFEITURE_REQUIRED"
    assert world.refusal.details() == {"forfeits": "CB=5", "amount": 5}
    assert world.request(110, accept=True) == "APPLIED"
    assert world.posted == vector("SN -100, SB -10, CB -5, HOLD:w1 +110, H:PROMO +5")


def test_every_bonus_is_named_in_the_order_of_the_topology() -> None:
    world = WithdrawalWorld("SN 100, CB 3, SB 25, PT 9", ruled(FORFEITING))

    assert world.request(1) == "BONUS_FORFEITURE_REQUIRED"
    assert world.refusal.details() == {"forfeits": "SB=25, CB=3", "amount": 28}


def test_a_frozen_bonus_stays_where_it_is() -> None:
    world = with_bonus(frozen="SB")

    assert world.request(100) == "APPLIED"
    assert world.balances == vector("SB 25, HOLD:w1 100")
    assert world.state() == "ACTIVE"


def test_a_bucket_that_was_frozen_meanwhile_keeps_what_it_holds() -> None:
    world = with_bonus()
    world.place(10)
    world.bring_to_submitted(100, accept=True)
    world.settle(30)
    world.change(frozen="SB")

    assert world.confirm() == "APPLIED"
    assert world.balances == vector("SB 30")
    assert world.state() == "CANCELLED"


def test_no_bonus_is_given_up_where_the_policy_keeps_it() -> None:
    world = WithdrawalWorld("SN 100, SB 25", ruled(WithdrawalRules()), items=(BONUS,))

    assert world.request(100, accept=True) == "APPLIED"
    assert world.balances == vector("SB 25, HOLD:w1 100")
    assert world.withdrawal().forfeits == ()


def test_one_that_came_to_its_end_while_it_waited_is_released_then() -> None:
    terms = RollingTerms(
        multiplier_bp=10_000, release_target="WD", release_mode=ReleaseMode.AUTOMATIC
    )
    world = with_bonus("SN 100, SB 30", requirement("RQ1", "SB", 10, terms=terms, amount=30))
    world.request(100, accept=True)
    world.put(replace(world.requirement(), progress=10))  # What a correction had taken away.

    world.reject()

    assert world.state() == "RELEASED"
    assert world.balances == vector("SN 100, WD 30")


def test_a_bonus_that_was_freed_meanwhile_comes_back() -> None:
    world = with_bonus()
    world.request(100, accept=True)
    world.cancel(forfeit=False)
    assert world.state() == "CANCELLED"

    assert world.reject() == "APPLIED"

    assert world.posted == vector("SB +25, SN +100, HOLD:w1 -100, H:PROMO -25")
    assert world.told_of.forfeited == 0


def test_a_bonus_that_was_taken_back_meanwhile_is_not_taken_twice() -> None:
    shape = withdrawing()
    buckets = tuple(replace(each, promo_creditable=True) for each in shape.buckets)
    world = WithdrawalWorld("SN 125", ruled(FORFEITING), replace(shape, buckets=buckets))
    world.run(CreditPromotion("p1", "SB", eur(25), rolling=RollingTerms(multiplier_bp=100_000)))
    world.request(100, accept=True)
    world.run(ReversePromotion("p1", ReversalMode.DEBT))
    assert world.posted == vector("SN -25, H:PROMO +25")
    assert world.state("PROMOTION:p1") == "CANCELLED"

    world.reject()

    assert world.posted == vector("SB +25, SN +100, HOLD:w1 -100, H:PROMO -25")
