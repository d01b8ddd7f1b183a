"""What holds of bets and of their wallet at all times."""

from collections import Counter
from dataclasses import replace

from tests.core.world import World
from wallet_server.core.accounts import game
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.bets.settlement import position
from wallet_server.core.config.provider_profile import PayoutBasis


def postings_of(world: World, bet_ref: str = "b1") -> Counter[str]:
    """Returns what the entries of a bet add up to."""
    total = Counter[str]()
    for recorded in world.fold.recorded:
        for entry in recorded.answer.entries:
            if entry.bet_ref == bet_ref:
                total.update({change.account: change.change for change in entry.changes})
    return total


def nonzero(amounts: Counter[str]) -> dict[str, int]:
    return {account: amount for account, amount in amounts.items() if amount}


def check_explained(bet: Bet, world: World) -> None:
    """The bet's entries add up to its position and its substitutions."""
    expected = Counter[str](position(bet))
    for move in bet.substitutions:
        expected[move.source] -= move.amount
        expected[move.target] += move.amount
        assert move.amount > 0
    assert nonzero(postings_of(world, bet.key.bet_ref)) == nonzero(expected)


def check_bet(bet: Bet, world: World) -> None:
    """I11 and I13 to I17 of the domain."""
    check_explained(bet, world)
    postings = postings_of(world, bet.key.bet_ref)
    assert sum(position(bet).values()) == 0

    if bet.state in {BetState.DECLINED, BetState.TOMBSTONED}:
        assert not bet.lines
        assert not nonzero(postings)
        return
    assert sum(line.amount for line in bet.lines) == bet.stake
    decided = sum(portion.stake for portion in bet.portions)
    if bet.state is BetState.ROLLED_BACK:
        assert position(bet) == {}
        assert sum(amount for account, amount in postings.items() if account.startswith("H:")) == 0
    else:
        assert decided <= bet.stake
        assert (decided == bet.stake) == (bet.state is BetState.SETTLED)
    for portion in bet.portions:
        check_paid(bet, portion.portion_ref)


def check_paid(bet: Bet, portion_ref: str) -> None:
    """I15: what the house pays for a portion is its payout, but for what stays with it."""
    assert bet.snapshot is not None
    portion = bet.portion(portion_ref)
    assert portion is not None
    alone = replace(bet, state=BetState.PARTIALLY_SETTLED, portions=(portion,))
    house = position(alone).get(game("SPORTS"), 0)
    paid = portion.stake - portion.refund - house
    assert 0 <= paid <= portion.payout
    capped = any(line.destinations.profit_cap is not None for line in bet.lines)
    returned = all(line.destinations.stake_target is not None for line in bet.lines)
    if not capped and (returned or bet.snapshot.payout_basis is PayoutBasis.NET_OF_FREEBET):
        assert paid == portion.payout


def check_wallet(world: World) -> None:
    """I1, I4, I8 and I12 of the domain."""
    held = Counter[str]({a: n for a, n in world.balances.items() if a.startswith("O:")})
    for bet in world.wallet.bets.values():
        if bet.state is BetState.ROLLED_BACK:
            continue
        for line, share in zip(bet.lines, bet.open_shares, strict=True):
            held[f"O:{line.source}"] -= share
    assert not nonzero(held)
    for account, amount in world.balances.items():
        assert amount <= 0 if account == "DEBT" else amount >= 0
    for recorded in world.fold.recorded:
        for entry in recorded.answer.entries:
            assert sum(change.change for change in entry.changes) == 0
            assert all(change.change for change in entry.changes)
