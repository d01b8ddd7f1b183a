"""Splitting a win over the funding lines of the bets that it is for.

A win is split once, by the stakes in play when it comes, and never again. What a line keeps
of its stake, returns first and may win at most is counted over all wins of its round.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from wallet_server.core.accounts import Account, bucket
from wallet_server.core.allocation import allocate
from wallet_server.core.config.provider_profile import PayoutBasis
from wallet_server.core.entry import Move
from wallet_server.core.rounds.line_stakes import LineStake, weights_of
from wallet_server.core.rounds.win import WinShare


def split_win(amount: int, stakes: Sequence[LineStake], basis: PayoutBasis) -> tuple[WinShare, ...]:
    """Splits a win by the stakes in play, before anything is kept of it.

    Where the provider has taken stake off that is not returned, the whole win is rebuilt
    first, so that the shares add up to more than the amount.
    """
    if amount == 0:
        return ()
    if basis is PayoutBasis.NET_OF_FREEBET:
        amount += sum(kept_of(stakes))
    shares = allocate(amount, weights_of(stakes))
    return tuple(
        WinShare(stake.bet_ref, stake.line, share)
        for stake, share in zip(stakes, shares, strict=True)
        if share
    )


def pay_shares(
    amount: int, shares: Sequence[WinShare], stakes: Sequence[LineStake], basis: PayoutBasis
) -> tuple[WinShare, ...]:
    """Returns the shares of a win with what is paid of each: never more than the amount in all."""
    by_line = {(stake.bet_ref, stake.line): stake for stake in stakes}
    lines = [by_line[share.bet_ref, share.line] for share in shares]
    gross = [share.amount for share in shares]
    payouts = [max(0, g - k) for g, k in zip(gross, kept_of(lines), strict=True)]
    if basis is PayoutBasis.NET_OF_FREEBET and shares:
        payouts = allocate(amount, payouts if any(payouts) else gross)
    return tuple(
        pay_share(share, payout, line)
        for share, payout, line in zip(shares, payouts, lines, strict=True)
    )


def kept_of(stakes: Sequence[LineStake]) -> list[int]:
    """Returns the stake that is still to be kept of each line's share: none where it returns."""
    return [0 if stake.is_returned else stake.unpaid for stake in stakes]


def pay_share(share: WinShare, payout: int, stake: LineStake) -> WinShare:
    """Splits what a line is paid into returned stake and profit, within its cap."""
    returned = min(payout, stake.unpaid) if stake.is_returned else 0
    profit = payout - returned
    if stake.destinations.profit_cap is not None:
        profit = min(profit, max(0, stake.destinations.profit_cap - stake.profit))
    return replace(share, returned=returned, profit=profit)


def moves_of_shares(
    house: Account, shares: Sequence[WinShare], stakes: Sequence[LineStake]
) -> Iterator[Move]:
    """Yields what a win moves, by its shares and what is paid of each."""
    by_line = {(stake.bet_ref, stake.line): stake.destinations for stake in stakes}
    for share in shares:
        destinations = by_line[share.bet_ref, share.line]
        if share.returned:
            assert destinations.stake_target is not None
            yield Move(house, bucket(destinations.stake_target), share.returned)
        if share.profit:
            yield Move(house, bucket(destinations.profit_target), share.profit)
