"""I9: a bucket that is being emptied takes only what bets, refunds and reversals give back."""

from dataclasses import replace

import pytest

from tests.core.coupons.coupons import DAY
from tests.core.draining.draining_world import DrainingWorld
from tests.core.rolling.rolling_world import requirement
from tests.core.rounds.round_world import WITH_GIFTS
from tests.core.rules import SLOTS, SPORTS, auto, destinations, policy
from tests.core.world import START, eur, vector
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    ApproveDeposit,
    ApproveWithdrawal,
    Command,
    CompleteRolling,
    ConfirmWithdrawal,
    CreateDeposit,
    CreditPromotion,
    CreditWin,
    FailWithdrawal,
    GrantCoupon,
    RejectWithdrawal,
    RequestWithdrawal,
    ReturnWithdrawal,
    ReverseDeposit,
    ReversePromotion,
    SubmitWithdrawal,
    TransferFunds,
)
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.topology import Withdrawable
from wallet_server.core.coupons.grant import CouponTerms
from wallet_server.core.ids import BetKey
from wallet_server.core.promotions.promotion import ReversalMode
from wallet_server.core.rolling.requirement import ReleaseMode, RequirementState, RollingTerms
from wallet_server.core.rounds.win_kind import WinKind

TO_SN = RollingTerms(10_000, release_target="SN")
FULFILLED = requirement(
    "RQ1", "SB", required=10, progress=10, terms=TO_SN, state=RequirementState.FULFILLED
)
TWENTY = eur(20)
UNTIL = START + 30 * DAY


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (CreateDeposit("d1", "SN", TWENTY), "BUCKET_DRAINING"),
        (CreateDeposit("d1", "SN", TWENTY, method="COUNTER"), "BUCKET_DRAINING"),
        (ApproveDeposit("d1", "SN", TWENTY), "BUCKET_DRAINING"),
        (AdjustBalance("SN", TWENTY, "TEST"), "BUCKET_DRAINING"),
        (TransferFunds("CN", "SN", TWENTY), "BUCKET_DRAINING"),
        (TransferFunds("PT", "SN", Amount("PTS", 20)), "BUCKET_DRAINING"),
        (CreditPromotion("p1", "SN", TWENTY), "BUCKET_DRAINING"),
        (CreditPromotion("p1", "CB", TWENTY, rolling=TO_SN), "BUCKET_DRAINING"),
        (GrantCoupon("C1", TWENTY, UNTIL, CouponTerms("SN")), "DESTINATION_UNKNOWN"),
        (GrantCoupon("C1", TWENTY, UNTIL, CouponTerms("CN", "SN")), "DESTINATION_UNKNOWN"),
        (CompleteRolling("RQ1"), "BUCKET_DRAINING"),
    ],
    ids=lambda each: each if isinstance(each, str) else type(each).__name__,
)
def test_nothing_new_comes_in(command: Command, reason: str) -> None:
    held = "SN 100, CN 100, SB 100, PT 100"
    world = DrainingWorld(held, FULFILLED, draining=("SN",))

    assert world.run(command) == reason

    assert world.balances == vector(held)


def test_a_deposit_that_was_announced_may_go_elsewhere() -> None:
    world = DrainingWorld("", draining=())
    world.run(CreateDeposit("d1", "SN", TWENTY))
    world.empty("SN")

    assert world.run(ApproveDeposit("d1", "SN", TWENTY)) == "BUCKET_DRAINING"
    assert world.run(ApproveDeposit("d1", "CN", TWENTY)) == "APPLIED"
    assert world.balances == vector("CN 20")


def test_what_releases_by_itself_waits() -> None:
    terms = replace(TO_SN, release_mode=ReleaseMode.AUTOMATIC)
    world = DrainingWorld(
        "SB 100", requirement("RQ1", "SB", required=100, terms=terms), draining=("SN",)
    )
    world.place(100)

    world.settle(100)

    assert world.state() == "FULFILLED"
    assert world.balances == vector("SB 100")


