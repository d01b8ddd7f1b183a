"""Explains how a bet would be funded: the same functions that place it, without it."""

from datetime import datetime

from wallet_server.core.bets.authorize import decide_authorize_bet, find_terms
from wallet_server.core.bets.explanation import ConsideredSource, FundingExplanation
from wallet_server.core.bets.sources import available, sources_for
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Change, Decision, Decline
from wallet_server.core.refusals import Refusal
from wallet_server.core.wallet import Wallet

UNPLACED = ""
"""The reference of a bet that is only asked about: none that a provider can send."""


def explain_funding(
    bet: AuthorizeBet, wallet: Wallet, configuration: Configuration, now: datetime
) -> FundingExplanation:
    """Returns what each source would pay of a stake, or why the bet would be refused.

    Its reference must be `UNPLACED`.
    """
    assert bet.bet.bet_ref == UNPLACED
    decision = decide_authorize_bet(bet, wallet, configuration, now)
    placed = decision.bet if isinstance(decision, Change) else None

    provider_id = bet.bet.provider_id
    terms = find_terms(provider_id, configuration)
    if isinstance(terms, Refusal):
        return FundingExplanation(wallet.sequence, refusal=refusal_of(decision))
    return FundingExplanation(
        wallet.sequence,
        provider_type=terms.snapshot.provider_type,
        snapshot=terms.snapshot,
        lines=placed.lines if placed else (),
        considered=considered_sources(wallet, bet.selected_source, configuration, provider_id),
        refusal=refusal_of(decision),
    )


def refusal_of(decision: Decision) -> Refusal | None:
    """Returns the refusal in a decision, if it is one."""
    if isinstance(decision, Decline):
        return decision.refusal
    return decision if isinstance(decision, Refusal) else None


def considered_sources(
    wallet: Wallet, selected_source: str, configuration: Configuration, provider_id: str
) -> tuple[ConsideredSource, ...]:
    """Returns the sources that may pay, in order, with what they could."""
    terms = find_terms(provider_id, configuration)
    assert not isinstance(terms, Refusal)
    sources = sources_for(terms.policy.value.funding_mode, selected_source)
    if isinstance(sources, Refusal):
        return ()
    topology = configuration.topology.value
    return tuple(
        ConsideredSource(each.source, available(each.source, wallet, topology)) for each in sources
    )
