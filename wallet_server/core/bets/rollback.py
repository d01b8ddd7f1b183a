"""Undoing a bet, a win or a cash-out, or keeping one that has not arrived from ever coming."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.amounts import check_asset
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.bets.lifecycle import UNDONE, post_bet, post_change
from wallet_server.core.bets.opened_again import opened_again
from wallet_server.core.commands import RollbackTransaction
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import APPLIED, Change, Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import AmountMismatch, Refusal
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rounds.undo import check_undo, undo_all, undo_win, undone, wins_along
from wallet_server.core.rounds.win import WITH_EFFECT, CashOutRef, Win
from wallet_server.core.wallet import Wallet


def decide_rollback_transaction(
    command: RollbackTransaction, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Restores everything the transaction has moved, whatever has become of it since."""
    if mismatch := check_asset("amount", command.amount, wallet.ref.currency_code):
        return mismatch
    bet = wallet.bets.get(command.bet)
    if bet is not None:
        return check_amount(command, bet) or roll_back_bet(bet, wallet, configuration, now)
    match wallet.wins.get(command.bet):
        case Win() as win:
            mismatch = check_whole(command, win.amount)
            return mismatch or roll_back_win(win, wallet, configuration, now)
        case CashOutRef() as cash_out:
            mismatch = check_whole(command, cash_out.payout)
            return mismatch or roll_back_cash_out(cash_out, wallet, configuration, now)
        case None:
            tombstone = Bet(command.bet, BetState.TOMBSTONED, wallet.sequence + 1, now)
            return Change(Outcome.TOMBSTONED, bet=tombstone)


def check_amount(command: RollbackTransaction, bet: Bet) -> AmountMismatch | None:
    """Refuses an amount that is not the bet's whole stake. A tombstone has none."""
    return None if bet.state is BetState.TOMBSTONED else check_whole(command, bet.stake)


def check_whole(command: RollbackTransaction, whole: int) -> AmountMismatch | None:
    """Refuses an amount that is not the transaction's whole: none is rolled back in part."""
    if command.amount is None or command.amount.minor_units == whole:
        return None
    return AmountMismatch(whole, command.amount.minor_units)


def roll_back_bet(
    bet: Bet, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Undoes a bet, with the wins of its round if it is the only bet there."""
    if bet.state in UNDONE:
        return Change(Outcome.ALREADY_ROLLED_BACK, bet=bet)
    if bet.state is BetState.DECLINED:
        return Change(Outcome.PARENT_DECLINED, bet=as_final(bet))
    if refusal := check_undo(bet):
        return refusal
    draft = Draft(wallet, configuration, now)
    wins = wins_along(draft, bet)
    if not wins:
        return post_change(bet, undone(bet), wallet, configuration, now)
    if refusal := undo_all(draft, [bet], wins):
        return refusal
    pass_on(draft)
    return draft.change(APPLIED, bet=draft.bet(bet.key))


def as_final(bet: Bet) -> Bet:
    """Returns a declined bet that never is tried again."""
    return bet if bet.is_final else replace(bet, revision=bet.revision + 1)


def roll_back_win(
    win: Win, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Takes a win back. What became of it otherwise stands."""
    draft = Draft(wallet, configuration, now)
    if win.state not in WITH_EFFECT:
        return draft.change(Outcome.ALREADY_ROLLED_BACK)
    if isinstance(refusal := undo_win(draft, win), Refusal):
        return refusal
    pass_on(draft)
    return draft.change(APPLIED)


def roll_back_cash_out(
    cash_out: CashOutRef, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Takes a cash-out back: its stake is open again, and its name stays taken."""
    bet = wallet.bets[BetKey(cash_out.key.provider_id, cash_out.bet_ref)]
    portion = bet.portion(cash_out.key.bet_ref)
    if cash_out.rolled_back or bet.state in UNDONE or portion is None:
        return Change(Outcome.ALREADY_ROLLED_BACK, bet=bet)
    draft = Draft(wallet, configuration, now)
    left = tuple(each for each in bet.portions if each is not portion)
    after = bet.with_portions(left, bet.unsettled_versions)
    changed = post_bet(draft, bet, opened_again(after, configuration.topology.value))
    if isinstance(changed, Refusal):
        return changed
    draft.put_win(replace(cash_out, rolled_back=True, revision=cash_out.revision + 1))
    pass_on(draft)
    return draft.change(APPLIED, bet=changed)
