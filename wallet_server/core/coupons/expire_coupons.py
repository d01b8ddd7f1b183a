"""Ending coupons whose time has passed."""

from datetime import datetime

from wallet_server.core.commands import ExpireCoupons
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.coupons.grant import CouponGrant, CouponState
from wallet_server.core.coupons.lookup import find_grant
from wallet_server.core.coupons.revoking import end_grant
from wallet_server.core.decision import APPLIED, Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import CouponNotFound
from wallet_server.core.results import ExpiryResult
from wallet_server.core.wallet import Wallet


def decide_expire_coupons(
    command: ExpireCoupons, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Ends the grants whose time has passed, or the one that is named if its has.

    What bets hold of them stays theirs.
    """
    if command.grant_id and find_grant(command.grant_id, wallet) is None:
        return CouponNotFound(command.grant_id)
    draft = Draft(wallet, configuration, now)
    due = [
        grant
        for grant in draft.items_of(CouponGrant)
        if grant.is_live and now >= grant.valid_until and command.grant_id in {"", grant.grant_id}
    ]
    taken = sum(end_grant(draft, grant, CouponState.EXPIRED) for grant in due)
    outcome = APPLIED if due else Outcome.ALREADY_APPLIED
    return draft.change(outcome, result=ExpiryResult(len(due), taken))
