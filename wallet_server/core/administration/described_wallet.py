"""A wallet that nobody has, as somebody describes it to try a policy with."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from wallet_server.core.accounts import Account, bucket, coupon
from wallet_server.core.amounts import check_asset
from wallet_server.core.commands import Amount, GrantCoupon
from wallet_server.core.config.topology import Topology
from wallet_server.core.coupons.grant import CouponGrant, CouponState
from wallet_server.core.coupons.terms_check import check_destinations
from wallet_server.core.ids import WalletRef
from wallet_server.core.items import Item, ItemKey
from wallet_server.core.refusals import BucketUnknownInTopology, CurrencyNotSupported, Refusal
from wallet_server.core.value import value
from wallet_server.core.wallet import Wallet

NO_PLAYER = ""


@value
class WalletDescription:
    """What a wallet would have: balances by the buckets' codes, coupons as they would be granted.

    What is `frozen` of its buckets pays nothing.
    """

    currency_code: str
    balances: Mapping[str, Amount]
    coupons: Sequence[GrantCoupon] = ()
    frozen: frozenset[str] = frozenset()


def describe_wallet(
    tenant_id: str, description: WalletDescription, topology: Topology, now: datetime
) -> Wallet | Refusal:
    """Returns the wallet of a description, or what in it the topology has no place for."""
    currency = description.currency_code
    if currency not in topology.currencies:
        return CurrencyNotSupported(currency)
    balances: dict[Account, int] = {}
    for code, amount in description.balances.items():
        found = topology.bucket_by_code.get(code)
        if found is None:
            return BucketUnknownInTopology(code)
        if mismatch := check_asset(f"balances.{code}", amount, found.asset_in(currency)):
            return mismatch
        balances[bucket(code)] = amount.minor_units
    items: dict[ItemKey, Item] = {}
    for each in description.coupons:
        refusal = check_asset(f"coupons.{each.grant_id}", each.amount, currency)
        refusal = refusal or check_destinations(each, currency, topology)
        if refusal is not None:
            return refusal
        grant = grant_of_description(each, now)
        items[grant.key] = grant
        balances[coupon(each.grant_id)] = each.amount.minor_units
    return Wallet(
        ref=WalletRef(tenant_id, NO_PLAYER, currency),
        sequence=1,
        create_time=now,
        update_time=now,
        balances=balances,
        frozen_buckets=description.frozen,
        items=items,
    )


def grant_of_description(command: GrantCoupon, now: datetime) -> CouponGrant:
    """Returns a grant as it would be, that no bet has used yet."""
    return CouponGrant(
        grant_id=command.grant_id,
        state=CouponState.ACTIVE,
        amount=command.amount.minor_units,
        valid_from=command.valid_from or now,
        valid_until=command.valid_until,
        terms=command.terms,
        topology_version=0,
        sequence=1,
        create_time=now,
    )
