"""Coupons, until the core decides them: no more of them than due work needs."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.accounts import PROMO, coupon
from wallet_server.core.commands import ExpireCoupons, GrantCoupon
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.coupons.grant import CouponGrant, CouponState
from wallet_server.core.decision import Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.wallet import Wallet


def decide_grant_coupon(
    command: GrantCoupon, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Grants a coupon."""
    draft = Draft(wallet, configuration, now)
    amount = command.amount.minor_units
    draft.put_item(
        CouponGrant(
            grant_id=command.grant_id,
            state=CouponState.ACTIVE,
            amount=amount,
            valid_from=now,
            valid_until=command.valid_until,
            terms=command.terms,
            topology_version=1,
            sequence=draft.sequence,
            create_time=now,
        )
    )
    draft.move("EUR", PROMO, coupon(command.grant_id), amount)
    return draft.change(Outcome.APPLIED)


def decide_expire_coupons(
    command: ExpireCoupons, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Ends a coupon whose time has come."""
    draft = Draft(wallet, configuration, now)
    grant = draft.item(ItemKey(ItemKind.COUPON, command.grant_id), CouponGrant)
    if grant is None or grant.due_time is None or grant.due_time > now:
        return draft.change(Outcome.ALREADY_APPLIED)
    draft.put_item(replace(grant, state=CouponState.EXPIRED, revision=grant.revision + 1))
    account = coupon(command.grant_id)
    draft.move("EUR", account, PROMO, draft.balance(account))
    return draft.change(Outcome.APPLIED)
