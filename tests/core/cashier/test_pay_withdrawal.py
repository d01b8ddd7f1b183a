"""What the payment provider and the bank say of a withdrawal."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.core.cashier.withdrawal_world import WithdrawalWorld, withdrawing
from tests.core.world import START, eur, vector
from wallet_server.core.accounts import hold
from wallet_server.core.cashier.withdrawal import (
    OPEN_STATES,
    HoldLine,
    Withdrawal,
    WithdrawalState,
)
from wallet_server.core.commands import Amount, ConfirmWithdrawal
from wallet_server.core.config.topology import RetiredBucket


def submitted() -> WithdrawalWorld:
    """Returns a wallet with 200 on its way: 150 of WD and 50 of SN."""
    world = WithdrawalWorld("WD 150, SN 80")
    world.bring_to_submitted(200)
    return world


def test_what_is_paid_leaves_the_house() -> None:
    world = submitted()

    assert world.confirm() == "APPLIED"
    assert world.posted == vector("HOLD:w1 -200, H:CASH +200")
    assert (world.told_of.state, world.told_of.paid) == ("PAID", 200)
    assert world.withdrawal().end_sequence == world.wallet.sequence
    assert world.balances == vector("SN 30")


def test_what_was_not_paid_goes_back_to_who_gave_last() -> None:
    world = submitted()

    assert world.confirm(130) == "APPLIED"  # 70 are left: 50 of SN and 20 of WD.
    assert world.posted == vector("SN +50, WD +20, HOLD:w1 -200, H:CASH +130")
    assert (world.told_of.state, world.told_of.paid) == ("PARTIALLY_PAID", 130)
    assert world.balances == vector("SN 80, WD 20")


def test_the_same_news_again_is_no_news() -> None:
    world = submitted()
    assert world.submit() == "ALREADY_APPLIED"
    assert world.submit(payout_ref="p2") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal.details() == {"reference": "w1", "field": "payout_ref"}
    world.confirm(130)

    assert world.confirm(130) == "ALREADY_APPLIED"
    assert world.confirm() == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal.details() == {"reference": "w1", "field": "paid"}
    other = submitted()
    other.fail()
    assert other.fail() == "ALREADY_APPLIED"
    assert other.withdrawal().reason_code == "NO_ACCOUNT"


@pytest.mark.parametrize("paid", [0, 201])
def test_no_more_is_paid_than_was_asked_for_and_not_nothing(paid: int) -> None:
    world = submitted()

    assert world.confirm(paid) == "AMOUNT_MISMATCH"
    assert world.refusal.details() == {"expected": 200, "actual": paid}
    assert world.run(ConfirmWithdrawal("w1", Amount("USD", 1))) == "CURRENCY_MISMATCH"
    assert world.run(ConfirmWithdrawal("w1", eur(200))) == "APPLIED"


def test_what_the_bank_sends_back_goes_where_it_came_from() -> None:
    world = submitted()
    world.confirm()

    assert world.give_back() == "APPLIED"
    assert world.posted == vector("SN +50, WD +150, H:CASH -200")
    assert world.state_of() == "RETURNED"
    assert world.withdrawal().reason_code == "CLOSED_ACCOUNT"
    assert world.give_back() == "ALREADY_APPLIED"
    assert world.balances == vector("SN 80, WD 150")


def test_what_comes_back_for_a_retired_bucket_goes_to_its_successor() -> None:
    world = submitted()
    shape = withdrawing(order=("WD",))
    kept = tuple(each for each in shape.buckets if each.code != "SN")
    retired = (RetiredBucket("SN", "WD"),)
    world.configure(replace(shape, buckets=kept, retired_buckets=retired))

    assert world.fail() == "APPLIED"
    assert world.posted == vector("WD +200, HOLD:w1 -200")


def test_what_the_bank_sends_back_follows_all_successors() -> None:
    world = submitted()
    world.confirm()
    shape = withdrawing(order=("WD",))
    kept = tuple(each for each in shape.buckets if each.code not in {"SN", "CN"})
    retired = (RetiredBucket("SN", "CN"), RetiredBucket("CN", "WD"))
    world.configure(replace(shape, buckets=kept, retired_buckets=retired))

    assert world.give_back() == "APPLIED"
    assert world.posted == vector("WD +200, H:CASH -200")


def withdrawal_in(state: WithdrawalState) -> WithdrawalWorld:
    """Returns a wallet whose withdrawal of 60 of WD is in a state."""
    found = Withdrawal(
        withdrawal_id="w1",
        state=state,
        amount=60,
        asset_code="EUR",
        lines=(HoldLine("WD", 60),),
        sequence=1,
        create_time=START,
        paid=60 if state in {WithdrawalState.PAID, WithdrawalState.RETURNED} else 0,
    )
    world = WithdrawalWorld("WD 40", items=(found,))
    if state in OPEN_STATES:
        balances = {**world.wallet.balances, hold("w1"): 60}
        world.fold.wallets[world.wallet.ref] = replace(world.wallet, balances=balances)
    return world


TABLE = """
    state           approve   reject    cancel    submit    confirm   fail      return
    HELD            APPLIED   APPLIED   APPLIED   ILLEGAL   ILLEGAL   ILLEGAL   ILLEGAL
    PENDING_REVIEW  APPLIED   APPLIED   APPLIED   ILLEGAL   ILLEGAL   ILLEGAL   ILLEGAL
    APPROVED        ALREADY   APPLIED   ILLEGAL   APPLIED   ILLEGAL   ILLEGAL   ILLEGAL
    SUBMITTED       ILLEGAL   ILLEGAL   ILLEGAL   ALREADY   APPLIED   APPLIED   ILLEGAL
    PAID            ILLEGAL   ILLEGAL   ILLEGAL   ILLEGAL   ALREADY   ILLEGAL   APPLIED
    PARTIALLY_PAID  ILLEGAL   ILLEGAL   ILLEGAL   ILLEGAL   MISMATCH  ILLEGAL   ILLEGAL
    FAILED          ILLEGAL   ILLEGAL   ILLEGAL   ILLEGAL   ILLEGAL   ALREADY   ILLEGAL
    REJECTED        ILLEGAL   ALREADY   ILLEGAL   ILLEGAL   ILLEGAL   ILLEGAL   ILLEGAL
    CANCELLED       ILLEGAL   ILLEGAL   ALREADY   ILLEGAL   ILLEGAL   ILLEGAL   ILLEGAL
    RETURNED        ILLEGAL   ILLEGAL   ILLEGAL   ILLEGAL   ILLEGAL   ILLEGAL   ALREADY
