"""Which grants may pay for a bet, and in which order."""

from datetime import datetime

from wallet_server.core.accounts import Account, coupon
from wallet_server.core.config.policy import CouponRules
from wallet_server.core.coupons.eligibility import CouponUse, find_restriction
from wallet_server.core.coupons.grant import CouponGrant, UseMode
from wallet_server.core.coupons.lookup import find_grant, grants_in
from wallet_server.core.refusals import CouponNotEligible, CouponNotFound
from wallet_server.core.value import value
from wallet_server.core.wallet import Wallet


@value
class CouponOffer:
    """A grant that may pay for a bet, with all that it has left, which is never nothing."""

    grant: CouponGrant
    available: int

    @property
    def source(self) -> Account:
        """What it is called as a source of funds."""
        return coupon(self.grant.grant_id)

    @property
    def pays_all_or_nothing(self) -> bool:
        """Whether it only pays what it can cover by itself."""
        return self.grant.terms.use_mode is UseMode.REQUIRE_FULL


@value
class CouponOffers:
    """The grants that may pay for a bet: the one that was named, and others, first to last.

    `limit` is how many may pay together.
    """

    named: CouponOffer | None = None
    others: tuple[CouponOffer, ...] = ()
    limit: int = 0


NO_OFFERS = CouponOffers()


def choose_coupons(
    grant_id: str, use: CouponUse, rules: CouponRules, wallet: Wallet
) -> CouponOffers | CouponNotFound | CouponNotEligible:
    """Returns the grants that may pay for a bet. A named one, if any, must be one of them.

    Of others the one that expires first comes first, then the one with the least left, then
    the first by its id.
    """
    named = None
    if grant_id:
        named = offer_named(grant_id, use, rules, wallet)
        if isinstance(named, CouponNotFound | CouponNotEligible):
            return named
    others = [
        CouponOffer(grant, wallet.balance(coupon(grant.grant_id)))
        for grant in sorted(grants_in(wallet), key=lambda each: rank(each, wallet))
        if grant.grant_id != grant_id and not find_restriction(grant, use, wallet)
    ]
    if named is None and not others:
        return NO_OFFERS
    return CouponOffers(named, tuple(others), rules.per_bet_max)


def rank(grant: CouponGrant, wallet: Wallet) -> tuple[datetime, int, str]:
    """Returns what decides which of two grants pays first."""
    return grant.valid_until, wallet.balance(coupon(grant.grant_id)), grant.grant_id


def offer_named(
    grant_id: str, use: CouponUse, rules: CouponRules, wallet: Wallet
) -> CouponOffer | CouponNotFound | CouponNotEligible:
    """Returns the grant that a caller named, or why it may not pay."""
    grant = find_grant(grant_id, wallet)
    if grant is None:
        return CouponNotFound(grant_id)
    if rules.per_bet_max == 0:
        return CouponNotEligible(grant_id, "policy")
    if restriction := find_restriction(grant, use, wallet):
        return CouponNotEligible(grant_id, restriction)
    offer = CouponOffer(grant, wallet.balance(coupon(grant_id)))
    if offer.pays_all_or_nothing and offer.available < use.stake:
        return CouponNotEligible(grant_id, "require_full")
    return offer
