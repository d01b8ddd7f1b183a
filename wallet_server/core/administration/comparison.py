"""What a policy would have made of bets that there were, beside what became of them."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from wallet_server.core.accounts import Account, bucket, bucket_code, coupon, is_bucket
from wallet_server.core.administration.evaluation import Evaluation, evaluate_bet
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import Amount, AuthorizeBet
from wallet_server.core.config.policy import Destinations, Policy
from wallet_server.core.config.topology import Topology
from wallet_server.core.coupons.grant import CouponGrant, CouponState
from wallet_server.core.items import Item
from wallet_server.core.refusals import (
    CouponNotEligible,
    CouponNotFound,
    InsufficientFunds,
    MaxStakeWithBonus,
    PolicyMissing,
    Refusal,
)
from wallet_server.core.rolling.contribution import counts
from wallet_server.core.value import value
from wallet_server.core.wallet import Wallet

OfPolicies: TypeAlias = (
    InsufficientFunds | MaxStakeWithBonus | CouponNotEligible | CouponNotFound | PolicyMissing
)
"""The refusals of bets that depend on what a policy says. All others stay as they are."""


class Difference(StrEnum):
    """In what a bet would have been another."""

    OUTCOME = "OUTCOME"
    LINES = "LINES"
    DESTINATIONS = "DESTINATIONS"
    PROFIT_CAPS = "PROFIT_CAPS"
    WEIGHT = "WEIGHT"


@value
class RecordedBet:
    """A bet as it was authorized or declined, and its wallet as it was just before."""

    bet: Bet
    wallet: Wallet


@value
class Comparison:
    """What became of a bet, what a policy would have made of it, and in what these differ."""

    bet: Bet
    currency_code: str
    was: Evaluation
    would_be: Evaluation
    differences: tuple[Difference, ...]


def compare_bet(recorded: RecordedBet, policy: Policy, topology: Topology) -> Comparison:
    """Returns what a policy would have made of a bet, in the topology that is active now.

    What was in buckets that are retired since counts as their successors'. A bet that was declined
    for anything that no policy decides, such as the player's limits, would be declined again.
    """
    bet = recorded.bet
    was, currency_code = evaluation_of(bet), recorded.wallet.ref.currency_code
    if bet.refusal is not None and not isinstance(bet.refusal, OfPolicies):
        return Comparison(bet, currency_code, was, was, ())
    wallet = as_it_was(recorded.wallet, topology, bet)
    asked = asked_for(bet, currency_code)
    would_be = evaluate_bet(asked, wallet, policy, topology, bet.create_time)
    differences = differences_between(was, would_be)
    return Comparison(bet, currency_code, was, would_be, differences)


def evaluation_of(bet: Bet) -> Evaluation:
    """Returns what became of a bet."""
    if bet.refusal is not None or bet.snapshot is None:
        return Evaluation(refusal=bet.refusal)
    rules = bet.snapshot.rolling
    return Evaluation(bet.lines, weight_bp=rules.weight_bp if counts(bet.context, rules) else 0)


def asked_for(bet: Bet, currency_code: str) -> AuthorizeBet:
    """Returns what a bet's caller asked for."""
    return AuthorizeBet(
        bet=bet.key,
        stake=Amount(currency_code, bet.stake),
        round_ref=bet.round_ref,
        selected_source=bet.selected_source,
        coupon_grant_id=bet.coupon_grant_id,
        free_round=bet.free_round,
        context=bet.context,
    )


def as_it_was(wallet: Wallet, topology: Topology, bet: Bet) -> Wallet:
    """Returns a bet's wallet with balances in live buckets, and with grants that could still pay.

    That a grant is over by now does not count: whether it could pay then, its balance of then and
    its time say. How often it had been used is not known, and does not keep it from paying.
    """
    balances: Counter[Account] = Counter()
    for account, balance in wallet.balances.items():
        balances[live_account(account, topology)] += balance
    items = {
        key: as_promised(as_granted(item, bet.create_time), bet)
        for key, item in wallet.items.items()
    }
    return replace(wallet, balances=dict(balances), items=items)


def live_account(account: Account, topology: Topology) -> Account:
    """Returns the account itself, or that of the successor of a bucket that is retired."""
    return bucket(topology.live_code(bucket_code(account))) if is_bucket(account) else account


def as_granted(item: Item, now: datetime) -> Item:
    """Returns a grant as nobody had used it and nothing had ended it; other items as they are.

    Until it was to be valid that is so. What it held after that it had got back, in its grace.
    """
    if not isinstance(item, CouponGrant):
        return item
    until = item.granted_until
    if until is None or until <= now:
        until = item.valid_until
    return replace(item, state=CouponState.ACTIVE, uses=0, valid_until=until)


def as_promised(item: Item, bet: Bet) -> Item:
    """Returns a grant that has paid for a bet as it promised to pay then.

    It may pay to other buckets by now, as those that it named were emptied since.
    """
    if not isinstance(item, CouponGrant):
        return item
    for line in bet.lines:
        if line.source == coupon(item.grant_id):
            stake, profit = targets(line.destinations)
            terms = replace(item.terms, profit_target=profit, stake_target=stake)
            return replace(item, terms=terms)
    return item


def differences_between(was: Evaluation, would_be: Evaluation) -> tuple[Difference, ...]:
    """Returns in what two evaluations differ. Of a bet that is refused there is nothing else."""
    if reason_of(was.refusal) != reason_of(would_be.refusal):
        return (Difference.OUTCOME,)
    if was.refusal is not None:
        return ()
    before, after = destinations_of(was), destinations_of(would_be)
    both = [(before[source], after[source]) for source in before if source in after]
    found = {
        Difference.LINES: amounts_of(was) != amounts_of(would_be),
        Difference.DESTINATIONS: any(targets(a) != targets(b) for a, b in both),
        Difference.PROFIT_CAPS: any(a.profit_cap != b.profit_cap for a, b in both),
        Difference.WEIGHT: was.weight_bp != would_be.weight_bp,
    }
    return tuple(difference for difference, is_there in found.items() if is_there)


def reason_of(refusal: Refusal | None) -> str:
    """Returns the reason of a refusal; empty for none."""
    return refusal.reason if refusal else ""


def destinations_of(evaluation: Evaluation) -> dict[str, Destinations]:
    """Returns where the payouts of each source go."""
    return {line.source: line.destinations for line in evaluation.lines}


def amounts_of(evaluation: Evaluation) -> list[tuple[str, int]]:
    """Returns what each source pays, first to last."""
    return [(line.source, line.amount) for line in evaluation.lines]


def targets(destinations: Destinations) -> tuple[str | None, str]:
    """Returns the buckets that stake and profit go to."""
    return destinations.stake_target, destinations.profit_target
