"""What a policy, active or not, makes of a bet: the functions that fund bets, asked beforehand."""

from datetime import datetime

from wallet_server.core.bets.bet import FundingLine
from wallet_server.core.bets.funding_plan import plan_funding
from wallet_server.core.bets.sources import sources_for
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import RETIRED_BUCKET, UNKNOWN_BUCKET
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.validation import find_policy_problems
from wallet_server.core.coupons.choice import choose_coupons
from wallet_server.core.coupons.eligibility import CouponUse
from wallet_server.core.refusals import Refusal, StakeRequired
from wallet_server.core.rolling.contribution import counts
from wallet_server.core.value import value
from wallet_server.core.wallet import Wallet

HARMLESS = frozenset({UNKNOWN_BUCKET, RETIRED_BUCKET})
"""What a policy can be played with all the same: a bucket that is not there pays nothing."""


@value
class Evaluation:
    """What becomes of a bet: what pays, and where each part of a payout goes; or why nothing.

    `weight_bp` is how much of a stake that is played counts for rolling requirements, in
    hundredths of a percent; nothing of a bet that does not count at all.
    """

    lines: tuple[FundingLine, ...] = ()
    refusal: Refusal | None = None
    weight_bp: int = 0


def evaluate_bet(
    bet: AuthorizeBet, wallet: Wallet, policy: Policy, topology: Topology, now: datetime
) -> Evaluation:
    """Returns what a policy makes of a bet from a wallet.

    Nothing is judged but what policies say: not the player's limits and status, nor rounds. There
    must be nothing wrong with the policy that `unplayable` tells.
    """
    if bet.stake.minor_units == 0 and not bet.free_round:
        return Evaluation(refusal=StakeRequired())
    lines = fund_by(bet, wallet, policy, topology, now)
    if isinstance(lines, Refusal):
        return Evaluation(refusal=lines)
    return Evaluation(lines, weight_bp=weight_of(bet, policy))


def fund_by(
    bet: AuthorizeBet, wallet: Wallet, policy: Policy, topology: Topology, now: datetime
) -> tuple[FundingLine, ...] | Refusal:
    """Returns what pays for a bet. What is wrong with its choice comes first, as in play."""
    sources = sources_for(policy.funding_mode, bet.selected_source)
    if isinstance(sources, Refusal):
        return sources
    stake = bet.stake.minor_units
    use = CouponUse(policy.provider_type, bet.bet.provider_id, stake, bet.context, now)
    offers = choose_coupons(bet.coupon_grant_id, use, policy.coupons, wallet)
    if isinstance(offers, Refusal):
        return offers
    return plan_funding(stake, policy, bet.selected_source, wallet, topology, offers)


def weight_of(bet: AuthorizeBet, policy: Policy) -> int:
    """Returns how much of a bet's stake counts, in hundredths of a percent."""
    return policy.rolling.weight_bp if counts(bet.context, policy.rolling) else 0


def unplayable(policy: Policy, topology: Topology) -> list[Problem]:
    """Returns what is wrong with a policy so that it cannot even be tried in a topology."""
    problems = find_policy_problems(policy, topology)
    return [each for each in problems if each.reason not in HARMLESS]
