"""What a policy would have made of bets that there were."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.coupons.coupons import COUPON_SPORTS, CouponWorld
from tests.core.rules import SPORTS, TOPOLOGY, auto, destinations, policy
from tests.core.world import World
from wallet_server.core.administration.comparison import (
    Comparison,
    Difference,
    RecordedBet,
    compare_bet,
)
from wallet_server.core.config.policy import Policy, RollingRules
from wallet_server.core.config.topology import RetiredBucket
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import AccountSelfExcluded, InsufficientFunds, MaxStakeWithBonus


def recorded(
    balances: str,
    stake: int,
    status: AccountStatus = AccountStatus.ACTIVE,
    rules: Policy = SPORTS,
) -> RecordedBet:
    """Returns a bet of sports, and its wallet as it was before."""
    world = World(balances, rules, status=status)
    before = world.wallet
    world.authorize(stake, "b1")
    return RecordedBet(world.bet("b1"), before)


def amounts(comparison: Comparison) -> dict[str, int]:
    return {line.source: line.amount for line in comparison.would_be.lines}


@pytest.mark.parametrize(
    ("rules", "differences", "would_pay"),
    [
        (SPORTS, [], {"SB": 20, "SN": 80}),
        (policy("SPORTS", auto("SN", "SB")), ["LINES"], {"SN": 100}),
        (policy("SPORTS", auto("SB", "SN"), destinations("SN", "SN", "WD")), ["DESTINATIONS"], {"SB": 20, "SN": 80}),
        (policy("SPORTS", auto("SB", "SN"), destinations("SB", None, "SB")), ["DESTINATIONS"], {"SB": 20, "SN": 80}),
        (policy("SPORTS", auto("SB", "SN"), destinations("SB", "SB", "SB", 50)), ["PROFIT_CAPS"], {"SB": 20, "SN": 80}),
        (replace(SPORTS, rolling=RollingRules(weight_bp=500)), ["WEIGHT"], {"SB": 20, "SN": 80}),
        (replace(SPORTS, max_stake_with_bonus=50), ["OUTCOME"], {}),
        (policy("SPORTS", auto("SB")), ["OUTCOME"], {}),
        (
            replace(policy("SPORTS", auto("SN", "SB"), destinations("SN", "SN", "WD", 9)), rolling=RollingRules(0)),
            ["LINES", "DESTINATIONS", "PROFIT_CAPS", "WEIGHT"],
            {"SN": 100},
        ),
    ],
)  # fmt: skip
def test_a_bet_that_was_placed_is_told_apart_from_what_it_would_have_been(
    rules: Policy, differences: list[str], would_pay: dict[str, int]
) -> None:
    comparison = compare_bet(recorded("SB 20, SN 100", 100), rules, TOPOLOGY)

    assert {line.source: line.amount for line in comparison.was.lines} == {"SB": 20, "SN": 80}
    assert [each.value for each in comparison.differences] == differences
    assert amounts(comparison) == would_pay


def test_a_bet_that_was_declined_might_have_been_placed() -> None:
    declined = recorded("SB 20, CN 100", 100)
    wider = policy("SPORTS", auto("SB", "CN"))

    comparison = compare_bet(declined, wider, TOPOLOGY)

    assert comparison.was.refusal == InsufficientFunds(100, 20)
    assert comparison.differences == (Difference.OUTCOME,)
    assert amounts(comparison) == {"SB": 20, "CN": 80}
    again = compare_bet(declined, SPORTS, TOPOLOGY)
    assert (again.was, again.differences) == (again.would_be, ())


def test_a_bet_that_no_policy_would_have_let_pass_stays_declined() -> None:
    declined = recorded("SN 100", 10, AccountStatus.SELF_EXCLUDED)

    comparison = compare_bet(declined, SPORTS, TOPOLOGY)

    assert isinstance(comparison.would_be.refusal, AccountSelfExcluded)
    assert comparison.differences == ()


def test_a_decline_for_another_reason_is_a_difference() -> None:
    declined = recorded("SB 100", 100, rules=replace(SPORTS, max_stake_with_bonus=50))

    comparison = compare_bet(declined, policy("SPORTS", auto("SN")), TOPOLOGY)

    assert comparison.was.refusal == MaxStakeWithBonus(100, 50)
    assert comparison.would_be.refusal == InsufficientFunds(100, 0)
    assert comparison.differences == (Difference.OUTCOME,)


def test_what_was_in_a_bucket_that_is_retired_counts_as_its_successors() -> None:
    buckets = tuple(each for each in TOPOLOGY.buckets if each.code != "SB")
    without = replace(TOPOLOGY, buckets=buckets, retired_buckets=(RetiredBucket("SB", "SN"),))

    comparison = compare_bet(recorded("SB 20, SN 80", 100), policy("SPORTS", auto("SN")), without)

    assert amounts(comparison) == {"SN": 100}
    assert comparison.differences == (Difference.LINES,)


def test_a_grant_that_is_over_by_now_could_pay_then() -> None:
    world = CouponWorld("SN 100")
    world.grant(30, "C1")
    before = world.wallet
    world.bet_with(50, "b1")
    world.wait(timedelta(days=2))
    world.expire()
    over = replace(before, items={each.key: each for each in (world.coupon("C1"),)})
    bet = RecordedBet(world.bet("b1"), over)

    same = compare_bet(bet, COUPON_SPORTS, TOPOLOGY)
    assert (amounts(same), same.differences) == ({"cpn:C1": 30, "SN": 20}, ())
    without = compare_bet(bet, SPORTS, TOPOLOGY)
    assert (amounts(without), without.differences) == ({"SN": 50}, (Difference.LINES,))


def test_a_grant_in_its_grace_could_pay_too() -> None:
    """What the policy of then made of a bet is no difference."""
    world = CouponWorld("SN 100")
    world.grant(30, "C1")
    world.bet_with(20, "b1")
    world.wait(timedelta(days=2))
    world.expire()
    world.roll_back("b1")
    before = world.wallet
    world.bet_with(50, "b2")

    same = compare_bet(RecordedBet(world.bet("b2"), before), COUPON_SPORTS, TOPOLOGY)

    assert (amounts(same), same.differences) == ({"cpn:C1": 20, "SN": 30}, ())


def test_a_grant_had_no_grace_yet_when_bets_were_placed_before_its_end() -> None:
    world = CouponWorld("SN 100")
    world.grant(30, "C1")
    world.bet_with(20, "b1")
    before = world.wallet
    world.bet_with(50, "b2")
    placed = world.bet("b2")
    world.wait(timedelta(days=2))
    world.expire()
    world.roll_back("b1")
    now = replace(before, items={each.key: each for each in (world.coupon("C1"),)})

    same = compare_bet(RecordedBet(placed, now), COUPON_SPORTS, TOPOLOGY)

    assert (amounts(same), same.differences) == ({"cpn:C1": 10, "SN": 40}, ())


def test_where_a_coupon_pays_is_no_difference_though_a_drain_has_changed_it_since() -> None:
    """No policy says it. What it promised when the bet was placed, the bet's own line says."""
    world = CouponWorld("SN 100")
    world.grant(30, "C1", profit_target="CB", stake_target="CB")
    before = world.wallet
    world.bet_with(20, "b1")
    placed = world.bet("b1")
    grant = world.coupon("C1")
    pays_elsewhere = replace(grant.terms, profit_target="NB", stake_target="NB")
    drained = replace(grant, terms=pays_elsewhere, granted_terms=grant.terms)
    now = replace(before, items={drained.key: drained})

    same = compare_bet(RecordedBet(placed, now), COUPON_SPORTS, TOPOLOGY)
    assert (amounts(same), same.differences) == ({"cpn:C1": 20}, ())
    assert same.would_be.lines == placed.lines

    world.bet_with(10, "b2")
    (line,) = world.bet("b2").lines
    later = replace(line, destinations=replace(line.destinations, profit_target="NB"))
    after_it = replace(world.bet("b2"), lines=(later,))
    same = compare_bet(RecordedBet(after_it, now), COUPON_SPORTS, TOPOLOGY)
    assert (same.would_be.lines, same.differences) == ((later,), ())


def test_a_coupon_that_did_not_pay_would_pay_as_it_does_by_now() -> None:
    world = CouponWorld("SN 100")
    world.grant(30, "C1")
    before = world.wallet
    world.configure(policy("SPORTS", auto("SN")))
    world.bet_with(20, "b1")

    other = compare_bet(RecordedBet(world.bet("b1"), before), COUPON_SPORTS, TOPOLOGY)

    assert (amounts(other), other.differences) == ({"cpn:C1": 20}, (Difference.LINES,))
    assert other.would_be.lines[0].destinations.profit_target == "SN"
