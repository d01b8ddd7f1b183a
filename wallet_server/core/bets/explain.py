"""Explains how a bet would be funded: the same functions that place it, without it."""

from datetime import datetime

from wallet_server.core.accounts import coupon
from wallet_server.core.bets.authorize import decide_authorize_bet, find_terms, use_of
from wallet_server.core.bets.explanation import ConsideredSource, FundingExplanation
from wallet_server.core.bets.sources import available, sources_for
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.config.configuration import Configuration, Terms
from wallet_server.core.config.policy import COUPON_SLOT
from wallet_server.core.coupons.choice import rank
from wallet_server.core.coupons.eligibility import CouponUse, find_restriction
from wallet_server.core.coupons.lookup import grants_in
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

    topology = configuration.topology.value
    terms = find_terms(bet.bet.provider_id, configuration)
    if isinstance(terms, Refusal):
        return FundingExplanation(wallet.sequence, refusal=refusal_of(decision))
    return FundingExplanation(
        wallet.sequence,
        provider_type=terms.snapshot.provider_type,
        snapshot=terms.snapshot,
        lines=placed.lines if placed else (),
        considered=considered_sources(bet, terms, wallet, configuration, now),
        refusal=refusal_of(decision),
    )


def refusal_of(decision: Decision) -> Refusal | None:
    """Returns the refusal in a decision, if it is one."""
    if isinstance(decision, Decline):
        return decision.refusal
    return decision if isinstance(decision, Refusal) else None


def considered_sources(
    bet: AuthorizeBet, terms: Terms, wallet: Wallet, topology: Topology, now: datetime
) -> Iterator[ConsideredSource]:
    """Yields the sources that may pay, in order, with what they could; coupons by name.

    A coupon that was named and may not pay is none of them.
    """
    sources = sources_for(terms.policy.value.funding_mode, bet.selected_source)
    if isinstance(sources, Refusal):
        return
    found = offers_for(bet, terms, wallet, now)
    offers = NO_OFFERS if isinstance(found, Refusal) else found
    if offers.named is not None:
        yield ConsideredSource(offers.named.source, offers.named.available)
    for each in sources:
        if each.source == COUPON_SLOT:
            yield from (ConsideredSource(offer.source, offer.available) for offer in offers.others)
        else:
            yield ConsideredSource(each.source, available(each.source, wallet, topology))
