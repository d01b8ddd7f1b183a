"""What each funding line has in a round: its weight in wins, and what it was paid so far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from wallet_server.core.allocation import allocate
from wallet_server.core.bets.bet import Bet, FundingLine
from wallet_server.core.bets.settlement import split_line, split_payout
from wallet_server.core.config.policy import Destinations
from wallet_server.core.rounds.win import Win, WinState


@dataclass(slots=True)
class LineStake:
    """A funding line of a bet in a round.

    `played` is its stake without refunds, `covered` how much of that results and wins have
    paid for already, `cashed_out` how much was cashed out. `profit` is what was paid beyond
    the stake. All are of the round's life so far.
    """

    bet_ref: str
    line: int
    destinations: Destinations
    amount: int
    played: int
    cashed_out: int = 0
    covered: int = 0
    profit: int = 0

    @property
    def unpaid(self) -> int:
        """The stake that is still to be returned, or kept where it is not returned."""
        return max(0, self.played - self.covered)

    @property
    def is_returned(self) -> bool:
        """Whether its stake is part of what it is paid."""
        return self.destinations.stake_target is not None


def line_stakes(bets: Iterable[Bet], wins: Iterable[Win]) -> list[LineStake]:
    """Returns the lines of a round's bets, in their order, after the wins credited so far."""
    stakes = [stake for bet in bets for stake in stakes_of(bet)]
    by_line = {(stake.bet_ref, stake.line): stake for stake in stakes}
    for win in wins:
        for share in win.shares if win.state is WinState.CREDITED else ():
            stake = by_line.get((share.bet_ref, share.line))
            if stake is not None:
                stake.covered += share.amount
                stake.profit += share.profit
    return stakes


def stakes_of(bet: Bet) -> list[LineStake]:
    """Returns the lines of a bet after its own results.

    The stake of a portion that paid something has had its part of it; that of a portion
    without payout may still win.
    """
    stakes = [
        LineStake(
            bet.key.bet_ref, i, destinations_of(line, bet), amount=line.amount, played=line.amount
        )
        for i, line in enumerate(bet.lines)
    ]
    assert bet.snapshot is not None
    for portion in bet.portions:
        refunds = allocate(portion.refund, portion.stake_shares)
        consumed = [s - r for s, r in zip(portion.stake_shares, refunds, strict=True)]
        payouts = split_payout(bet.lines, portion, consumed, bet.snapshot.payout_basis)
        for i, stake in enumerate(stakes):
            _, profit = split_line(bet.lines[i], payouts[i], consumed[i], stake.profit)
            stake.profit += profit
            stake.played -= refunds[i]
            stake.covered += consumed[i] if portion.payout else 0
            stake.cashed_out += consumed[i] if portion.is_cash_out else 0
    return stakes


def destinations_of(line: FundingLine, bet: Bet) -> Destinations:
    """Returns where a line's part of a win goes, as the bet's plan is by now."""
    planned = line.destinations
    if not bet.replanned:
        return planned
    stake, profit = planned.stake_target, planned.profit_target
    return replace(
        planned,
        stake_target=None if stake is None else bet.replanned.get(stake, stake),
        profit_target=bet.replanned.get(profit, profit),
    )


def weights_of(stakes: Sequence[LineStake]) -> list[int]:
    """Returns the weights of lines in a win: the stake that is in play, open or lost.

    What was refunded or cashed out is not. Where nothing is left in play, what was cashed
    out counts, and at last the whole stakes: a win must go somewhere.
    """
    in_play = [stake.played - stake.cashed_out for stake in stakes]
    played = [stake.played for stake in stakes]
    return next(
        (each for each in (in_play, played) if any(each)), [stake.amount for stake in stakes]
    )
