"""Policies are tried over a socket: a described bet in all its parts, and why it may be refused."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from tests.rpc.bets import bet, eur
from tests.rpc.failures import failure_of
from tests.servers import RunningServer
from wallet.v1.bet_pb2 import BetContext
from wallet.v1.coupon_pb2 import CouponRestrictions, CouponTerms
from wallet.v1.policy_admin_pb2 import EvaluatePolicyRequest, EvaluatePolicyResponse
from wallet.v1.policy_admin_pb2_grpc import PolicyAdminStub
from wallet.v1.policy_evaluation_pb2 import (
    DescribedBalance,
    DescribedBet,
    DescribedCoupon,
    Evaluation,
    RecentBets,
)

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub

TOMORROW = datetime.now(UTC) + timedelta(days=1)


def coupon(amount: int, **restrictions: Any) -> DescribedCoupon:
    terms = CouponTerms(
        profit_target="sports_normal",
        profit_cap=900,
        restrictions=CouponRestrictions(**restrictions),
    )
    until = Timestamp()
    until.FromDatetime(TOMORROW)
    return DescribedCoupon(grant_id="g1", amount=eur(amount), valid_until_time=until, terms=terms)


def described(stake: int, *coupons: DescribedCoupon, **more: Any) -> DescribedBet:
    """Returns a bet of sports, of a wallet with 20 of bonus and 50 of own money."""
    message = DescribedBet(stake=eur(stake), coupons=coupons, **more)
    if "balances" not in more:
        message.balances.add(bucket="sports_bonus", amount=eur(20))
        message.balances.add(bucket="sports_normal", amount=eur(50))
    return message


def in_currency(code: str) -> DescribedBet:
    message = described(1)
    message.stake.asset_code = code
    return message


async def ask(server: RunningServer, **what: Any) -> EvaluatePolicyResponse:
    request = EvaluatePolicyRequest(tenant_id="demo", provider_type="SPORTS", **what)
    return await PolicyAdminStub(server.channel).EvaluatePolicy(request)


def paid(evaluation: Evaluation) -> dict[str, int]:
    return {line.source: line.amount.minor_units for line in evaluation.funding_lines}


async def test_a_described_bet_is_paid_as_the_policy_says(server: RunningServer) -> None:
    """Ruby's sports: coupons, bonus, own money; odds of less than 1.5 count nothing."""
    context = BetContext(odds_milli=1_500)

    found = await ask(server, described_bet=described(60, coupon(30), context=context))

    assert (found.version, found.evaluation.weight_bp) == (1, 10_000)
    assert paid(found.evaluation) == {"cpn:g1": 30, "sports_bonus": 20, "sports_normal": 10}
    line = found.evaluation.funding_lines[0]
    assert (line.destinations.profit_target, line.destinations.profit_cap) == ("sports_normal", 900)
    assert line.coupon.grant_id == "g1"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (described(71), "INSUFFICIENT_FUNDS"),
        (described(60, frozen_buckets=["sports_bonus"]), "INSUFFICIENT_FUNDS"),
        (described(60, coupon(30, provider_ids=["other"]), coupon_grant_id="g1", provider_id="acme-sports"), "COUPON_NOT_ELIGIBLE"),
        (described(9, coupon_grant_id="g2"), "COUPON_NOT_FOUND"),
        (described(9, selected_source="CASH"), "SELECTED_SOURCE_NOT_ALLOWED"),
        (described(0), "STAKE_REQUIRED"),
        (described(0, free_round=True), ""),
    ],
)  # fmt: skip
async def test_a_described_bet_may_be_refused(
    server: RunningServer, asked: DescribedBet, reason: str
) -> None:
    found = (await ask(server, described_bet=asked)).evaluation

    assert found.refusal.reason == reason
    assert found.HasField("refusal") is bool(reason)
    assert not found.funding_lines


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ({"version": 9, "described_bet": described(1)}, "POLICY_NOT_FOUND"),
        ({"described_bet": in_currency("CHF")}, "CURRENCY_NOT_SUPPORTED"),
        ({"described_bet": in_currency("USD")}, "CURRENCY_MISMATCH"),
        (
            {"described_bet": described(1, balances=[DescribedBalance(bucket="x", amount=eur(1))])},
            "BUCKET_UNKNOWN_IN_TOPOLOGY",
        ),
    ],
)
async def test_what_makes_no_sense_is_refused(
    server: RunningServer, what: dict[str, Any], reason: str
) -> None:
    assert (await failure_of(ask(server, **what))).reason == reason


async def test_real_bets_are_told_with_what_they_would_have_been(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    await failure_of(commands.AuthorizeBet(bet("r1", 10**9)))

    found = await ask(server, recent_bets=RecentBets(provider_id="acme-sports", bets_max=5))

    assert (found.version, found.forgotten_count) == (1, 0)
    (comparison,) = found.comparisons
    assert (comparison.bet_ref, comparison.stake) == ("b1", eur(10**9))
    assert comparison.was.refusal.reason == "INSUFFICIENT_FUNDS"
    assert comparison.was == comparison.would_be
    assert not comparison.differences
    assert comparison.HasField("create_time")
