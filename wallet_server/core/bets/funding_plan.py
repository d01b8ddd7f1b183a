"""How much each source pays of a stake."""

from collections.abc import Sequence

from wallet_server.core.allocation import allocate
from wallet_server.core.bets.sources import available, sources_for
from wallet_server.core.config.policy import BreachAction, Policy, Proportional, WeightedSource
from wallet_server.core.config.topology import BucketClass, Topology
from wallet_server.core.refusals import InsufficientFunds, MaxStakeWithBonus, Refusal
from wallet_server.core.value import value
from wallet_server.core.wallet import Wallet


@value
class Payment:
    """What one source pays. Always positive."""

    source: str
    amount: int


def plan_funding(
    stake: int, policy: Policy, selected_source: str, wallet: Wallet, topology: Topology
) -> tuple[Payment, ...] | Refusal:
    """Covers a stake, exactly, from the sources that the policy lets pay.

    Where restricted money would have a part in a stake above the policy's limit,
    the bet is declined, or planned again without restricted money: money is never
    taken back afterwards for it.
    """
    sources = sources_for(policy.funding_mode, selected_source)
    if isinstance(sources, Refusal):
        return sources

    together = isinstance(policy.funding_mode, Proportional)
    payments = cover(stake, sources, wallet, topology, together=together)
    if isinstance(payments, Refusal) or not breaches(stake, payments, policy, topology):
        return payments

    assert policy.max_stake_with_bonus is not None
    if policy.breach_action is BreachAction.DECLINE:
        return MaxStakeWithBonus(stake, policy.max_stake_with_bonus)
    free = tuple(each for each in sources if not is_restricted(each.source, topology))
    return cover(stake, free, wallet, topology, together=together)


def breaches(stake: int, payments: Sequence[Payment], policy: Policy, topology: Topology) -> bool:
    """Tells whether restricted money has a part in a stake that is too large for it."""
    limit = policy.max_stake_with_bonus
    if limit is None or stake <= limit:
        return False
    return any(is_restricted(payment.source, topology) for payment in payments)


def is_restricted(source: str, topology: Topology) -> bool:
    """Tells whether a source is restricted money. One that is retired holds none."""
    found = topology.bucket_by_code.get(source)
    return found is not None and found.bucket_class is BucketClass.RESTRICTED


def cover(
    stake: int,
    sources: Sequence[WeightedSource],
    wallet: Wallet,
    topology: Topology,
    *,
    together: bool,
) -> tuple[Payment, ...] | InsufficientFunds:
    """Takes a stake from sources: one after the other, or all together by weight.

    The payments keep the order of the sources and add up to exactly the stake.
    """
    limits = [available(each.source, wallet, topology) for each in sources]
    if sum(limits) < stake:
        return InsufficientFunds(required=stake, available=sum(limits))

    wanted = [0] * len(sources)
    if together:
        weights = [each.weight for each in sources]
        wanted = allocate(stake, weights if any(weights) else limits)
    amounts = fill(stake, wanted, limits)
    return tuple(
        Payment(each.source, amount)
        for each, amount in zip(sources, amounts, strict=True)
        if amount
    )


def fill(stake: int, wanted: Sequence[int], limits: Sequence[int]) -> list[int]:
    """Takes what is wanted of each, up to its limit, and the rest from the next.

    What the last cannot give, the first that still can do: with nothing wanted of
    anyone, that empties each before touching the next.
    """
    amounts: list[int] = []
    missing = stake - sum(wanted)
    carried = 0
    for want, limit in zip(wanted, limits, strict=True):
        amount = min(want + carried, limit)
        carried += want - amount
        amounts.append(amount)

    missing += carried
    for i, limit in enumerate(limits):
        extra = min(missing, limit - amounts[i])
        amounts[i] += extra
        missing -= extra
    assert missing == 0
    return amounts
