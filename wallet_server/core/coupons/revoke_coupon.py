"""Taking coupons back."""

from datetime import datetime

from wallet_server.core.commands import RevokeCoupon
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.coupons.grant import CouponState
from wallet_server.core.coupons.lookup import find_grant
from wallet_server.core.coupons.revoking import OVER_FOR_EVER, revoke_grant
from wallet_server.core.decision import APPLIED, Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import CouponNotFound
from wallet_server.core.results import CouponResult
from wallet_server.core.wallet import Wallet


def decide_revoke_coupon(
    command: RevokeCoupon, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Ends a grant for ever, and takes back what is left of it.

    One that is used up or expired too, so that no rollback revives it. One that is ended so
    already stays as it was ended.
    """
    grant = find_grant(command.grant_id, wallet)
    if grant is None:
        return CouponNotFound(command.grant_id)
    draft = Draft(wallet, configuration, now)
    if grant.state in OVER_FOR_EVER:
        known = CouponResult(grant.grant_id, grant.state.value)
        return draft.change(Outcome.ALREADY_APPLIED, result=known)
    state = CouponState.FORFEITED if command.forfeit else CouponState.REVOKED
    taken = revoke_grant(draft, grant, state)
    return draft.change(APPLIED, result=CouponResult(grant.grant_id, state.value, taken))
