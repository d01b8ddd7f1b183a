"""What bets, coupons, deposits, requirements and withdrawals need of buckets, and until when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.administration.batches import TO_WITHDRAWABLE, Batches
from tests.core.coupons.coupons import COUPON_SPORTS
from tests.core.world import REF, START, eur
from wallet_server.core.administration.usage_changes import totals_of_item
from wallet_server.core.cashier.deposit import Deposit, DepositState
from wallet_server.core.cashier.withdrawal import Forfeit, HoldLine, Withdrawal, WithdrawalState
from wallet_server.core.commands import (
    CreateDeposit,
    DeclineDeposit,
    GrantCoupon,
    RevokeCoupon,
)
from wallet_server.core.coupons.grant import CouponTerms
from wallet_server.core.ids import BetKey
from wallet_server.core.rolling.requirement import (
    Requirement,
    RequirementOrigin,
    RequirementState,
    RollingTerms,
)


def test_an_open_bet_needs_its_sources_and_all_destinations() -> None:
    batches = Batches("SB 30, SN 100", TO_WITHDRAWABLE)

    batches.authorize(50)

    # 30 of SB, whose profit goes to WD, and 20 of SN, to which all of its own returns.
    assert batches.changed() == {
        "BALANCE SB": (-1, -30),
        "BALANCE SN": (0, -20),
        "OPEN_BET SB": (1, 30),
        "OPEN_BET SN": (1, 20),
        "OPEN_BET WD": (1, 0),
    }


def test_a_bet_that_is_over_needs_nothing() -> None:
    batches = Batches("SB 30, SN 100", TO_WITHDRAWABLE)
    batches.authorize(50)
    batches.changed()

    batches.settle(100)

    # 100 over 30 and 20: 60, of which the stake of 30 is not returned, so 30 to WD; 40 to SN.
    assert batches.changed() == {
        "BALANCE WD": (1, 30),
        "BALANCE SN": (0, 40),
        "OPEN_BET SB": (-1, -30),
        "OPEN_BET SN": (-1, -20),
        "OPEN_BET WD": (-1, 0),
    }


def test_a_coupon_needs_its_destinations_while_it_may_pay() -> None:
    batches = Batches("", COUPON_SPORTS)
    terms = CouponTerms("WD", "SN")

    batches.run(GrantCoupon("C1", eur(40), START + timedelta(days=9), terms))
    assert batches.changed() == {"COUPON WD": (1, 40), "COUPON SN": (1, 40)}

    batches.authorize(15)
    assert batches.changed() == {"OPEN_BET WD": (1, 0), "OPEN_BET SN": (1, 0)}

    batches.run(RevokeCoupon("C1", "WRONG"))
    assert batches.changed() == {"COUPON WD": (-1, -40), "COUPON SN": (-1, -40)}


def test_a_deposit_needs_its_bucket_until_it_is_approved_or_declined() -> None:
    batches = Batches()

    batches.run(CreateDeposit("d1", "SN", eur(60)))
    assert batches.changed() == {"DEPOSIT SN": (1, 60)}
    batches.deposit(60)
    assert batches.changed() == {"DEPOSIT SN": (-1, -60), "BALANCE SN": (1, 60)}

    batches.run(CreateDeposit("d2", "CN", eur(5)))
    assert batches.changed() == {"DEPOSIT CN": (1, 5)}
    batches.run(DeclineDeposit("d2"))
    assert batches.changed() == {"DEPOSIT CN": (-1, -5)}


def requirement(state: RequirementState, target: str = "WD", *, tail: bool = False) -> Requirement:
    return Requirement(
        requirement_id="r1",
        state=state,
        bucket="SB",
        wallet_group="sports",
        asset_code="EUR",
        required=500,
        terms=RollingTerms(50_000, release_target=target),
        origin=RequirementOrigin.PROMOTION,
        origin_id="p1",
        topology_version=1,
        wallet_policy_version=1,
        sequence=1,
        opened_sequence=1,
        create_time=START,
        amount=100,
        tail=tail,
    )


@pytest.mark.parametrize("state", RequirementState)
def test_a_requirement_needs_its_bucket_and_its_target_until_it_is_over(
    state: RequirementState,
) -> None:
    is_open = state in {"PENDING", "ACTIVE", "SUSPENDED", "FULFILLED"}

    assert totals_of_item(requirement(state)) == ({"SB": 100, "WD": 100} if is_open else {})
    assert totals_of_item(requirement(state, target="")) == ({"SB": 100} if is_open else {})


def test_a_requirement_that_still_passes_money_on_is_not_over() -> None:
    released = requirement(RequirementState.RELEASED, tail=True)

    assert totals_of_item(released) == {"SB": 100, "WD": 100}


@pytest.mark.parametrize("state", WithdrawalState)
def test_a_withdrawal_needs_what_it_holds_and_has_forfeited_until_it_ends(
    state: WithdrawalState,
) -> None:
    withdrawal = Withdrawal(
        "w1",
        state,
        70,
        "EUR",
        lines=(HoldLine("SN", 50), HoldLine("CN", 20)),
        sequence=1,
        create_time=START,
        forfeits=(Forfeit("SB", 30),),
    )
    is_open = state in {"HELD", "PENDING_REVIEW", "APPROVED", "SUBMITTED"}

    assert totals_of_item(withdrawal) == ({"SN": 50, "CN": 20, "SB": 30} if is_open else {})


@pytest.mark.parametrize("state", DepositState)
def test_a_deposit_needs_its_bucket_while_it_waits(state: DepositState) -> None:
    deposit = Deposit("d1", state, "SN", "EUR", 60, sequence=1, create_time=START)

    assert totals_of_item(deposit) == ({"SN": 60} if state == "CREATED" else {})


def test_a_bet_that_is_replanned_needs_what_took_the_buckets_place() -> None:
    batches = Batches("SB 30, SN 100", TO_WITHDRAWABLE)
    batches.authorize(50)
    batches.changed()

    key = BetKey("sports", "b1")
    batches.fold.bets[REF, key] = replace(batches.bet(), replanned={"SB": "SN", "WD": "CN"})

    # The 30 of SB are SN's now, beside its own 20; the profit goes to CN.
    assert batches.changed() == {
        "OPEN_BET SB": (-1, -30),
        "OPEN_BET SN": (0, 30),
        "OPEN_BET WD": (-1, 0),
        "OPEN_BET CN": (1, 0),
    }
