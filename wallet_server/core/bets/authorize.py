"""Taking a stake."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.account_status import forbids
from wallet_server.core.amounts import check_asset
from wallet_server.core.bets.bet import Bet, BetState, FundingLine, Snapshot
from wallet_server.core.bets.funding_plan import plan_funding
from wallet_server.core.bets.settlement import position
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.config.configuration import Configuration, Versioned
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import DeclinedRetry, ProviderProfile
from wallet_server.core.decision import Change, Decision, Decline, Outcome, Replay
from wallet_server.core.entry import Entry
from wallet_server.core.refusals import (
    BetTombstoned,
    PolicyMissing,
    ProviderUnmapped,
    Refusal,
    TransactionPayloadMismatch,
)
from wallet_server.core.wallet import Wallet


def decide_authorize_bet(
    command: AuthorizeBet, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Takes the stake if the bet may still be placed and its sources can pay.

    A bet that is declined is remembered under its reference, as one that is placed.
    """
    if mismatch := check_asset("stake", command.stake, wallet.ref.currency_code):
        return mismatch
    known = wallet.bets.get(command.bet)
    if known is not None:
        again = answer_again(command, known)
        if isinstance(again, Refusal) or not is_new_attempt(known, configuration):
            return again

    refusal = forbids(command, wallet.status, configuration.wallet_policy.value)
    terms = refusal or find_terms(command.bet.provider_id, configuration)
    lines = terms if isinstance(terms, Refusal) else fund(command, terms, wallet, configuration)
    bet = Bet(
        key=command.bet,
        state=BetState.DECLINED,
        sequence=wallet.sequence + 1,
        create_time=now,
        round_ref=command.round_ref,
        selected_source=command.selected_source,
        stake=command.stake.minor_units,
    )
    if isinstance(lines, Refusal):
        return Decline(lines, replace(bet, refusal=lines)) if lines.recorded else lines

    assert not isinstance(terms, Refusal)
    snapshot = take_snapshot(terms, configuration)
    placed = replace(bet, state=BetState.AUTHORIZED, lines=lines, snapshot=snapshot)
    entry = Entry(wallet.ref.currency_code, position(placed))
    return Change(Outcome.APPLIED, (entry,), bet=placed)


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
    }
    for field, is_same in same.items():
        if not is_same:
            return TransactionPayloadMismatch(command.bet.bet_ref, field)
    if known.refusal is not None:
        return Replay(known.sequence, refusal=known.refusal)
    return Replay(known.sequence, bet=known.as_authorized())


Terms = tuple[Versioned[ProviderProfile], Versioned[Policy]]


def find_terms(provider_id: str, configuration: Configuration) -> Terms | Refusal:
    """Returns the profile of a provider and the policy of its type."""
    profile = configuration.profiles.get(provider_id)
    if profile is None:
        return ProviderUnmapped(provider_id)
    policy = configuration.policies.get(profile.value.provider_type)
    if policy is None:
        return PolicyMissing(profile.value.provider_type)
    return profile, policy


def fund(
    command: AuthorizeBet, terms: Terms, wallet: Wallet, configuration: Configuration
) -> tuple[FundingLine, ...] | Refusal:
    """Returns what each source pays, with where its part of a payout will go."""
    policy = terms[1].value
    payments = plan_funding(
        command.stake.minor_units,
        policy,
        command.selected_source,
        wallet,
        configuration.topology.value,
    )
    if isinstance(payments, Refusal):
        return payments
    return tuple(
        FundingLine(payment.source, payment.amount, policy.destinations_by_source[payment.source])
        for payment in payments
    )


def take_snapshot(terms: Terms, configuration: Configuration) -> Snapshot:
    """Returns the rules that a bet placed now settles by for ever."""
    profile, policy = terms
    return Snapshot(
        topology_version=configuration.topology.version,
        wallet_policy_version=configuration.wallet_policy.version,
        policy_version=policy.version,
        profile_version=profile.version,
        provider_type=profile.value.provider_type,
        payout_basis=profile.value.payout_basis,
        rollback_after_settle=profile.value.rollback_after_settle,
        correction_shortfall=profile.value.correction_shortfall,
        recovery_scope=configuration.wallet_policy.value.recovery_scope,
        recovery_order=configuration.topology.value.recovery_order,
    )
