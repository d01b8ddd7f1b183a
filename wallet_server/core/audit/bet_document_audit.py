"""What must hold of a bet by itself, whatever happened."""

from collections.abc import Iterator

from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.bets.bet import Bet, BetState, Portion

FUNDED = frozenset(
    {BetState.AUTHORIZED, BetState.PARTIALLY_SETTLED, BetState.SETTLED, BetState.ROLLED_BACK}
)


def find_document_problems(bet: Bet) -> Iterator[Finding]:
    """Yields what is wrong with the bet's funding and with its results."""
    for message in find_funding_problems(bet):
        yield Finding(Check.BET_FUNDING, "", message)
    for message in find_result_problems(bet):
        yield Finding(Check.BET_RESULTS, "", message)


def is_whole(bet: Bet) -> bool:
    """Tells whether the bet has all that its position is a function of."""
    if bet.state not in FUNDED:
        return not bet.lines and not bet.portions
    return (
        bet.snapshot is not None
        and bool(bet.lines or bet.free_round)
        and all(line.amount > 0 for line in bet.lines)
        and all(is_whole_portion(portion, len(bet.lines)) for portion in bet.portions)
    )


def is_whole_portion(portion: Portion, line_count: int) -> bool:
    """Tells whether a portion has a share of each line, and amounts that can be split."""
    return (
        len(portion.stake_shares) == line_count
        and min(portion.stake_shares, default=0) >= 0  # A free round has no lines.
        and 0 <= portion.refund <= portion.stake
        and portion.payout >= 0
        and not (portion.payout and portion.refund == portion.stake)
    )


def find_funding_problems(bet: Bet) -> Iterator[str]:
    """Yields what is wrong with what paid for the stake."""
    if bet.state not in FUNDED:
        if bet.lines or bet.snapshot is not None:
            yield f"{bet.state.value}, and yet something paid for it"
        return
    if bet.snapshot is None:
        yield "it has no snapshot"
    paid = sum(line.amount for line in bet.lines)
    if paid != bet.stake:
        yield f"its lines add up to {paid}, its stake is {bet.stake}"
    if any(line.amount <= 0 for line in bet.lines):
        yield "a line is not positive"


def find_result_problems(bet: Bet) -> Iterator[str]:
    """Yields what is wrong with its portions, or with the state they put it in."""
    if (bet.refusal is not None) != (bet.state is BetState.DECLINED):
        yield f"{bet.state.value} and a refusal do not go together"
    if bet.state not in FUNDED:
        if bet.portions:
            yield f"{bet.state.value}, and yet it has results"
        return
    line_count = len(bet.lines)
    if not all(is_whole_portion(portion, line_count) for portion in bet.portions):
        yield "a portion's shares, refund and payout do not fit its lines"
        return
    refs = [portion.portion_ref for portion in bet.portions]
    if len(set(refs)) != len(refs) or bet.unsettled_versions.keys() & set(refs):
        yield "several portions have one name"
    open_shares = bet.open_shares
    if any(share < 0 for share in open_shares):
        yield "its portions take more than its stake"
    elif bet.state is not BetState.ROLLED_BACK and bet.state is not state_of(bet, sum(open_shares)):
        yield f"{bet.state.value} with {sum(open_shares)} of the stake open"


def state_of(bet: Bet, open_stake: int) -> BetState:
    """Returns the state that its portions put it in."""
    if not bet.portions:
        return BetState.AUTHORIZED
    return BetState.PARTIALLY_SETTLED if open_stake else BetState.SETTLED
