"""Explains how a bet would be funded: the same functions that place it, without it."""

from datetime import datetime

from wallet_server.core.accounts import coupon
from wallet_server.core.bets.authorize import decide_authorize_bet
from wallet_server.core.bets.explanation import ConsideredSource, FundingExplanation
from wallet_server.core.bets.funding import find_terms, use_of
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

    provider_id = bet.bet.provider_id
    terms = find_terms(provider_id, configuration)
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
    command: AuthorizeBet, terms: Terms, wallet: Wallet, configuration: Configuration, now: datetime
) -> tuple[ConsideredSource, ...]:
    """Returns the sources that may pay, in order, with what they could.

    Coupons stand at their place, and the named one first. Those that may not pay say why.
    """
    sources = sources_for(terms.policy.value.funding_mode, command.selected_source)
    if isinstance(sources, Refusal):
        return ()
    use = use_of(command, terms, now)
    topology = configuration.topology.value
    named, others = considered_coupons(command.coupon_grant_id, use, wallet)
    considered = list(named)
    for each in sources:
        if each.source == COUPON_SLOT:
            considered += others
        else:
            amount = available(each.source, wallet, topology)
            considered.append(ConsideredSource(each.source, amount))
    return tuple(considered)


def considered_coupons(
    grant_id: str, use: CouponUse, wallet: Wallet
) -> tuple[list[ConsideredSource], list[ConsideredSource]]:
    """Returns the named coupon, and the other live ones in the order in which they would pay."""
    named: list[ConsideredSource] = []
    others: list[ConsideredSource] = []
    for grant in sorted(grants_in(wallet), key=lambda each: rank(each, wallet)):
        if grant.grant_id != grant_id and not grant.is_live:
            continue
        account = coupon(grant.grant_id)
        restriction = find_restriction(grant, use, wallet)
        amount = 0 if restriction else wallet.balance(account)
        considered = ConsideredSource(account, amount, restriction)
        (named if grant.grant_id == grant_id else others).append(considered)
    return named, others
