"""What bets keep and say, down to the fields that few look at."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.coupons.coupons import COUPON_SPORTS, DAY, CouponWorld
from tests.core.rounds.round_world import RoundWorld
from tests.core.rules import configuration
from tests.core.world import START, World, eur
from wallet_server.core.bets.context import BetContext
from wallet_server.core.bets.explain import UNPLACED, explain_funding
from wallet_server.core.bets.explanation import ConsideredSource, FundingExplanation
from wallet_server.core.bets.settle import PORTIONS_MAX
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.coupons.grant import CouponRestrictions, CouponState, UseMode
from wallet_server.core.decision import Replay
from wallet_server.core.ids import BetKey
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import (
    BetTombstoned,
    InsufficientFunds,
    PortionLimit,
    ProviderUnmapped,
    TransactionPayloadMismatch,
)
from wallet_server.core.rolling.requirement import Contribution

B1 = BetKey("sports", "b1")
FULL = AuthorizeBet(B1, eur(60), "", "", "", context=BetContext(sport="golf"))


@pytest.mark.parametrize(
    ("again", "field"),
    [
        (replace(FULL, stake=eur(59)), "amount"),
        (replace(FULL, round_ref="R1"), "round_ref"),
        (replace(FULL, selected_source="A"), "selected_source"),
        (replace(FULL, coupon_grant_id="C1"), "coupon_grant_id"),
        (replace(FULL, free_round=True), "free_round"),
        (replace(FULL, context=BetContext()), "context"),
    ],
)
@pytest.mark.parametrize("balances", ["SN 100", "SN 10"])
def test_what_a_repeated_bet_says_otherwise_is_named_whether_it_was_placed_or_not(
    balances: str, again: AuthorizeBet, field: str
) -> None:
    world = World(balances)
    world.run(FULL)
    assert world.run(FULL).startswith("REPLAYED")

    assert world.run(again) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("b1", field)


def test_a_declined_bet_keeps_all_that_was_said_of_it() -> None:
    world = World("SN 100", status=AccountStatus.FROZEN)
    golf = BetContext(sport="golf")

    said = AuthorizeBet(B1, eur(60), "R1", "A", "C1", free_round=True, context=golf)

    assert world.run(said) == "ACCOUNT_FROZEN"
    bet = world.bet()
    assert (bet.stake, bet.round_ref, bet.selected_source) == (60, "R1", "A")
    assert (bet.coupon_grant_id, bet.free_round, bet.context) == ("C1", True, golf)
    assert (bet.sequence, bet.create_time) == (world.answer.sequence, world.answer.answer_time)


def test_a_bet_as_it_was_placed_has_counted_nothing() -> None:
    world = World("SN 100")
    world.authorize(60)
    counted = replace(world.bet(), contributions=(Contribution(0, "RQ1", 5),))

    assert counted.as_authorized() == world.bet()


def cashed_out() -> RoundWorld:
    world = RoundWorld("SN 100")
    assert world.authorize(100) == "APPLIED"
    assert world.cash_out(50, stake=40) == "APPLIED"
    return world


def test_the_reference_of_a_cash_out_keeps_when_it_was_made() -> None:
    world = cashed_out()

    reference = world.cash_out_of()
    assert (reference.sequence, reference.create_time) == (
        world.answer.sequence,
        world.answer.answer_time,
    )


def test_a_cash_out_that_comes_again_is_answered_by_the_first() -> None:
    world = cashed_out()
    first = world.answer.sequence
    assert world.adjust(1) == "APPLIED"

    assert world.cash_out(50, stake=40) == "REPLAYED APPLIED"
    assert world.last == Replay(first)
    assert world.roll_back("c9") == "TOMBSTONED"
    assert world.cash_out(5, "c9", stake=4) == "BET_TOMBSTONED"
    assert world.refusal == BetTombstoned("c9")


def test_portions_that_were_taken_back_count_for_the_limit_of_cash_outs() -> None:
    world = RoundWorld("SN 1000")
    assert world.authorize(1000) == "APPLIED"
    for number in range(PORTIONS_MAX - 1):
        assert world.settle(0, portion=f"p{number}", stake=1) == "APPLIED"
    assert world.settle(0, portion="last", stake=1000 - PORTIONS_MAX + 1) == "APPLIED"
    assert world.unsettle(2, "p0") == "APPLIED"

    assert world.cash_out(1, stake=1) == "PORTION_LIMIT"
    assert world.refusal == PortionLimit("b1", PORTIONS_MAX)


def explain(world: World, bet: AuthorizeBet, after: timedelta = DAY / 2) -> FundingExplanation:
    return explain_funding(bet, world.wallet, configuration(COUPON_SPORTS), START + after)


def asked(stake: int, coupon: str = "") -> AuthorizeBet:
    return AuthorizeBet(BetKey("sports", UNPLACED), eur(stake), coupon_grant_id=coupon)


def test_coupons_are_considered_in_the_order_in_which_they_would_pay() -> None:
    world = CouponWorld("SN 50")
    for name, days in (("late", 5), ("named", 9), ("soon", 2), ("over", 1)):
        assert world.grant(10, name, until=days * DAY) == "APPLIED"
    golf = CouponRestrictions(sports=("golf",))
    assert world.grant(10, "golf", until=3 * DAY, restrictions=golf) == "APPLIED"
    assert world.revoke("over") == "APPLIED"
    assert world.state("over") == CouponState.REVOKED

    explained = explain(world, asked(25, "named"))

    assert explained.considered == (
        ConsideredSource("cpn:named", 10),
        ConsideredSource("cpn:soon", 10),
        ConsideredSource("cpn:golf", 0, "sport"),
        ConsideredSource("cpn:late", 10),
        ConsideredSource("SB", 0),
        ConsideredSource("SN", 50),
        ConsideredSource("WD", 0),
    )
    assert explained.sequence == world.wallet.sequence
    later = explain(world, asked(25), 6 * DAY)
    assert [each.available for each in later.considered[:3]] == [0, 0, 0]


def test_an_explanation_says_what_it_is_of_even_where_nothing_is_known() -> None:
    world = World("SN 50")
    nobody = AuthorizeBet(BetKey("nobody", UNPLACED), eur(5))

    explained = explain(world, nobody)

    assert explained == FundingExplanation(1, refusal=ProviderUnmapped("nobody"))


def test_a_cash_out_that_is_rolled_back_counts_up_its_revision_by_one() -> None:
    world = cashed_out()
    before = world.cash_out_of()

    assert world.roll_back("c1") == "APPLIED"

    assert world.cash_out_of() == replace(before, rolled_back=True, revision=before.revision + 1)
    assert world.roll_back("c1") == "ALREADY_ROLLED_BACK"
    assert world.answer.bet == world.bet()


def test_coupons_and_buckets_together_may_be_too_little() -> None:
    world = CouponWorld("SN 50")
    assert world.grant(10) == "APPLIED"

    assert world.bet_with(61) == "INSUFFICIENT_FUNDS"
    assert world.refusal == InsufficientFunds(required=61, available=60)


def test_a_coupons_profit_is_capped_by_its_terms() -> None:
    world = CouponWorld()
    assert world.grant(10, profit_cap=7) == "APPLIED"
    assert world.bet_with(10) == "APPLIED"

    assert world.settle(40) == "APPLIED"

    assert world.balances == {"SN": 7}


def test_what_a_single_use_leaves_is_the_houses_with_the_first_result() -> None:
    world = CouponWorld()
    assert world.grant(30, use_mode=UseMode.SINGLE_USE_FORFEIT_REMAINDER) == "APPLIED"
    assert world.bet_with(10) == "APPLIED"
    (paid,) = world.bet().lines
    assert paid.coupon is not None
    assert paid.coupon.remainder == 20

    assert world.settle(0) == "APPLIED"

    assert world.posted == {"C1": -20, "O:C1": -10, "H:PROMO": 20, "GAME": 10}


def test_one_unit_of_debt_that_was_repaid_stays_repaid() -> None:
    world = World("SN 10")
    world.authorize(10)
    world.settle(21)
    world.change(balances="SN 20")
    assert world.settle(0, version=2) == "APPLIED"
    assert world.balances == {"DEBT": -1}
    world.change(balances="")

    assert world.settle(21, version=3) == "APPLIED"

    assert world.balances == {"SN": 21}
