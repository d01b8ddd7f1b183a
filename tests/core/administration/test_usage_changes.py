"""What commands change of what refers to buckets, batch by batch."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.coupons.coupons import COUPON_SPORTS
from tests.core.rules import auto, destinations, policy
from tests.core.world import REF, START, World, eur
from wallet_server.core.accounts import bucket
from wallet_server.core.administration.usage import Usage, UsageKey, UsageKind
from wallet_server.core.administration.usage_changes import totals_of_item, usage_changes
from wallet_server.core.batch import Fold
from wallet_server.core.cashier.deposit import Deposit, DepositState
from wallet_server.core.cashier.withdrawal import Forfeit, HoldLine, Withdrawal, WithdrawalState
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    CreateDeposit,
    DeclineDeposit,
    GrantCoupon,
    OpenWallet,
    RevokeCoupon,
)
from wallet_server.core.config.policy import Policy
from wallet_server.core.coupons.grant import CouponTerms
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.rolling.requirement import (
    Requirement,
    RequirementOrigin,
    RequirementState,
    RollingTerms,
)
from wallet_server.core.wallet import Wallet

TO_WITHDRAWABLE = policy("SPORTS", auto("SB", "SN"), destinations("SB", None, "WD"))


class Batches(World):
    """A wallet whose commands come in batches. `changed` ends one, and tells what it changed."""

    def __init__(self, balances: str = "", *changes: Policy) -> None:
        super().__init__(balances, *changes)
        self.before = self.wallet

    def changed(self) -> dict[str, tuple[int, int]]:
        """Returns counts and totals by kind and bucket, and begins the next batch."""
        changes = usage_changes(self.fold, {REF: self.before})
        self.before = self.wallet
        self.fold = Fold(self.fold.configurations, {REF: self.wallet}, {})
        return told(changes)


def told(changes: dict[UsageKey, Usage]) -> dict[str, tuple[int, int]]:
    """Returns changes by kind, bucket and, where it is not the euro, asset."""
    assert {key.tenant_id for key in changes} <= {"demo"}
    return {
        f"{key.kind} {key.bucket}" + ("" if key.asset_code == "EUR" else f" {key.asset_code}"): (
            each.count,
            each.total,
        )
        for key, each in changes.items()
    }


def test_a_wallet_counts_once_in_each_bucket_that_is_not_empty() -> None:
    batches = Batches()

    batches.deposit(50, deposit_id="d1")
    assert batches.changed() == {"BALANCE SN": (1, 50)}

    batches.deposit(30, deposit_id="d2")
    assert batches.changed() == {"BALANCE SN": (0, 30)}

    batches.adjust(-80)
    assert batches.changed() == {"BALANCE SN": (-1, -80)}


def test_what_comes_and_goes_in_one_batch_changes_nothing() -> None:
    batches = Batches()

    batches.deposit(50)
    batches.adjust(-50)

    assert batches.changed() == {}


def test_several_commands_of_a_batch_add_up() -> None:
    batches = Batches("SN 10")

    batches.adjust(-10)  # 10 to 0: one less.
    batches.adjust(25)  # 0 to 25: one more.
    batches.adjust(5)

    assert batches.changed() == {"BALANCE SN": (0, 20)}


def test_amounts_are_counted_by_their_asset() -> None:
    batches = Batches()

    batches.run(AdjustBalance("PT", Amount("PTS", 200), "TEST"))
    batches.adjust(7)

    assert batches.changed() == {"BALANCE PT PTS": (1, 200), "BALANCE SN": (1, 7)}


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


def test_a_part_of_a_bet_takes_its_stake_off() -> None:
    batches = Batches("SN 100")
    batches.authorize(50)
    batches.changed()

    batches.settle(0, portion="p1", stake=20)
    assert batches.changed() == {"OPEN_BET SN": (0, -20)}

    batches.settle(0, portion="p2", stake=30)
    assert batches.changed() == {"OPEN_BET SN": (-1, -30)}


def test_a_bet_that_is_placed_and_settled_in_one_batch_was_never_open() -> None:
    batches = Batches("SN 100")

    batches.authorize(50)
    batches.settle(80)

    assert batches.changed() == {"BALANCE SN": (0, 30)}


def test_results_that_are_taken_back_open_a_bet_again() -> None:
    batches = Batches("SN 100")
    batches.authorize(50)
    batches.settle(0)
    assert batches.changed() == {"BALANCE SN": (0, -50)}

    batches.unsettle(2)
    assert batches.changed() == {"OPEN_BET SN": (1, 50)}

    batches.roll_back()
    assert batches.changed() == {"BALANCE SN": (0, 50), "OPEN_BET SN": (-1, -50)}


def test_a_bet_that_was_declined_or_kept_away_needs_nothing() -> None:
    batches = Batches("SN 10")

    assert batches.authorize(50) == "INSUFFICIENT_FUNDS"
    assert batches.roll_back("b2") == "TOMBSTONED"

    assert batches.changed() == {}


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


def test_wallets_of_a_batch_are_counted_together() -> None:
    world = World("SN 20")
    bob = WalletRef("demo", "bob", "EUR")
    start = world.wallet
    other = Wallet(bob, 1, START, START, balances={bucket("SN"): 5})
    world.fold.wallets[bob] = other

    world.authorize(20)

    assert told(usage_changes(world.fold, {REF: start, bob: other})) == {
        "BALANCE SN": (-1, -20),
        "OPEN_BET SN": (1, 20),
    }


def test_a_wallet_that_is_new_had_nothing() -> None:
    world = World()
    del world.fold.wallets[REF]
    world.run(OpenWallet())
    world.deposit(9)

    assert told(usage_changes(world.fold, {})) == {"BALANCE SN": (1, 9)}


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


def test_a_key_names_tenant_bucket_kind_and_asset() -> None:
    world = World()
    start = world.wallet
    world.deposit(1)

    assert usage_changes(world.fold, {REF: start}) == {
        UsageKey("demo", "SN", UsageKind.BALANCE, "EUR"): Usage(1, 1)
    }


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
