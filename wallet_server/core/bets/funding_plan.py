"""How much each source pays of a stake."""

from collections.abc import Sequence

from wallet_server.core.allocation import allocate
from wallet_server.core.bets.bet import FundingLine
from wallet_server.core.bets.coupon_funding import (
    lines_of_offers,
    pick_others,
    split_at_slot,
    total_offered,
)
from wallet_server.core.bets.sources import available, sources_for
from wallet_server.core.config.policy import BreachAction, Policy, Proportional, WeightedSource
from wallet_server.core.config.topology import BucketClass, Topology
from wallet_server.core.coupons.choice import NO_OFFERS, CouponOffers
from wallet_server.core.refusals import InsufficientFunds, MaxStakeWithBonus, Refusal
from wallet_server.core.wallet import Wallet


def plan_funding(
    stake: int,
    policy: Policy,
    selected_source: str,
    wallet: Wallet,
    topology: Topology,
    offers: CouponOffers = NO_OFFERS,
) -> tuple[FundingLine, ...] | Refusal:
    """Covers a stake, exactly, from the sources that the policy lets pay.

    Where restricted money or a coupon would have a part in a stake above the policy's
    limit, the bet is declined, or planned again without them: money is never taken back
    afterwards for it. A bet that names its coupon is declined: nobody who asks for that
    means to pay by other means.
    """
    sources = sources_for(policy.funding_mode, selected_source)
    if isinstance(sources, Refusal):
        return sources

    if offers is NO_OFFERS:
        lines = cover(stake, sources, policy, wallet, topology)
    else:
        lines = cover_with_coupons(stake, sources, offers, policy, wallet, topology)
    if isinstance(lines, Refusal) or not breaches(stake, lines, policy, topology):
        return lines

    assert policy.max_stake_with_bonus is not None
    if policy.breach_action is BreachAction.DECLINE or offers.named is not None:
        return MaxStakeWithBonus(stake, policy.max_stake_with_bonus)
    free = tuple(each for each in sources if not is_restricted(each.source, topology))
    return cover(stake, free, policy, wallet, topology)


def breaches(stake: int, lines: Sequence[FundingLine], policy: Policy, topology: Topology) -> bool:
    """Tells whether restricted money has a part in a stake that is too large for it."""
    limit = policy.max_stake_with_bonus
    if limit is None or stake <= limit:
        return False
    return any(line.coupon is not None or is_restricted(line.source, topology) for line in lines)


def is_restricted(source: str, topology: Topology) -> bool:
    """Tells whether a source is restricted money. One that is retired holds none."""
    found = topology.bucket_by_code.get(source)
    return found is not None and found.bucket_class is BucketClass.RESTRICTED


def cover(
    stake: int,
    sources: Sequence[WeightedSource],
    policy: Policy,
    wallet: Wallet,
    topology: Topology,
) -> tuple[FundingLine, ...] | InsufficientFunds:
    """Takes a stake from sources: one after the other, or all together by weight.

    The lines keep the order of the sources, say where each one's part of a payout will
    go, and add up to exactly the stake. A source that pays nothing has none.
    """
    if not isinstance(policy.funding_mode, Proportional):
        return cover_in_turn(stake, sources, policy, wallet, topology)
    limits = [available(each.source, wallet, topology) for each in sources]
    total = sum(limits)
    if total < stake:
        return InsufficientFunds(required=stake, available=total)

    weights = [each.weight for each in sources]
    amounts = fill(stake, allocate(stake, weights if any(weights) else limits), limits)
    destinations = policy.destinations_by_source
    return tuple(
        [
            FundingLine(each.source, amount, destinations[each.source])
            for each, amount in zip(sources, amounts, strict=True)
            if amount
        ]
    )


def cover_in_turn(
    stake: int,
    sources: Sequence[WeightedSource],
    policy: Policy,
    wallet: Wallet,
    topology: Topology,
) -> tuple[FundingLine, ...] | InsufficientFunds:
    """Takes a stake from sources one after the other, and looks at none that is not needed."""
    lines: list[FundingLine] = []
    missing = stake
    for each in sources:
        if not missing:
            break
        amount = min(missing, available(each.source, wallet, topology))
        if amount:
            destinations = policy.destinations_by_source[each.source]
            lines.append(FundingLine(each.source, amount, destinations))
            missing -= amount
    if missing:
        return InsufficientFunds(required=stake, available=stake - missing)
    return tuple(lines)


def cover_with_coupons(
    stake: int,
    sources: Sequence[WeightedSource],
    offers: CouponOffers,
    policy: Policy,
    wallet: Wallet,
    topology: Topology,
) -> tuple[FundingLine, ...] | InsufficientFunds:
    """Takes a stake from coupons too: first from the named one, from others at their place.

    Where the sources have no place for coupons, none pays that nobody named.
    """
    before, after, has_slot = split_at_slot(sources)
    first, last = (total_of(each, wallet, topology) for each in (before, after))
    named = [offers.named] if offers.named else []
    is_first = not named and not first
    others = pick_others(offers, stake, is_first=is_first) if has_slot else []
    limits = (total_offered(named), first, total_offered(others), last)
    if sum(limits) < stake:
        return InsufficientFunds(required=stake, available=sum(limits))

    amounts = top_up([0] * len(limits), stake, limits)
    return (
        *lines_of_offers(amounts[0], named),
        *cover_surely(amounts[1], before, policy, wallet, topology),
        *lines_of_offers(amounts[2], others),
        *cover_surely(amounts[3], after, policy, wallet, topology),
    )


def cover_surely(
    stake: int,
    sources: Sequence[WeightedSource],
    policy: Policy,
    wallet: Wallet,
    topology: Topology,
) -> tuple[FundingLine, ...]:
    """Takes a stake from sources that are known to have it."""
    lines = cover(stake, sources, policy, wallet, topology)
    assert not isinstance(lines, InsufficientFunds)
    return lines


def total_of(sources: Sequence[WeightedSource], wallet: Wallet, topology: Topology) -> int:
    """Returns what sources can pay together."""
    return sum(available(each.source, wallet, topology) for each in sources)


def fill(stake: int, wanted: Sequence[int], limits: Sequence[int]) -> list[int]:
    """Takes what is wanted of each, up to its limit, and the rest from the next.

    What the last cannot give, the first that still can do.
    """
    amounts: list[int] = []
    carried = 0
    for want, limit in zip(wanted, limits, strict=True):
        amount = min(want + carried, limit)
        carried += want - amount
        amounts.append(amount)
    return top_up(amounts, stake - sum(amounts), limits)


def top_up(amounts: Sequence[int], missing: int, limits: Sequence[int]) -> list[int]:
    """Takes what is missing too, emptying each source before touching the next."""
    topped: list[int] = []
    for amount, limit in zip(amounts, limits, strict=True):
        extra = min(missing, limit - amount)
        topped.append(amount + extra)
        missing -= extra
    assert missing == 0
    return topped
