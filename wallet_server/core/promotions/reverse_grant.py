"""Taking a promotion back whose value is a coupon."""

from wallet_server.core.accounts import coupon
from wallet_server.core.coupons.grant import CouponGrant, CouponState
from wallet_server.core.coupons.revoking import revoke_grant
from wallet_server.core.decision import APPLIED, Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.promotions.promotion import ReversalMode
from wallet_server.core.refusals import PromotionValueSpent
from wallet_server.core.results import CouponResult

OVER = frozenset({CouponState.REVOKED, CouponState.FORFEITED})


def reverse_grant(mode: ReversalMode, grant: CouponGrant, draft: Draft) -> Decision:
    """Revokes a grant, with what is left of it; what bets still hold follows when it returns.

    What was played is never debt: a coupon's value was not the player's. One that is used up
    or expired is revoked too, so that no rollback revives it.
    """
    if grant.state in OVER:
        return draft.change(Outcome.ALREADY_APPLIED, result=result_of(grant))
    available = draft.balance(coupon(grant.grant_id))
    if mode is ReversalMode.STRICT and available < grant.amount:
        return PromotionValueSpent(available=available, requested=grant.amount)
    revoke_grant(draft, grant, CouponState.REVOKED)
    revoked = draft.item(grant.key, CouponGrant)
    assert revoked is not None
    return draft.change(APPLIED, result=result_of(revoked))


def result_of(grant: CouponGrant) -> CouponResult:
    """Returns what answers say of a grant that was taken back."""
    return CouponResult(
        grant.grant_id,
        grant.state.value,
        taken_back=grant.taken_back,
        unrecovered=grant.amount - grant.taken_back,
    )
