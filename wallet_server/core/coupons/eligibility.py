"""Whether a grant may pay for a bet: all its restrictions, each by a name of its own.

A restriction on something that the bet does not say fails: value is never given for what
nobody knows.
"""

from collections.abc import Iterator
from datetime import datetime

from wallet_server.core.accounts import coupon, open_stake
from wallet_server.core.bets.context import BetContext
from wallet_server.core.coupons.grant import CouponGrant, CouponRestrictions, UseMode
from wallet_server.core.value import value
from wallet_server.core.wallet import Wallet


@value
class CouponUse:
    """A bet that a coupon might pay for. `stake` is in minor units."""

    provider_type: str
    provider_id: str
    stake: int
    context: BetContext
    now: datetime


def find_restriction(grant: CouponGrant, use: CouponUse, wallet: Wallet) -> str:
    """Returns the name of the first restriction that keeps a grant from paying; empty if none.

    Whether a grant that must pay the whole stake does so is not looked at: that depends on
    what pays before it.
    """
    return next(find_restrictions(grant, use, wallet), "")


def find_restrictions(grant: CouponGrant, use: CouponUse, wallet: Wallet) -> Iterator[str]:
    """Yields the names of all restrictions that a bet does not meet."""
    yield from find_in_grant(grant, use.now, wallet)
    if use.stake == 0:
        yield "free_round"
    yield from find_in_provider(grant.terms.restrictions, use)
    yield from find_in_context(grant.terms.restrictions, use.context)
    yield from find_in_numbers(grant.terms.restrictions, use)


def find_in_grant(grant: CouponGrant, now: datetime, wallet: Wallet) -> Iterator[str]:
    """Yields what keeps a grant from paying for any bet now.

    It is usable from `valid_from` until just before `valid_until`, whether or not anybody has
    noticed that its time has passed. One for a single use pays for no other bet while one is
    open on it.
    """
    if not grant.is_live:
        yield grant.state.value.lower()
    elif now >= grant.valid_until:
        yield "expired"
    if now < grant.valid_from:
        yield "not_started"
    account = coupon(grant.grant_id)
    if grant.terms.use_mode is UseMode.SINGLE_USE_FORFEIT_REMAINDER and wallet.balance(
        open_stake(account)
    ):
        yield "in_use"
    if grant.terms.uses_max is not None and grant.uses >= grant.terms.uses_max:
        yield "max_uses"
    if wallet.balance(account) == 0:
        yield "exhausted"


def find_in_provider(restrictions: CouponRestrictions, use: CouponUse) -> Iterator[str]:
    """Yields the restrictions on who offers the bet that it does not meet."""
    if is_missing(use.provider_type, restrictions.provider_types):
        yield "provider_type"
    if is_missing(use.provider_id, restrictions.provider_ids):
        yield "provider_id"


def find_in_context(restrictions: CouponRestrictions, context: BetContext) -> Iterator[str]:
    """Yields the restrictions on what the bet is on that it does not meet."""
    if is_missing(context.game_id, restrictions.game_ids):
        yield "game"
    if is_missing(context.sport, restrictions.sports):
        yield "sport"
    if is_missing(context.competition, restrictions.competitions):
        yield "competition"
    if is_missing(context.bet_type, restrictions.bet_types):
        yield "bet_type"


def find_in_numbers(restrictions: CouponRestrictions, use: CouponUse) -> Iterator[str]:
    """Yields the bounds that the bet is out of. Bounds themselves are within."""
    context = use.context
    bounds = (
        ("legs", context.legs, restrictions.legs_min, restrictions.legs_max),
        ("odds", context.odds_milli, restrictions.odds_milli_min, restrictions.odds_milli_max),
        ("stake", use.stake, restrictions.stake_min, restrictions.stake_max),
    )
    for name, number, lowest, highest in bounds:
        if lowest is not None and (number is None or number < lowest):
            yield f"min_{name}"
        if highest is not None and (number is None or number > highest):
            yield f"max_{name}"


def is_missing(said: str, allowed: tuple[str, ...]) -> bool:
    """Tells whether something is not among what is allowed; nothing said never is."""
    return bool(allowed) and (not said or said not in allowed)
