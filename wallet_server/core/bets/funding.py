"""What a bet is placed under, and what pays for it."""

from datetime import datetime

from wallet_server.core.bets.bet import FundingLine
from wallet_server.core.bets.funding_plan import plan_funding
from wallet_server.core.bets.sources import sources_for
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.config.configuration import Configuration, Terms
from wallet_server.core.coupons.choice import NO_OFFERS, CouponOffers, choose_coupons
from wallet_server.core.coupons.eligibility import CouponUse
from wallet_server.core.players.bet_limits import check_stake, limits_bets
from wallet_server.core.refusals import PolicyMissing, ProviderUnmapped, Refusal
from wallet_server.core.wallet import Wallet


def find_terms(provider_id: str, configuration: Configuration) -> Terms | Refusal:
    """Returns what bets of a provider are placed under."""
    terms = configuration.terms_by_provider.get(provider_id)
    if terms is not None:
        return terms
    profile = configuration.profiles.get(provider_id)
    if profile is None:
        return ProviderUnmapped(provider_id)
    return PolicyMissing(profile.value.provider_type)


def fund(
    command: AuthorizeBet, terms: Terms, wallet: Wallet, configuration: Configuration, now: datetime
) -> tuple[FundingLine, ...] | Refusal:
    """Returns what pays for a bet. Coupons are looked for only where there may be some.

    What is wrong with the command itself comes first, and is not remembered; the player's limits
    come last, as they are about own money alone.
    """
    offers = NO_OFFERS
    if wallet.items or command.coupon_grant_id:
        offers = offers_for(command, terms, wallet, now)
        if isinstance(offers, Refusal):
            sources = sources_for(terms.policy.value.funding_mode, command.selected_source)
            return sources if isinstance(sources, Refusal) else offers
    lines = plan_funding(
        command.stake.minor_units,
        terms.policy.value,
        command.selected_source,
        wallet,
        configuration.topology.value,
        offers,
    )
    if isinstance(lines, Refusal) or not limits_bets(wallet.player, configuration):
        return lines
    return check_stake(lines, wallet, configuration, now) or lines


def offers_for(
    command: AuthorizeBet, terms: Terms, wallet: Wallet, now: datetime
) -> CouponOffers | Refusal:
    """Returns the coupons that may pay for a bet."""
    rules = terms.policy.value.coupons
    return choose_coupons(command.coupon_grant_id, use_of(command, terms, now), rules, wallet)


def use_of(command: AuthorizeBet, terms: Terms, now: datetime) -> CouponUse:
    """Returns what coupons look at in a bet."""
    return CouponUse(
        terms.snapshot.provider_type,
        command.bet.provider_id,
        command.stake.minor_units,
        command.context,
        now,
    )
