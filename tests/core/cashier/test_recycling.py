"""Deposits that are paid from payouts."""

from dataclasses import replace

import pytest

from tests.core.cashier.deposits import DepositWorld
from tests.core.promotions.promotions import FIVE_TIMES
from tests.core.world import vector
from wallet_server.core.cashier.withdrawal import Forfeit, WithdrawalState
from wallet_server.core.config.wallet_policy import DepositRules, WalletPolicy, WithdrawalRules
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import (
    PayoutNotRecyclable,
    TransactionPayloadMismatch,
    WithdrawalNotFound,
)
from wallet_server.core.rolling.requirement import RequirementState

RECYCLES = WalletPolicy(
    deposits=DepositRules(methods_approved_at_once=("CASH",), recycles_payouts=True)
)
PAID = WithdrawalState.PAID
SUBMITTED = WithdrawalState.SUBMITTED


def test_a_payout_that_came_back_is_paid_in_anew() -> None:
    world = DepositWorld("", RECYCLES)
    world.has_payout(PAID)

    assert world.approve(100, "CN", payout="w1") == "APPLIED"
    assert world.posted == vector("CN +100, H:CASH -100")
    payout = world.withdrawal()
    assert (payout.state, payout.deposit_id) == (WithdrawalState.RETURNED, "d1")
    assert (payout.end_sequence, payout.revision) == (2, 2)
    assert world.deposited.withdrawal_id == "w1"


def test_a_payout_on_its_way_is_cancelled_by_the_deposit() -> None:
    world = DepositWorld("SN 5", RECYCLES)
    world.has_payout(SUBMITTED)

    assert world.create(100, "CN", payout="w1", method="CASH") == "APPLIED"
    # What was held goes to the payment provider, and at once comes from there.
    assert world.posted == vector("HOLD:w1 -100, CN +100")
    assert world.balances == vector("SN 5, CN 100")
    payout = world.withdrawal()
    assert (payout.state, payout.deposit_id) == (WithdrawalState.FAILED, "d1")


def test_the_payout_ends_when_the_deposit_is_approved_and_not_before() -> None:
    world = DepositWorld("", RECYCLES)
    world.has_payout(SUBMITTED)

    assert world.create(100, payout="w1") == "APPLIED"
    assert world.withdrawal().state is SUBMITTED
    assert world.approve(100) == "APPLIED"
    assert world.withdrawal().state is WithdrawalState.FAILED
    assert world.approve(100, payout="w1") == "REPLAYED APPLIED"
    assert world.balances == {"SN": 100}


def test_what_was_given_up_for_a_payout_on_its_way_comes_back() -> None:
    world = DepositWorld("", RECYCLES)
    world.credit(25, rolling=FIVE_TIMES)
    world.put(replace(world.requirement(), state=RequirementState.SUSPENDED))
    world.change(balances="")
    world.has_payout(SUBMITTED, forfeits=(Forfeit("SB", 25, ("PROMOTION:p1",)),))

    assert world.approve(100, payout="w1") == "APPLIED"
    assert world.posted == vector("HOLD:w1 -100, SN +100, H:PROMO -25, SB +25")
    assert world.requirement().state is RequirementState.ACTIVE
    assert world.withdrawal().forfeited == 0


def test_what_was_given_up_for_a_payout_that_was_made_stays_so() -> None:
    world = DepositWorld("", RECYCLES)
    world.has_payout(PAID, forfeits=(Forfeit("SB", 25),))

    world.approve(100, payout="w1")

    assert world.posted == vector("SN +100, H:CASH -100")
    assert world.withdrawal().forfeited == 25


def test_a_payout_is_paid_in_anew_once() -> None:
    world = DepositWorld("", RECYCLES)
    world.has_payout(PAID)
    world.create(100, payout="w1")
    world.create(100, payout="w1", deposit_id="d2")
    world.approve(100)

    assert world.approve(100, deposit_id="d2") == "PAYOUT_NOT_RECYCLABLE"
    assert world.refusal == PayoutNotRecyclable("w1", "RETURNED")
    assert world.create(100, payout="w1", deposit_id="d3") == "PAYOUT_NOT_RECYCLABLE"
    assert world.decline("d2") == "APPLIED"
    assert world.balances == {"SN": 100}


