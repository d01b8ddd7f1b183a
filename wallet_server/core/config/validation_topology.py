"""What is wrong with a topology."""

from collections.abc import Iterator

from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import (
    NO_CURRENCY,
    NO_DEPOSITABLE_BUCKET,
    NOT_OWN_MONEY,
    NOT_WITHDRAWABLE,
    RETIRED_CODE_IN_USE,
)
from wallet_server.core.config.topology import (
    OWN_MONEY,
    BucketStatus,
    BucketType,
    Topology,
    Withdrawable,
)
from wallet_server.core.config.validation_buckets import find_bucket_problems
from wallet_server.core.config.validation_edges import find_edge_problems
from wallet_server.core.config.validation_names import find_repetitions, find_unknown_bucket


def find_topology_problems(topology: Topology) -> list[Problem]:
    """Returns everything that is wrong with a topology, in the order of its fields."""
    return [
        *asset_problems(topology),
        *find_repetitions(
            [group.code for group in topology.wallet_groups], "wallet_groups[{}].code"
        ),
        *bucket_problems(topology),
        *edge_problems(topology),
        *recovery_order_problems(topology),
        *withdraw_order_problems(topology),
        *retired_bucket_problems(topology),
    ]


def asset_problems(topology: Topology) -> Iterator[Problem]:
    """Yields what is wrong with the assets."""
    yield from find_repetitions([asset.code for asset in topology.assets], "assets[{}].code")
    if not topology.currencies:
        yield Problem("assets", NO_CURRENCY, "no asset is a CURRENCY, so there can be no wallets")


def bucket_problems(topology: Topology) -> Iterator[Problem]:
    """Yields what is wrong with the buckets, each and together."""
    for i, bucket in enumerate(topology.buckets):
        yield from find_bucket_problems(bucket, topology, f"buckets[{i}]")
    yield from find_repetitions([bucket.code for bucket in topology.buckets], "buckets[{}].code")
    if not any(takes_deposits(bucket) for bucket in topology.buckets):
        message = "no bucket is ACTIVE and depositable, so no money can come in"
        yield Problem("buckets", NO_DEPOSITABLE_BUCKET, message)


def takes_deposits(bucket: BucketType) -> bool:
    """Tells whether deposits may be approved to a bucket now."""
    return bucket.depositable and bucket.status is BucketStatus.ACTIVE


def edge_problems(topology: Topology) -> Iterator[Problem]:
    """Yields what is wrong with the transfer edges, each and together."""
    for i, edge in enumerate(topology.transfer_edges):
        yield from find_edge_problems(edge, topology, f"transfer_edges[{i}]")
    ends = [f"{edge.source} → {edge.target}" for edge in topology.transfer_edges]
    yield from find_repetitions(ends, "transfer_edges[{}]")


def recovery_order_problems(topology: Topology) -> Iterator[Problem]:
    """Yields what is wrong with the recovery order."""
    for i, code in enumerate(topology.recovery_order):
        path = f"recovery_order[{i}]"
        yield from find_unknown_bucket(code, topology, path)
        bucket = topology.bucket_by_code.get(code)
        if bucket and bucket.bucket_class not in OWN_MONEY:
            message = f"{code} is {bucket.bucket_class.value}; only the player's own money recovers"
            yield Problem(path, NOT_OWN_MONEY, message)
    yield from find_repetitions(topology.recovery_order, "recovery_order[{}]")


def withdraw_order_problems(topology: Topology) -> Iterator[Problem]:
    """Yields what is wrong with the withdraw order."""
    for i, code in enumerate(topology.withdraw_order):
        path = f"withdraw_order[{i}]"
        yield from find_unknown_bucket(code, topology, path)
        bucket = topology.bucket_by_code.get(code)
        if bucket and bucket.withdrawable is Withdrawable.NEVER:
            yield Problem(path, NOT_WITHDRAWABLE, f"{code} is withdrawable NEVER")
    yield from find_repetitions(topology.withdraw_order, "withdraw_order[{}]")


def retired_bucket_problems(topology: Topology) -> Iterator[Problem]:
    """Yields what is wrong with the retired codes."""
    for i, retired in enumerate(topology.retired_buckets):
        path = f"retired_buckets[{i}]"
        if retired.code in topology.bucket_by_code:
            message = f"{retired.code} is retired and in use; choose a new code"
            yield Problem(f"{path}.code", RETIRED_CODE_IN_USE, message)
        last = topology.live_code(retired.successor)
        yield from find_unknown_bucket(last, topology, f"{path}.successor")
    codes = [retired.code for retired in topology.retired_buckets]
    yield from find_repetitions(codes, "retired_buckets[{}].code")
