"""What a bet has done to the books.

Settling, resettling, unsettling and rolling back all work the same way: change the
bet, then post its new position less what it has posted before.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from wallet_server.core.accounts import PROMO, Account, bucket, game, open_stake
from wallet_server.core.allocation import allocate
from wallet_server.core.bets.bet import Bet, BetState, CouponLine, FundingLine, Portion
from wallet_server.core.config.provider_profile import PayoutBasis
from wallet_server.core.coupons.grant import VoidBehavior
from wallet_server.core.entry import Vector, minus, net, plus

WITHOUT_EFFECT = frozenset({BetState.ROLLED_BACK, BetState.DECLINED, BetState.TOMBSTONED})
GROSS = PayoutBasis.GROSS

SourceTargetAmount: TypeAlias = tuple[Account, Account, int]
"""A move, on its way into a sum of many."""


def position(bet: Bet) -> Vector:
    """Returns what the bet, as it stands, should have done to every account."""
    if bet.state in WITHOUT_EFFECT:
        return {}
    return net([*moves_of_stake(bet), *moves_of_portions(bet)])


def posted(bet: Bet) -> Vector:
    """Returns what the bet has really done to every account: substitutions included."""
    return plus(position(bet), net(bet.substitutions))


def difference(before: Bet, after: Bet) -> Vector:
    """Returns what is to be posted for a bet to get to its new position.

    A bet that only has more portions than before gets what these move: what it has
    posted is the beginning of its new position.
    """
    if has_only_more_portions(before, after):
        return net(moves_of_portions(after, after_first=len(before.portions)))
    return minus(position(after), posted(before))


def has_only_more_portions(before: Bet, after: Bet) -> bool:
    """Tells whether a bet has become another by more portions alone."""
    return (
        not before.substitutions
        and before.state not in WITHOUT_EFFECT
        and after.state not in WITHOUT_EFFECT
        and after.lines is before.lines
        and after.snapshot is before.snapshot
        and after.portions[: len(before.portions)] == before.portions
    )


def moves_of_stake(bet: Bet) -> Iterator[SourceTargetAmount]:
    """Yields what placing the bet moves."""
    for line in bet.lines:
        source = bucket(line.source) if line.coupon is None else Account(line.source)
        yield source, open_stake(line.source), line.amount


def moves_of_portions(bet: Bet, *, after_first: int = 0) -> Iterator[SourceTargetAmount]:
    """Yields what the results of the bet move, in their order; but for the first, if so said.

    The refund of a portion is split by its stake, its payout by what was played of
    it. A line's profit is limited over all portions together.
    """
    assert bet.snapshot is not None
    house = game(bet.snapshot.provider_type)
    profits_paid = [0] * len(bet.lines)
    for number, portion in enumerate(bet.portions):
        refunds = allocate(portion.refund, portion.stake_shares)
        consumed = [s - r for s, r in zip(portion.stake_shares, refunds, strict=True)]
        payouts = split_payout(bet.lines, portion, consumed, bet.snapshot.payout_basis)
        for i, line in enumerate(bet.lines):
            stake, profit = split_line(line, payouts[i], consumed[i], profits_paid[i])
            profits_paid[i] += profit
            if number < after_first:
                continue
            open_account, destinations = open_stake(line.source), line.destinations
            if line.coupon is None:
                yield open_account, bucket(line.source), refunds[i]
            else:
                yield from moves_of_coupon(line, line.coupon, refunds[i], is_first=number == 0)
            yield open_account, house, consumed[i]
            if destinations.stake_target is not None:
                yield house, bucket(destinations.stake_target), stake
            yield house, bucket(destinations.profit_target), profit


def moves_of_coupon(
    line: FundingLine, coupon: CouponLine, refund: int, *, is_first: bool
) -> Iterator[SourceTargetAmount]:
    """Yields what a result moves of a coupon's own value, beside what is played and paid.

    Stake that is refunded goes back to the grant, or to the house, as the grant's terms say.
    With the bet's first result goes what was left of a grant for a single use.
    """
    grant = Account(line.source)
    returns = coupon.void_behavior is VoidBehavior.RETURN
    yield open_stake(line.source), grant if returns else PROMO, refund
    if is_first:
        yield grant, PROMO, coupon.remainder


def split_payout(
    lines: Sequence[FundingLine], portion: Portion, consumed: Sequence[int], basis: PayoutBasis
) -> list[int]:
    """Splits a portion's payout over the lines: what each line is paid, gross of cap.

    A line whose stake is not returned is paid only what exceeds its stake. Where
    the provider has taken such stake off already, the whole win is rebuilt first
    and what is left of each share decides the split, so that the shares add up to
    the payout.
    """
    if portion.payout == 0:
        return [0] * len(lines)
    kept = [
        0 if line.destinations.stake_target is not None else played
        for line, played in zip(lines, consumed, strict=True)
    ]
    if basis is GROSS:
        shares = allocate(portion.payout, consumed)
        return [max(0, share - k) for share, k in zip(shares, kept, strict=True)]

    gross = allocate(portion.payout + sum(kept), consumed)
    nets = [max(0, share - k) for share, k in zip(gross, kept, strict=True)]
    return allocate(portion.payout, nets)


def split_line(line: FundingLine, payout: int, consumed: int, profit_paid: int) -> tuple[int, int]:
    """Splits what a line is paid into returned stake and profit, within its cap.

    Args:
        line: The funding line.
        payout: What the line is paid, its stake included if that is returned.
        consumed: The line's stake that was played.
        profit_paid: The profit that earlier portions have paid to the line.
    """
    returned = 0 if line.destinations.stake_target is None else min(payout, consumed)
    profit = payout - returned
    if line.destinations.profit_cap is not None:
        profit = min(profit, max(0, line.destinations.profit_cap - profit_paid))
    return returned, profit
