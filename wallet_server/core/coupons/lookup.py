"""Finding the grants of a wallet."""

from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.wallet import Wallet


def find_grant(grant_id: str, wallet: Wallet) -> CouponGrant | None:
    """Returns a grant, if the wallet has it."""
    found = wallet.items.get(ItemKey(ItemKind.COUPON, grant_id))
    assert found is None or isinstance(found, CouponGrant)
    return found


def grants_in(wallet: Wallet) -> list[CouponGrant]:
    """Returns all grants that were loaded: those that are live, and those that are named."""
    return [item for item in wallet.items.values() if isinstance(item, CouponGrant)]
