"""The events of promotions and coupons."""

from collections.abc import Iterator, Mapping

from wallet_server.core.accounts import Account, coupon, open_stake
from wallet_server.core.coupons.grant import CouponGrant, CouponState
from wallet_server.core.events.event import Done, EventType
from wallet_server.core.events.item_payloads import CouponChanged, PromotionChanged
from wallet_server.core.promotions.promotion import Promotion, PromotionState

COUPON_TYPES: Mapping[CouponState, EventType] = {
    CouponState.EXHAUSTED: EventType.COUPON_EXHAUSTED,
    CouponState.EXPIRED: EventType.COUPON_EXPIRED,
    CouponState.REVOKED: EventType.COUPON_REVOKED,
    CouponState.FORFEITED: EventType.COUPON_FORFEITED,
}


def coupon_events(
    before: CouponGrant | None, grant: CouponGrant, balances: Mapping[Account, int]
) -> Iterator[Done]:
    """Yields what has happened to a grant. That a bet uses it again is told with the bet."""
    event_type = coupon_type(before, grant)
    if event_type is not None:
        account = coupon(grant.grant_id)
        yield (
            event_type,
            CouponChanged(
                grant,
                before.state.value if before is not None else "",
                balances.get(account, 0),
                balances.get(open_stake(account), 0),
            ),
        )


def coupon_type(before: CouponGrant | None, grant: CouponGrant) -> EventType | None:
    """Returns what has happened to a grant, if anything has that is told."""
    if before is None:
        return EventType.COUPON_GRANTED
    if before.state is not grant.state:
        if grant.state in COUPON_TYPES:
            return COUPON_TYPES[grant.state]
        first = before.state is CouponState.ISSUED
        return EventType.COUPON_ACTIVATED if first else EventType.COUPON_REOPENED
    is_same = (before.terms, before.valid_until) == (grant.terms, grant.valid_until)
    return None if is_same else EventType.COUPON_CHANGED


def promotion_events(before: Promotion | None, promotion: Promotion) -> Iterator[Done]:
    """Yields what has happened to a promotion."""
    if before is None:
        is_tombstone = promotion.state is PromotionState.TOMBSTONED
        event_type = (
            EventType.PROMOTION_TOMBSTONED if is_tombstone else EventType.PROMOTION_CREDITED
        )
        yield event_type, PromotionChanged(promotion)
        return
    taken = (promotion.state, promotion.reversed, promotion.unrecovered)
    if taken != (before.state, before.reversed, before.unrecovered):
        reversed_now = promotion.reversed - before.reversed
        changed = PromotionChanged(promotion, before.state.value, reversed_now)
        yield EventType.PROMOTION_REVERSED, changed
