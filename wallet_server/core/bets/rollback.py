"""Undoing a bet, or keeping one that has not arrived from ever being placed."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.amounts import check_asset
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.bets.lifecycle import UNDONE, post_change
from wallet_server.core.commands import RollbackTransaction
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Change, Decision, Outcome
from wallet_server.core.refusals import AmountMismatch, BetAlreadySettled
from wallet_server.core.wallet import Wallet


def decide_rollback_transaction(
    command: RollbackTransaction, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Restores everything the bet has moved, whatever has become of it since."""
    if mismatch := check_asset("amount", command.amount, wallet.ref.currency_code):
        return mismatch
    bet = wallet.bets.get(command.bet)
    if bet is None:
        tombstone = Bet(command.bet, BetState.TOMBSTONED, wallet.sequence + 1, now)
        return Change(Outcome.TOMBSTONED, bet=tombstone)
    if mismatch := check_stake(command, bet):
        return mismatch
    if bet.state in UNDONE:
        return Change(Outcome.ALREADY_ROLLED_BACK, bet=bet)
    if bet.state is BetState.DECLINED:
        final = bet if bet.is_final else replace(bet, revision=bet.revision + 1)
        return Change(Outcome.PARENT_DECLINED, bet=final)

    assert bet.snapshot is not None
    if bet.state is BetState.SETTLED and not bet.snapshot.rollback_after_settle:
        return BetAlreadySettled(bet.key.bet_ref)
    undone = replace(bet, state=BetState.ROLLED_BACK, revision=bet.revision + 1)
    return post_change(bet, undone, wallet, configuration, now)


def check_stake(command: RollbackTransaction, bet: Bet) -> AmountMismatch | None:
    """Refuses an amount that is not the bet's whole stake. A tombstone has none."""
    if command.amount is None or bet.state is BetState.TOMBSTONED:
        return None
    if command.amount.minor_units == bet.stake:
        return None
    return AmountMismatch(bet.stake, command.amount.minor_units)
