"""Coupons until they are decided."""

from dataclasses import replace

from wallet_server.core.accounts import PROMO, coupon
from wallet_server.core.coupons.grant import CouponGrant, CouponState
from wallet_server.core.decision import Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.item_key import ItemKey, ItemKind


def decide_grant_coupon(command, wallet, configuration, now):
    draft = Draft(wallet, configuration, now)
    draft.put_item(
        CouponGrant(
            command.grant_id,
            CouponState.ACTIVE,
            command.amount.minor_units,
            now,
            command.valid_until,
            command.terms,
            1,
            draft.sequence,
            now,
        )
    )
    draft.move("EUR", PROMO, coupon(command.grant_id), command.amount.minor_units)
    return draft.change(Outcome.APPLIED)


def decide_expire_coupons(command, wallet, configuration, now):
    draft = Draft(wallet, configuration, now)
    grant = draft.item(ItemKey(ItemKind.COUPON, command.grant_id), CouponGrant)
    if grant is None or grant.due_time is None or grant.due_time > now:
        return draft.change(Outcome.ALREADY_APPLIED)
    draft.put_item(replace(grant, state=CouponState.EXPIRED, revision=grant.revision + 1))
    account = coupon(command.grant_id)
    draft.move("EUR", account, PROMO, draft.balance(account))
    return draft.change(Outcome.APPLIED)
