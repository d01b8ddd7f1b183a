"""Letting a grant pay elsewhere, as a bucket that it would pay to goes."""

from collections.abc import Callable
from dataclasses import replace

from wallet_server.core.coupons.grant import CouponGrant


def repointed(grant: CouponGrant, successor_of: Callable[[str], str]) -> CouponGrant:
    """Returns a grant that pays to the successors of its buckets, with bets from now on.

    It remembers the terms that it was granted with, by which it is known again. `successor_of`
    says a bucket itself where that stays.
    """
    profit, stake = grant.terms.profit_target, grant.terms.stake_target
    terms = replace(
        grant.terms,
        profit_target=successor_of(profit),
        stake_target=None if stake is None else successor_of(stake),
    )
    if terms == grant.terms:
        return grant
    return replace(grant, terms=terms, granted_terms=grant.granted_terms or grant.terms)
