"""Taking a stake."""

from datetime import datetime

from wallet_server.core.amounts import check_asset
from wallet_server.core.bets.bet import AUTHORIZED, Bet, BetState, FundingLine
from wallet_server.core.bets.follow_up import take_bet
from wallet_server.core.bets.funding import find_terms, fund
from wallet_server.core.bets.settlement import moves_of_stake
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.provider_profile import DeclinedRetry
from wallet_server.core.config.snapshot import Snapshot
from wallet_server.core.decision import (
    APPLIED,
    Change,
    Decision,
    Decline,
    Replay,
    with_item,
)
from wallet_server.core.draft import Draft
from wallet_server.core.entry import Entry, net
from wallet_server.core.players.bet_limits import limits_bets
from wallet_server.core.players.status_rules import forbids_bet
from wallet_server.core.refusals import (
    BetTombstoned,
    Refusal,
    StakeRequired,
    TransactionPayloadMismatch,
)
from wallet_server.core.rounds.membership import join_as_bet
from wallet_server.core.wallet import Wallet

FIRST_REVISION = 1


def decide_authorize_bet(
    command: AuthorizeBet, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Takes the stake if the bet may still be placed and its sources can pay.

    A bet that is declined is remembered under its reference, as one that is placed.
    """
    if mismatch := check_asset("stake", command.stake, wallet.ref.currency_code):
        return mismatch
    if command.stake.minor_units == 0 and not command.free_round:
        return StakeRequired()
    if command.bet in wallet.wins:
        return TransactionPayloadMismatch(command.bet.bet_ref, "kind")
    known = wallet.bets.get(command.bet)
    if known is not None:
        again = answer_again(command, known)
        if isinstance(again, Refusal) or not is_new_attempt(known, configuration):
            return again

    refusal = forbids_bet(command, wallet, configuration.wallet_policy.value)
    terms = refusal or find_terms(command.bet.provider_id, configuration)
    if isinstance(terms, Refusal):
        return decline(command, terms, wallet, now)
    joined = None
    if command.round_ref:
        joined = join_as_bet(command.bet, command.round_ref, wallet, configuration, now)
    if isinstance(joined, Refusal):
        return decline(command, joined, wallet, now)
    lines = fund(command, terms, wallet, configuration, now)
    if isinstance(lines, Refusal):
        return decline(command, lines, wallet, now)
    change = place(command, lines, terms.snapshot, wallet, configuration, now)
    return change if joined is None else with_item(change, joined)


def place(
    command: AuthorizeBet,
    lines: tuple[FundingLine, ...],
    snapshot: Snapshot,
    wallet: Wallet,
    configuration: Configuration,
    now: datetime,
) -> Change:
    """Places a bet: its sources pay the stake."""
    bet = Bet(
        command.bet,
        AUTHORIZED,
        wallet.sequence + 1,
        now,
        FIRST_REVISION,
        command.round_ref,
        command.selected_source,
        command.stake.minor_units,
        lines,
        snapshot,
        (),
        {},
        (),
        None,
        command.coupon_grant_id,
        command.free_round,
        command.context,
        (),
        {},
        {},
    )
    changes = net(moves_of_stake(bet))
    if limits_bets(wallet.player, configuration) or (
        wallet.items and any(line.coupon is not None for line in lines)
    ):
        draft = Draft(wallet, configuration, now)
        draft.post(draft.currency, changes, bet.key)
        return draft.change(APPLIED, bet=take_bet(draft, None, bet))
    entry = Entry(wallet.ref.currency_code, changes)
    return Change(APPLIED, (entry,) if changes else (), bet)


def decline(command: AuthorizeBet, refusal: Refusal, wallet: Wallet, now: datetime) -> Decision:
    """Refuses a bet; where that is for ever, the bet is remembered with its refusal."""
    if not refusal.recorded:
        return refusal
    bet = Bet(
        key=command.bet,
        state=BetState.DECLINED,
        sequence=wallet.sequence + 1,
        create_time=now,
        round_ref=command.round_ref,
        selected_source=command.selected_source,
        stake=command.stake.minor_units,
        refusal=refusal,
        coupon_grant_id=command.coupon_grant_id,
        free_round=command.free_round,
        context=command.context,
    )
    return Decline(refusal, bet)


def is_new_attempt(known: Bet, configuration: Configuration) -> bool:
    """Tells whether a bet that was declined may be tried again under its reference."""
    profile = configuration.profiles.get(known.key.provider_id)
    return (
        known.state is BetState.DECLINED
        and not known.is_final
        and profile is not None
        and profile.value.declined_retry is DeclinedRetry.NEW_ATTEMPT
    )


def answer_again(command: AuthorizeBet, known: Bet) -> Decision:
    """Answers a reference that is known: as the first time, if it says the same."""
    if known.state is BetState.TOMBSTONED:
        return BetTombstoned(command.bet.bet_ref)
    same = {
        "amount": command.stake.minor_units == known.stake,
        "round_ref": command.round_ref == known.round_ref,
        "selected_source": command.selected_source == known.selected_source,
        "coupon_grant_id": command.coupon_grant_id == known.coupon_grant_id,
        "free_round": command.free_round == known.free_round,
        "context": command.context == known.context,
    }
    for field, is_same in same.items():
        if not is_same:
            return TransactionPayloadMismatch(command.bet.bet_ref, field)
    if known.refusal is not None:
        return Replay(known.sequence, refusal=known.refusal)
    return Replay(known.sequence, bet=known.as_authorized())
