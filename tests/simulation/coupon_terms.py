"""Which coupon may pay for a bet: worked out again from the terms."""

from datetime import datetime

from wallet_server.core.bets.context import BetContext
from wallet_server.core.coupons.grant import CouponGrant


def may_pay(
    grant: CouponGrant,
    provider: tuple[str, str],
    context: BetContext,
    stake: int,
    now: datetime,
) -> bool:
    """I26: tells whether a grant's time and restrictions allow a bet. What is not said fails.

    `provider` is its type and its id.
    """
    if not grant.valid_from <= now < grant.valid_until:
        return False
    terms = grant.terms.restrictions
    texts = (
        (terms.provider_types, provider[0]),
        (terms.provider_ids, provider[1]),
        (terms.game_ids, context.game_id),
        (terms.sports, context.sport),
        (terms.competitions, context.competition),
        (terms.bet_types, context.bet_type),
    )
    if any(allowed and said not in allowed for allowed, said in texts):
        return False
    numbers = (
        (terms.legs_min, terms.legs_max, context.legs),
        (terms.odds_milli_min, terms.odds_milli_max, context.odds_milli),
        (terms.stake_min, terms.stake_max, stake),
    )
    return all(is_within(low, high, said) for low, high, said in numbers)


def is_within(low: int | None, high: int | None, said: int | None) -> bool:
    if low is None and high is None:
        return True
    if said is None:
        return False
    return (low is None or low <= said) and (high is None or said <= high)


def rank(grant: CouponGrant, remaining: int) -> tuple[datetime, int, str]:
    """What decides between coupons: the earliest expiry, the least left, the name."""
    return grant.valid_until, remaining, grant.grant_id
