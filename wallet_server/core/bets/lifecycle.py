"""What all commands on a known bet share."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.bets.correction import correct
from wallet_server.core.bets.follow_up import stands_alone, take_bet
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import APPLIED, Change, Decision
from wallet_server.core.draft import Draft
from wallet_server.core.entry import Entry
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import (
    BetNotFound,
    BetRolledBack,
    CorrectionShort,
    Refusal,
)
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.wallet import Wallet

UNDONE = frozenset({BetState.ROLLED_BACK, BetState.TOMBSTONED})


def find_live_bet(key: BetKey, wallet: Wallet) -> Bet | Refusal:
    """Returns the bet unless it is unknown or undone."""
    bet = wallet.bets.get(key)
    if bet is None:
        return BetNotFound(key.bet_ref)
    if bet.state in UNDONE:
        return BetRolledBack(key.bet_ref)
    return bet


def post_change(
    before: Bet,
    after: Bet,
    wallet: Wallet,
    configuration: Configuration,
    now: datetime,
    *,
    repays_debt: bool = False,
) -> Decision:
    """Posts the difference between what a bet has posted and where it is now."""
    if not stands_alone(before, wallet, configuration):
        draft = Draft(wallet, configuration, now)
        changed = post_bet(draft, before, after, repays_debt=repays_debt)
        if isinstance(changed, Refusal):
            return changed
        pass_on(draft)
        return draft.change(APPLIED, bet=changed)
    topology = configuration.topology.value
    correction = correct(before, after, wallet, topology, repays_debt=repays_debt)
    if isinstance(correction, CorrectionShort):
        return correction
    entry = Entry(wallet.ref.currency_code, correction.changes)
    if correction.substitutions != after.substitutions:
        after = replace(after, substitutions=correction.substitutions)
    return Change(APPLIED, (entry,) if entry.changes else (), after)


def post_bet(draft: Draft, before: Bet, after: Bet, *, repays_debt: bool = False) -> Bet | Refusal:
    """Posts a bet's difference into a draft, with all that follows. `pass_on` must come last."""
    topology = draft.configuration.topology.value
    correction = correct(before, after, draft.wallet, topology, repays_debt=repays_debt)
    if isinstance(correction, CorrectionShort):
        return correction
    if correction.substitutions != after.substitutions:
        after = replace(after, substitutions=correction.substitutions)
    draft.post(draft.currency, correction.changes, after.key)
    return take_bet(draft, before, after)
