"""Topology versions."""

from wallet.v1 import topology_pb2 as pb
from wallet_server.core.config.configuration import StoredVersion
from wallet_server.core.config.topology import (
    AssetKind,
    BucketClass,
    BucketStatus,
    BucketType,
    LockMode,
    RollingInheritance,
    Topology,
    TransferEdge,
    Withdrawable,
)
from wallet_server.rpc.encode.values import numbers
from wallet_server.rpc.encode.versions import fill_life

ASSET_KINDS = numbers(AssetKind, pb.AssetKind, prefix="ASSET_KIND")
BUCKET_CLASSES = numbers(BucketClass, pb.BucketClass, prefix="BUCKET_CLASS")
BUCKET_STATUSES = numbers(BucketStatus, pb.BucketStatus, prefix="BUCKET_STATUS")
WITHDRAWABLES = numbers(Withdrawable, pb.Withdrawable, prefix="WITHDRAWABLE")
LOCK_MODES = numbers(LockMode, pb.LockMode, prefix="LOCK_MODE")
INHERITANCES = numbers(RollingInheritance, pb.RollingInheritance, prefix="ROLLING_INHERITANCE")


def encode_topology(stored: StoredVersion[Topology]) -> pb.Topology:
    """Encodes a topology version."""
    topology = stored.value
    message = pb.Topology(
        name=topology.name,
        assets=[
            pb.Asset(code=asset.code, exponent=asset.exponent, kind=ASSET_KINDS[asset.kind])
            for asset in topology.assets
        ],
        wallet_groups=[
            pb.WalletGroup(code=group.code, display_name=group.display_name)
            for group in topology.wallet_groups
        ],
        buckets=[encode_bucket_type(bucket) for bucket in topology.buckets],
        transfer_edges=[encode_transfer_edge(edge) for edge in topology.transfer_edges],
        recovery_order=topology.recovery_order,
        withdraw_order=topology.withdraw_order,
        retired_buckets=[
            pb.RetiredBucket(code=retired.code, successor=retired.successor)
            for retired in topology.retired_buckets
        ],
    )
    fill_life(message, stored)
    return message


def encode_bucket_type(bucket: BucketType) -> pb.BucketType:
    """Encodes a kind of bucket."""
    return pb.BucketType(
        code=bucket.code,
        wallet_group=bucket.wallet_group,
        asset_code=bucket.asset_code or "",
        bucket_class=BUCKET_CLASSES[bucket.bucket_class],
        depositable=bucket.depositable,
        withdrawable=WITHDRAWABLES[bucket.withdrawable],
        promo_creditable=bucket.promo_creditable,
        adjustable=bucket.adjustable,
        status=BUCKET_STATUSES[bucket.status],
        lock_mode=LOCK_MODES[bucket.lock_mode],
        display_name=bucket.display_name,
    )


def encode_transfer_edge(edge: TransferEdge) -> pb.TransferEdge:
    """Encodes a way that money may be transferred."""
    return pb.TransferEdge(
        source=edge.source,
        target=edge.target,
        enabled=edge.enabled,
        rate_numerator=edge.rate_numerator,
        rate_denominator=edge.rate_denominator,
        minimum=edge.minimum,
        multiple_of=edge.multiple_of,
        daily_cap=edge.daily_cap,
        rolling_inheritance=INHERITANCES[edge.rolling_inheritance],
        opens_rolling_bp=edge.opens_rolling_bp,
    )