"""
HEAD, *LINES = [line.split() for line in TABLE.strip().splitlines()]
IN_FULL = {
    "ALREADY": "ALREADY_APPLIED",
    "ILLEGAL": "ILLEGAL_TRANSITION",
    "MISMATCH": "TRANSACTION_PAYLOAD_MISMATCH",
}


def submit_without_ref(world: WithdrawalWorld) -> str:
    return world.submit(payout_ref="")


STEPS: dict[str, Callable[[WithdrawalWorld], str]] = {
    "approve": WithdrawalWorld.approve,
    "reject": WithdrawalWorld.reject,
    "cancel": WithdrawalWorld.cancel_withdrawal,
    "submit": submit_without_ref,
    "confirm": WithdrawalWorld.confirm,
    "fail": WithdrawalWorld.fail,
    "return": WithdrawalWorld.give_back,
}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_each_state_leads_where_it_may(line: list[str]) -> None:
    state = WithdrawalState(line[0])
    outcomes = {name: STEPS[name](withdrawal_in(state)) for name in HEAD[1:]}

    assert outcomes == {
        name: IN_FULL.get(said, said) for name, said in zip(HEAD[1:], line[1:], strict=True)
    }


def test_every_state_is_in_the_table() -> None:
    assert [line[0] for line in LINES] == [each.value for each in WithdrawalState]
