"""What a policy makes of a bet that somebody describes, and a wallet that nobody has."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.rules import LIVE, SPORTS, TOPOLOGY, auto, destinations, policy, ratio
from tests.core.world import START, World, eur
from wallet_server.core.administration.described_wallet import (
    WalletDescription,
    describe_wallet,
)
from wallet_server.core.administration.evaluation import Evaluation, evaluate_bet, unplayable
from wallet_server.core.bets.context import BetContext
from wallet_server.core.commands import Amount, AuthorizeBet, GrantCoupon
from wallet_server.core.config.policy import Policy, RollingRules
from wallet_server.core.config.topology import RetiredBucket
from wallet_server.core.coupons.grant import CouponRestrictions, CouponTerms
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import (
    BucketUnknownInTopology,
    CouponNotEligible,
    CurrencyMismatch,
    CurrencyNotSupported,
    DestinationUnknown,
    InsufficientFunds,
    MaxStakeWithBonus,
    Refusal,
    SelectedSourceRequired,
    StakeRequired,
)
from wallet_server.core.wallet import Wallet

COUPONS = policy("SPORTS", auto("COUPON", "SB", "SN"))


def bet(stake: int, **more: object) -> AuthorizeBet:
    return replace(AuthorizeBet(BetKey("", ""), eur(stake)), **more)


def coupon(
    grant_id: str, amount: int, profit_target: str = "SN", **restrictions: int
) -> GrantCoupon:
    terms = CouponTerms(profit_target, restrictions=CouponRestrictions(**restrictions))  # pyright: ignore[reportArgumentType]
    return GrantCoupon(grant_id, eur(amount), START + timedelta(days=1), terms)


def described(*coupons: GrantCoupon, frozen: str = "", **balances: int) -> Wallet:
    amounts = {code: eur(amount) for code, amount in balances.items()}
    description = WalletDescription("EUR", amounts, coupons, frozenset(frozen.split()))
    wallet = describe_wallet("demo", description, TOPOLOGY, START)
    assert isinstance(wallet, Wallet), wallet
    return wallet


def play(rules: Policy, command: AuthorizeBet, wallet: Wallet) -> Evaluation:
    return evaluate_bet(command, wallet, rules, TOPOLOGY, START)


def paid(evaluation: Evaluation) -> dict[str, int]:
    assert evaluation.refusal is None, evaluation.refusal
    return {line.source: line.amount for line in evaluation.lines}


def test_a_policy_says_what_pays_and_where_a_payout_goes() -> None:
    rules = policy("SPORTS", auto("SB", "SN"), destinations("SB", None, "SN", 500))

    evaluation = play(rules, bet(100), described(SB=20, SN=100))

    assert paid(evaluation) == {"SB": 20, "SN": 80}
    assert evaluation.lines[0].destinations == destinations("SB", None, "SN", 500).destinations
    assert evaluation.weight_bp == 10_000


@pytest.mark.parametrize(
    ("rules", "command", "wallet", "refusal"),
    [
        (SPORTS, bet(100), described(SB=20, SN=70, CN=500), InsufficientFunds(100, 90)),
        (SPORTS, bet(100), described(SB=20, SN=100, frozen="SN"), InsufficientFunds(100, 20)),
        (SPORTS, bet(0), described(SN=100), StakeRequired()),
        (LIVE, bet(10), described(CN=100), SelectedSourceRequired("CASINO_NORMAL, CASINO_BONUS")),
        (replace(SPORTS, max_stake_with_bonus=5), bet(10), described(SB=50), MaxStakeWithBonus(10, 5)),
    ],
)  # fmt: skip
def test_a_policy_refuses(
    rules: Policy, command: AuthorizeBet, wallet: Wallet, refusal: Refusal
) -> None:
    assert play(rules, command, wallet) == Evaluation(refusal=refusal)


def test_a_free_round_costs_nothing() -> None:
    assert play(SPORTS, bet(0, free_round=True), described()) == Evaluation((), None, 10_000)


def test_coupons_pay_at_their_place_or_first_when_they_are_named() -> None:
    wallet = described(coupon("C1", 30), coupon("C2", 10), SB=20, SN=100)

    assert paid(play(COUPONS, bet(100), wallet)) == {"cpn:C2": 10, "SB": 20, "SN": 70}
    named = play(COUPONS, bet(100, coupon_grant_id="C1"), wallet)
    assert paid(named) == {"cpn:C1": 30, "SB": 20, "SN": 50}
    assert named.lines[0].destinations.profit_target == "SN"
    assert paid(play(SPORTS, bet(100), wallet)) == {"SB": 20, "SN": 80}


def test_a_coupon_pays_only_for_what_it_is_meant_for() -> None:
    wallet = described(coupon("C1", 30, odds_milli_min=2_000), SN=100)
    context = BetContext(odds_milli=1_500)

    assert paid(play(COUPONS, bet(50, context=context), wallet)) == {"SN": 50}
    named = play(COUPONS, bet(50, context=context, coupon_grant_id="C1"), wallet)
    assert named.refusal == CouponNotEligible("C1", "min_odds")


def test_what_does_not_count_for_requirements_has_no_weight() -> None:
    rules = replace(SPORTS, rolling=RollingRules(weight_bp=2_500, odds_milli_min=1_500))
    wallet = described(SN=100)

    assert play(rules, bet(10, context=BetContext(odds_milli=1_500)), wallet).weight_bp == 2_500
    assert play(rules, bet(10, context=BetContext(odds_milli=1_499)), wallet).weight_bp == 0


@pytest.mark.parametrize(
    ("description", "refusal"),
    [
        (WalletDescription("CHF", {}), CurrencyNotSupported("CHF")),
        (WalletDescription("PTS", {}), CurrencyNotSupported("PTS")),
        (WalletDescription("EUR", {"XX": eur(1)}), BucketUnknownInTopology("XX")),
        (WalletDescription("USD", {"SN": eur(1)}), CurrencyMismatch("balances.SN", "USD", "EUR")),
        (WalletDescription("EUR", {"PT": eur(1)}), CurrencyMismatch("balances.PT", "PTS", "EUR")),
        (WalletDescription("USD", {}, [coupon("C1", 1)]), CurrencyMismatch("coupons.C1", "USD", "EUR")),
        (WalletDescription("EUR", {}, [coupon("C1", 1, "PT")]), DestinationUnknown("PT")),
    ],
)  # fmt: skip
def test_a_wallet_is_described_with_what_the_topology_has(
    description: WalletDescription, refusal: Refusal
) -> None:
    assert describe_wallet("demo", description, TOPOLOGY, START) == refusal


def test_points_are_described_in_points() -> None:
    description = WalletDescription("EUR", {"PT": Amount("PTS", 7), "SN": eur(5)})

    wallet = describe_wallet("demo", description, TOPOLOGY, START)

    assert isinstance(wallet, Wallet)
    assert wallet.balances == {"bkt:PT": 7, "bkt:SN": 5}


def test_a_policy_can_be_tried_that_names_buckets_that_are_not_there() -> None:
    """They pay nothing; so a version that was active once can be tried for ever."""
    old = policy("SPORTS", auto("OLD", "GONE", "SN"), buckets=("SN", "OLD", "GONE"))
    topology = replace(TOPOLOGY, retired_buckets=(RetiredBucket("OLD", "SN"),))

    assert unplayable(old, topology) == []
    assert paid(evaluate_bet(bet(10), described(SN=10), old, topology, START)) == {"SN": 10}


@pytest.mark.parametrize(
    ("rules", "reasons"),
    [
        (policy("SPORTS", auto("SN"), buckets=()), ["MISSING_DESTINATION"]),
        (policy("SPORTS", auto()), ["EMPTY"]),
        (policy("SPORTS", ratio(SN=-1, SB=1)), ["NEGATIVE"]),
    ],
)
def test_a_policy_that_makes_no_sense_cannot_be_tried(rules: Policy, reasons: list[str]) -> None:
    assert [each.reason for each in unplayable(rules, TOPOLOGY)] == reasons


@given(
    st.sampled_from([SPORTS, replace(SPORTS, max_stake_with_bonus=40), policy("SPORTS", ratio(SB=0, SN=0))]),
    st.integers(1, 200),
    st.integers(0, 100),
    st.integers(0, 100),
)  # fmt: skip
def test_what_is_told_beforehand_is_what_happens(
    rules: Policy, stake: int, bonus: int, own: int
) -> None:
    world = World(f"SB {bonus}, SN {own}", rules)
    command = replace(bet(stake), bet=BetKey("sports", "b1"))
    evaluation = play(rules, command, world.wallet)

    world.run(command)

    placed = world.bet("b1")
    assert (placed.lines, placed.refusal) == (evaluation.lines, evaluation.refusal)
