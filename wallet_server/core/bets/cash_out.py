"""Paying a bet before it has its result."""

from datetime import datetime

from wallet_server.core.accounts import grant_of
from wallet_server.core.allocation import allocate
from wallet_server.core.amounts import check_asset
from wallet_server.core.bets.bet import DECLINED, Bet, BetState, Portion
from wallet_server.core.bets.lifecycle import find_live_bet, post_bet
from wallet_server.core.bets.settle import PORTIONS_MAX
from wallet_server.core.commands import CashOutBet
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import APPLIED, Decision, Replay
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import (
    BetTombstoned,
    CashOutNotAllowedForCoupon,
    IllegalTransition,
    PortionLimit,
    PortionTooLarge,
    Refusal,
    TransactionPayloadMismatch,
)
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.wallet import Wallet

CASH_OUT_VERSION = 0
"""The result version of a cash-out: no result ever replaces it."""


def decide_cash_out_bet(
    command: CashOutBet, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Pays stake that has no result yet, as a portion that no later result touches."""
    currency = wallet.ref.currency_code
    if mismatch := (
        check_asset("payout", command.payout, currency)
        or check_asset("stake", command.stake, currency)
    ):
        return mismatch
    if (again := answer_again(command, wallet)) is not None:
        return again
    bet = find_live_bet(command.bet, wallet)
    if isinstance(bet, Refusal):
        return bet
    portion = make_portion(command, bet)
    if isinstance(portion, Refusal):
        return portion
    draft = Draft(wallet, configuration, now)
    after = bet.with_portions((*bet.portions, portion), bet.unsettled_versions)
    changed = post_bet(draft, bet, after, repays_debt=True)
    if isinstance(changed, Refusal):
        return changed
    draft.put_win(reference_of(command, portion, draft))
    pass_on(draft)
    return draft.change(APPLIED, bet=changed)


def answer_again(command: CashOutBet, wallet: Wallet) -> Decision | None:
    """Answers a reference that is known: as the first time, if it says the same."""
    ref = command.cash_out.bet_ref
    bet = wallet.bets.get(command.cash_out)
    if bet is not None and bet.state is BetState.TOMBSTONED:
        return BetTombstoned(ref)
    known = wallet.wins.get(command.cash_out)
    if bet is not None or isinstance(known, Win):
        return TransactionPayloadMismatch(ref, "kind")
    if known is None:
        return None
    same = {
        "bet_ref": command.bet.bet_ref == known.bet_ref,
        "payout": command.payout.minor_units == known.payout,
        "stake": command.stake is None or command.stake.minor_units == known.stake,
    }
    for field, is_same in same.items():
        if not is_same:
            return TransactionPayloadMismatch(ref, field)
    return Replay(known.sequence)


def make_portion(command: CashOutBet, bet: Bet) -> Portion | Refusal:
    """Returns the portion that is cashed out, from what the lines still have open."""
    ref = command.cash_out.bet_ref
    if bet.state is DECLINED:
        return IllegalTransition(bet.key.bet_ref, bet.state.value, "CashOutBet")
    for line in bet.lines:
        if line.coupon is not None and not line.coupon.cash_out_allowed:
            return CashOutNotAllowedForCoupon(grant_of(line.source))
    if bet.portion(ref) is not None or ref in bet.unsettled_versions:
        return TransactionPayloadMismatch(ref, "portion_ref")
    if len(bet.portions) + len(bet.unsettled_versions) >= PORTIONS_MAX:
        return PortionLimit(bet.key.bet_ref, PORTIONS_MAX)
    shares = bet.open_shares
    remaining = sum(shares)
    stake = remaining if command.stake is None else command.stake.minor_units
    if stake > remaining or remaining == 0:
        return PortionTooLarge(stake, remaining)
    payout = command.payout.minor_units
    taken = tuple(allocate(stake, shares))
    return Portion(ref, taken, CASH_OUT_VERSION, payout, refund=0, is_cash_out=True)


def reference_of(command: CashOutBet, portion: Portion, draft: Draft) -> CashOutRef:
    """Returns what keeps a cash-out's reference taken."""
    return CashOutRef(
        command.cash_out,
        command.bet.bet_ref,
        draft.sequence,
        draft.now,
        stake=portion.stake,
        payout=portion.payout,
    )