def test_results_refunds_and_rollbacks_of_bets_come_in() -> None:
    world = DrainingWorld("SN 100", draining=("SN",))
    world.authorize(100)

    assert world.settle(150) == "APPLIED"
    assert world.posted == vector("SN +150, O:SN -100, GAME -50")
    world.unsettle(2)
    world.settle(0, version=3, refund=100)
    assert world.posted == vector("SN +100, O:SN -100")
    world.roll_back()
    assert world.balances == vector("SN 100")
    world.authorize(60, "b2")
    assert world.cash_out(60, 50, "c1", "b2") == "APPLIED"
    assert world.balances == vector("SN 90")


def test_stake_may_be_taken_from_it_and_profit_of_other_buckets_may_go_there() -> None:
    to_sn = policy("SPORTS", auto("CN"), destinations("CN", "CN", "SN"))
    world = DrainingWorld("CN 100", draining=("SN",), policies=(to_sn,))
    world.authorize(100)

    world.settle(150)

    assert world.balances == vector("CN 100, SN 50")


@pytest.mark.parametrize("kind", [WinKind.FREE_ROUND, WinKind.PROMO_WIN])
def test_wins_come_in_as_the_policy_says(kind: WinKind) -> None:
    """They are results of play, which a provider sends again for ever where they are refused."""
    world = DrainingWorld("", draining=("CB",), policies=(WITH_GIFTS,))

    assert world.run(CreditWin(BetKey("slots", "w1"), eur(7), kind)) == "APPLIED"

    assert world.balances == vector("CB 7")


def test_wins_of_rounds_come_in() -> None:
    world = DrainingWorld("CN 100", draining=("CN",), policies=(SLOTS,))
    world.authorize(100, provider="slots", round_ref="R1")

    assert world.run(CreditWin(BetKey("slots", "w1"), eur(250), round_ref="R1")) == "APPLIED"

    assert world.balances == vector("CN 250, O:CN 100")


@pytest.mark.parametrize(
    ("commands", "left"),
    [
        ([RejectWithdrawal("w1", "TEST", actor=Actor("clerk"))], "WD 100"),
        ([ApproveWithdrawal("w1", actor=Actor("clerk")), SubmitWithdrawal("w1"), FailWithdrawal("w1")], "WD 100"),
        ([ApproveWithdrawal("w1", actor=Actor("clerk")), SubmitWithdrawal("w1"), ConfirmWithdrawal("w1", eur(30))], "WD 70"),
        ([ApproveWithdrawal("w1", actor=Actor("clerk")), SubmitWithdrawal("w1"), ConfirmWithdrawal("w1"), ReturnWithdrawal("w1")], "WD 100"),
    ],
    ids=["rejected", "failed", "paid in part", "returned"],
)  # fmt: skip
def test_what_was_not_paid_out_comes_back(commands: list[Command], left: str) -> None:
    world = DrainingWorld("WD 100", draining=())
    paying = replace(
        world.fold.configurations["demo"].topology.value,
        buckets=tuple(
            replace(each, withdrawable=Withdrawable.ALWAYS) if each.code == "WD" else each
            for each in world.fold.configurations["demo"].topology.value.buckets
        ),
        withdraw_order=("WD",),
    )
    world.configure(paying)
    assert world.run(RequestWithdrawal("w1", eur(100))) == "APPLIED"
    world.configure(paying.with_draining(frozenset({"WD"})), version=3)

    for command in commands:
        assert world.run(command) == "APPLIED"

    assert world.balances == vector(left)


def test_what_was_credited_is_taken_back() -> None:
    world = DrainingWorld("", draining=())
    world.run(ApproveDeposit("d1", "SN", TWENTY))
    world.run(CreditPromotion("p1", "SN", TWENTY))
    world.empty("SN")

    assert world.run(AdjustBalance("SN", eur(-5), "TEST")) == "APPLIED"
    assert world.run(ReversePromotion("p1", ReversalMode.PARTIAL)) == "APPLIED"
    assert world.run(ReverseDeposit("d1", "x1", eur(15))) == "APPLIED"
    assert world.balances == {}


def test_a_bucket_that_pays_for_bets_does_so_while_it_is_emptied() -> None:
    world = DrainingWorld("SB 30, SN 100", policies=(SPORTS,))

    assert world.authorize(50) == "APPLIED"

    assert world.posted == vector("SB -30, SN -20, O:SB +30, O:SN +20")
