"""Granting coupons."""

from datetime import datetime

from wallet_server.core.accounts import PROMO, coupon
from wallet_server.core.amounts import check_asset
from wallet_server.core.commands import GrantCoupon
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.jurisdictions import check_products
from wallet_server.core.coupons.grant import CouponGrant, CouponState
from wallet_server.core.coupons.lookup import find_grant
from wallet_server.core.coupons.terms_check import check_destinations, check_terms
from wallet_server.core.decision import APPLIED, Decision, Replay
from wallet_server.core.draft import Draft
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.items import LIVE_ITEMS_MAX
from wallet_server.core.players.status_rules import forbids
from wallet_server.core.promotions.promotion import Promotion, PromotionState
from wallet_server.core.promotions.reach import reach_of_coupon
from wallet_server.core.refusals import (
    ItemLimit,
    PromotionTombstoned,
    Refusal,
    TransactionPayloadMismatch,
)
from wallet_server.core.results import CouponResult
from wallet_server.core.wallet import Wallet


def decide_grant_coupon(
    command: GrantCoupon, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Grants a coupon that may pay for bets from its time on, at once if it names none."""
    currency = wallet.ref.currency_code
    if mismatch := check_asset("amount", command.amount, currency):
        return mismatch
    known = find_grant(command.grant_id, wallet)
    if known is not None:
        return answer_again(command, known)
    reach = reach_of_coupon(command.terms.restrictions, configuration)
    refusal = (
        check_name(command.grant_id, wallet)
        or forbids(command, wallet.status, configuration.wallet_policy.value)
        or check_terms(command, now)
        or check_destinations(command, currency, configuration.topology.value)
        or check_products(command.qualifying_provider_types, reach, configuration)
        or check_live_items(wallet)
    )
    if refusal is not None:
        return refusal

    draft = Draft(wallet, configuration, now)
    grant = make_grant(command, draft)
    draft.put_item(grant)
    draft.move(currency, PROMO, coupon(grant.grant_id), grant.amount)
    return draft.change(APPLIED, result=CouponResult(grant.grant_id, grant.state.value))


def answer_again(command: GrantCoupon, known: CouponGrant) -> Decision:
    """Answers a grant that is known: as the first time, if it says the same."""
    same = {
        "amount": command.amount.minor_units == known.amount,
        "valid_from": (command.valid_from or known.create_time) == known.valid_from,
        "valid_until": command.valid_until == (known.granted_until or known.valid_until),
        "terms": command.terms == (known.granted_terms or known.terms),
        "qualifying_provider_types": (
            command.qualifying_provider_types == known.qualifying_provider_types
        ),
    }
    for field, is_same in same.items():
        if not is_same:
            return TransactionPayloadMismatch(command.grant_id, field)
    return Replay(known.sequence)


def check_name(grant_id: str, wallet: Wallet) -> Refusal | None:
    """Refuses a name that a promotion has: a saga reverses either by the one name."""
    found = wallet.items.get(ItemKey(ItemKind.PROMOTION, grant_id))
    if found is None:
        return None
    assert isinstance(found, Promotion)
    if found.state is PromotionState.TOMBSTONED:
        return PromotionTombstoned(grant_id)
    return TransactionPayloadMismatch(grant_id, "kind")


def check_live_items(wallet: Wallet) -> ItemLimit | None:
    """Refuses one more live item than a wallet may have."""
    live_count = sum(item.is_live for item in wallet.items.values())
    return ItemLimit(LIVE_ITEMS_MAX) if live_count >= LIVE_ITEMS_MAX else None


def make_grant(command: GrantCoupon, draft: Draft) -> CouponGrant:
    """Returns the grant: ISSUED before its time, ACTIVE from then on."""
    valid_from = command.valid_from or draft.now
    return CouponGrant(
        grant_id=command.grant_id,
        state=CouponState.ISSUED if valid_from > draft.now else CouponState.ACTIVE,
        amount=command.amount.minor_units,
        valid_from=valid_from,
        valid_until=command.valid_until,
        terms=command.terms,
        topology_version=draft.configuration.topology.version,
        sequence=draft.sequence,
        create_time=draft.now,
        qualifying_provider_types=command.qualifying_provider_types,
    )