@pytest.mark.parametrize("state", [s for s in WithdrawalState if s not in {PAID, SUBMITTED}])
def test_no_payout_in_another_state_is_recycled(state: WithdrawalState) -> None:
    world = DepositWorld("", RECYCLES)
    world.has_payout(state)

    assert world.approve(100, payout="w1") == "PAYOUT_NOT_RECYCLABLE"
    assert world.refusal == PayoutNotRecyclable("w1", state.value)
    assert world.create(100, payout="w1") == "PAYOUT_NOT_RECYCLABLE"
    assert world.withdrawal().state is state


def test_a_payout_is_recycled_whole_and_where_the_wallet_policy_says_so() -> None:
    world = DepositWorld("", RECYCLES)
    world.has_payout(PAID)

    assert world.approve(99, payout="w1") == "PAYOUT_NOT_RECYCLABLE"
    assert world.approve(101, payout="w1") == "PAYOUT_NOT_RECYCLABLE"
    assert world.approve(100, payout="w2") == "WITHDRAWAL_NOT_FOUND"
    assert world.refusal == WithdrawalNotFound("w2")
    world.configure(WalletPolicy())
    assert world.approve(100, payout="w1") == "PAYOUT_NOT_RECYCLABLE"
    assert world.withdrawal().state is PAID


@pytest.mark.parametrize(
    "policy",
    [
        replace(RECYCLES, withdrawals=WithdrawalRules(reversible=False)),
        replace(RECYCLES, jurisdiction="UK"),
    ],
    ids=["policy", "law"],
)
def test_a_payout_on_its_way_is_not_recycled_where_players_may_take_none_back(
    policy: WalletPolicy,
) -> None:
    world = DepositWorld("", policy)
    world.has_payout(SUBMITTED)

    assert world.create(100, payout="w1") == "PAYOUT_NOT_RECYCLABLE"
    assert world.approve(100, payout="w1") == "PAYOUT_NOT_RECYCLABLE"
    assert world.balances == {"HOLD:w1": 100}

    world = DepositWorld("", policy)
    world.has_payout(PAID)
    assert world.approve(100, payout="w1") == "APPLIED"


def test_a_recycled_payout_counts_for_no_limit() -> None:
    world = DepositWorld("", RECYCLES)
    world.has_payout(PAID)

    world.create(100, payout="w1")
    assert world.counted == {}
    world.approve(100)
    assert world.counted == {}


def test_a_declined_deposit_leaves_the_payout_as_it_is() -> None:
    world = DepositWorld("", RECYCLES)
    world.has_payout(SUBMITTED)
    world.create(100, payout="w1")

    assert world.decline() == "APPLIED"
    assert world.withdrawal().state is SUBMITTED
    assert world.balances == {"HOLD:w1": 100}
    assert world.counted == {}


def test_a_payout_that_comes_back_to_a_frozen_account_waits() -> None:
    world = DepositWorld("", RECYCLES, status=AccountStatus.FROZEN)
    world.has_payout(PAID)

    assert world.approve(100, payout="w1") == "REVIEW"
    assert world.posted == vector("H:CASH -100, H:SUSPENSE +100")
    assert world.withdrawal().state is PAID
    world.set_status(AccountStatus.ACTIVE)
    assert world.approve(100) == "APPLIED"
    assert world.posted == vector("H:SUSPENSE -100, SN +100")
    assert world.withdrawal().state is WithdrawalState.RETURNED


def test_a_deposit_names_its_payout_for_ever() -> None:
    world = DepositWorld("", RECYCLES)
    world.has_payout(PAID)
    world.create(100, payout="w1")

    assert world.approve(100, payout="w2") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("d1", "withdrawal_id")


def test_a_recycled_deposit_may_be_taken_back_as_any() -> None:
    world = DepositWorld("", RECYCLES)
    world.has_payout(PAID)
    world.approve(100, payout="w1")

    assert world.take_back() == "APPLIED"
    assert world.posted == vector("SN -100, H:CASH +100")
    assert world.withdrawal().state is WithdrawalState.RETURNED
