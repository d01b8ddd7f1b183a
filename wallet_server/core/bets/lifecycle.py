"""What all commands on a known bet share."""

from dataclasses import replace

from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.bets.correction import correct
from wallet_server.core.config.topology import Topology
from wallet_server.core.decision import APPLIED, Change, Decision
from wallet_server.core.entry import Entry
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import (
    BetNotFound,
    BetRolledBack,
    CorrectionShort,
    Refusal,
)
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
    before: Bet, after: Bet, wallet: Wallet, topology: Topology, *, repays_debt: bool = False
) -> Decision:
    """Posts the difference between what a bet has posted and where it is now."""
    correction = correct(before, after, wallet, topology, repays_debt=repays_debt)
    if isinstance(correction, CorrectionShort):
        return correction
    entry = Entry(wallet.ref.currency_code, correction.changes)
    if correction.substitutions != after.substitutions:
        after = replace(after, substitutions=correction.substitutions)
    return Change(APPLIED, (entry,) if entry.changes else (), after)
