"""Taking a grant back: what is left of it now, and what open bets return to it later."""

from dataclasses import replace

from wallet_server.core.accounts import PROMO, coupon
from wallet_server.core.coupons.grant import CouponGrant, CouponState
from wallet_server.core.draft import Draft

OVER_FOR_EVER = frozenset({CouponState.REVOKED, CouponState.FORFEITED})
"""The states that a grant never leaves. Whatever comes back to it is the house's."""


def revoke_grant(draft: Draft, grant: CouponGrant, state: CouponState) -> int:
    """Ends a grant, REVOKED or FORFEITED, and takes back what is left of it.

    What open bets hold of it stays theirs and settles by their terms. Returns what was taken
    back, in minor units. A grant that is ended so already is as it was, and gives nothing.
    """
    assert state in OVER_FOR_EVER
    if grant.state in OVER_FOR_EVER:
        return 0
    left = draft.balance(coupon(grant.grant_id))
    return end_grant(draft, replace(grant, taken_back=left), state)


def end_grant(draft: Draft, grant: CouponGrant, state: CouponState) -> int:
    """Puts a grant into a state in which it holds nothing. Returns what was taken back."""
    draft.put_item(replace(grant, state=state, revision=grant.revision + 1))
    return take_back_all(draft, grant)


def take_back_all(draft: Draft, grant: CouponGrant, *, but: int = 0) -> int:
    """Gives the house what a grant holds, but for so much. Returns how much that was."""
    account = coupon(grant.grant_id)
    taken = draft.balance(account) - but
    draft.move(draft.currency, account, PROMO, taken)
    return taken
