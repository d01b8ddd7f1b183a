"""What is wrong with a bucket type."""

from collections.abc import Iterator

from wallet_server.core.config.policy import COUPON_SLOT
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import (
    FLAG_CONTRADICTS_CLASS,
    LOCK_CONTRADICTS_WITHDRAWABLE,
    POINTS_ASSET_REQUIRED,
    RESERVED_CODE,
    UNKNOWN_ASSET,
    UNKNOWN_GROUP,
    WALLET_CURRENCY_REQUIRED,
)
from wallet_server.core.config.topology import (
    OWN_MONEY,
    AssetKind,
    BucketClass,
    BucketType,
    LockMode,
    Topology,
    Withdrawable,
)

WITHDRAWABLE_BY_CLASS = {
    BucketClass.CASH: frozenset(Withdrawable),
    BucketClass.RESTRICTED: frozenset({Withdrawable.NEVER, Withdrawable.AFTER_ROLLING}),
    BucketClass.POINTS: frozenset({Withdrawable.NEVER}),
    BucketClass.WITHDRAWABLE: frozenset({Withdrawable.ALWAYS}),
}
"""When money of each class may leave: strings attached to it would not be strings if it
always could, and money that is free to leave always may."""


def find_bucket_problems(bucket: BucketType, topology: Topology, path: str) -> Iterator[Problem]:
    """Yields what is wrong with one bucket type."""
    if bucket.code == COUPON_SLOT:
        message = f"in an order {COUPON_SLOT} stands for coupons; choose another code"
        yield Problem(f"{path}.code", RESERVED_CODE, message)
    if bucket.wallet_group not in {group.code for group in topology.wallet_groups}:
        message = f"the topology has no wallet group {bucket.wallet_group}"
        yield Problem(f"{path}.wallet_group", UNKNOWN_GROUP, message)
    yield from asset_problems(bucket, topology, f"{path}.asset_code")
    yield from flag_problems(bucket, path)


def asset_problems(bucket: BucketType, topology: Topology, path: str) -> Iterator[Problem]:
    """Yields a problem unless points are in points and money is in the wallet's currency."""
    kinds = {asset.code: asset.kind for asset in topology.assets}
    if bucket.asset_code is not None and bucket.asset_code not in kinds:
        yield Problem(path, UNKNOWN_ASSET, f"the topology has no asset {bucket.asset_code}")
    elif bucket.bucket_class is BucketClass.POINTS:
        if kinds.get(bucket.asset_code or "") is not AssetKind.POINTS:
            yield Problem(path, POINTS_ASSET_REQUIRED, "a POINTS bucket needs an asset of POINTS")
    elif bucket.asset_code is not None:
        message = f"a {bucket.bucket_class.value} bucket holds the wallet's currency; leave it out"
        yield Problem(path, WALLET_CURRENCY_REQUIRED, message)


def flag_problems(bucket: BucketType, path: str) -> Iterator[Problem]:
    """Yields the flags that contradict the bucket's class, or each other."""
    name = bucket.bucket_class.value
    if bucket.depositable and bucket.bucket_class not in OWN_MONEY:
        message = f"deposits are the player's own money, and {name} is not"
        yield Problem(f"{path}.depositable", FLAG_CONTRADICTS_CLASS, message)
    if bucket.withdrawable not in WITHDRAWABLE_BY_CLASS[bucket.bucket_class]:
        message = f"a {name} bucket cannot be {bucket.withdrawable.value}"
        yield Problem(f"{path}.withdrawable", FLAG_CONTRADICTS_CLASS, message)
    if bucket.lock_mode is LockMode.BINARY and bucket.withdrawable is Withdrawable.ALWAYS:
        message = "what may ALWAYS be withdrawn cannot be locked"
        yield Problem(f"{path}.lock_mode", LOCK_CONTRADICTS_WITHDRAWABLE, message)
