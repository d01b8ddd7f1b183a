"""Bonus money that a player gives up for one withdrawal while there are others."""

from dataclasses import replace

from tests.core.cashier.bonuses import BONUS, with_bonus
from tests.core.cashier.withdrawal_world import FORFEITING, WithdrawalWorld, ruled
from tests.core.world import vector


def test_a_second_withdrawal_takes_consent_again_and_takes_the_bonus_over() -> None:
    world = with_bonus("SN 100, SB 25")
    world.request(1, "w1", accept=True)

    assert world.request(99, "w2") == "BONUS_FORFEITURE_REQUIRED"
    assert world.refusal.details() == {"forfeits": "SB=25", "amount": 25}
    world.bring_to_submitted(99, "w2", accept=True)
    assert world.cancel_withdrawal("w1") == "APPLIED"
    assert world.posted == vector("SN +1, HOLD:w1 -1")
    assert world.told_of.forfeited == 0
    assert world.withdrawal("w2").forfeited == 25
    assert world.state() == "SUSPENDED"

    world.fail("w2")
    assert world.balances == vector("SN 100, SB 25")
    assert world.state() == "ACTIVE"


def test_a_second_withdrawal_that_is_paid_first_ends_the_bonus_of_the_first() -> None:
    world = with_bonus("SN 100, SB 25")
    world.request(1, "w1", accept=True)
    world.bring_to_submitted(99, "w2", accept=True)

    world.confirm(name="w2")
    assert world.state() == "CANCELLED"
    assert world.withdrawal("w1").forfeits == ()
    world.cancel_withdrawal("w1")

    assert world.balances == vector("SN 1")


def test_a_bonus_that_two_withdrawals_took_from_waits_for_both() -> None:
    world = with_bonus("SN 100, SB 25")
    world.place(10)
    world.request(1, "w1", accept=True)  # 15 of SB.
    world.settle(30)
    world.request(1, "w2", accept=True)  # 30 of SB, of the same requirement.

    world.cancel_withdrawal("w2")
    assert world.posted == vector("SN +1, SB +30, HOLD:w2 -1, H:PROMO -30")
    assert world.state() == "SUSPENDED"
    world.cancel_withdrawal("w1")

    assert world.state() == "ACTIVE"
    assert world.balances == vector("SN 100, SB 45")


def test_an_earlier_withdrawal_has_nothing_to_do_with_a_later_bonus() -> None:
    world = WithdrawalWorld("SN 100", ruled(FORFEITING))
    world.bring_to_submitted(10, "w1", accept=True)
    world.put(replace(BONUS, sequence=9))
    world.adjust(25, "SB")
    world.request(20, "w2", accept=True)

    world.confirm(name="w1")
    world.cancel_withdrawal("w2")

    assert world.balances == vector("SN 90, SB 25")
    assert world.state() == "ACTIVE"


def test_a_bonus_of_a_frozen_bucket_is_gone_for_a_later_withdrawal_too() -> None:
    world = with_bonus("SN 100, SB 25")
    world.place(10)
    world.bring_to_submitted(1, "w1", accept=True)  # 15 of SB.
    world.settle(30)
    world.request(1, "w2", accept=True)  # 30 of SB.
    world.change(frozen="SB")
    world.confirm(name="w1")

    world.cancel_withdrawal("w2")

    assert world.posted == vector("SN +1, HOLD:w2 -1")


def test_a_withdrawal_that_ends_without_a_bonus_changes_no_other() -> None:
    world = WithdrawalWorld("SN 100", ruled(FORFEITING))
    world.request(10, "w1", accept=True)
    world.request(20, "w2", accept=True)

    world.reject("w1")

    assert world.withdrawal("w2").revision == 1
