"""What keeps one topology from following another."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import (
    ASSET_ATTRIBUTE_IMMUTABLE,
    ASSET_REMOVED,
    BUCKET_ATTRIBUTE_IMMUTABLE,
    MISSING_SUCCESSOR,
    NO_DEPOSITABLE_BUCKET,
    RETIRED_CODE_FORGOTTEN,
    RETIRED_CODE_REUSED,
    SUCCESSOR_ASSET_DIFFERS,
    SUCCESSOR_NOT_OWN_MONEY,
)
from wallet_server.core.config.topology import OWN_MONEY, BucketType, Topology
from wallet_server.core.config.validation_topology import takes_deposits

Incompatibility: TypeAlias = tuple[str, Problem]
"""The code that is not what it was, and what is wrong with that."""


def find_incompatibilities(
    current: Topology, proposed: Topology, *, retired: AbstractSet[str] = frozenset()
) -> list[Problem]:
    """Returns everything that keeps `proposed` from following `current`, whatever is in use.

    Paths are those of `proposed`. Wallets hold money by the codes, assets, classes
    and groups of `current`, so what a surviving code means cannot change. A code may go
    if it has a successor; whether anything still refers to it, `find_blockers` says.

    Args:
        current: What wallets were made by.
        proposed: What is to replace it.
        retired: The codes that were retired before, though `current` may not say so.
    """
    return [problem for _, problem in incompatibilities(current, proposed, retired)]


def incompatibilities(
    current: Topology, proposed: Topology, retired: AbstractSet[str] = frozenset()
) -> Iterator[Incompatibility]:
    """Yields what `find_incompatibilities` returns, each with the code that it is about."""
    yield from asset_changes(current, proposed)
    yield from group_changes(current, proposed)
    yield from bucket_changes(current, proposed)
    yield from removed_buckets(current, proposed)
    yield from retired_code_changes(current, proposed, retired)
    yield from successor_changes(current, proposed)


def removed_codes(current: Topology, proposed: Topology) -> frozenset[str]:
    """Returns the codes of buckets that `proposed` no longer has."""
    return frozenset(current.bucket_by_code.keys() - proposed.bucket_by_code.keys())


def asset_changes(current: Topology, proposed: Topology) -> Iterator[Incompatibility]:
    """Yields assets that are gone, or no longer what they were."""
    places = {asset.code: i for i, asset in enumerate(proposed.assets)}
    for before in current.assets:
        if before.code not in places:
            message = f"wallets may hold {before.code}; keep it"
            yield before.code, Problem("assets", ASSET_REMOVED, message)
            continue
        path = f"assets[{places[before.code]}]"
        after = proposed.assets[places[before.code]]
        if after.exponent != before.exponent:
            message = f"the exponent of {before.code} is {before.exponent} and stays so"
            yield before.code, Problem(f"{path}.exponent", ASSET_ATTRIBUTE_IMMUTABLE, message)
        if after.kind is not before.kind:
            message = f"{before.code} is {before.kind.value} and stays so"
            yield before.code, Problem(f"{path}.kind", ASSET_ATTRIBUTE_IMMUTABLE, message)


def group_changes(current: Topology, proposed: Topology) -> Iterator[Incompatibility]:
    """Yields surviving groups that took deposits and no longer do."""
    before, after = depositable_groups(current), depositable_groups(proposed)
    for i, group in enumerate(proposed.wallet_groups):
        if group.code in before - after:
            message = f"no bucket of {group.code} takes deposits any more"
            yield group.code, Problem(f"wallet_groups[{i}]", NO_DEPOSITABLE_BUCKET, message)


def depositable_groups(topology: Topology) -> set[str]:
    """Returns the groups with a bucket that takes deposits."""
    return {bucket.wallet_group for bucket in topology.buckets if takes_deposits(bucket)}


def bucket_changes(current: Topology, proposed: Topology) -> Iterator[Incompatibility]:
    """Yields surviving buckets that are no longer what they were."""
    for i, after in enumerate(proposed.buckets):
        before = current.bucket_by_code.get(after.code)
        for name in changed_attributes(before, after) if before else ():
            message = f"the {name} of {after.code} stays; retire the code and add a new one"
            path = f"buckets[{i}].{name}"
            yield after.code, Problem(path, BUCKET_ATTRIBUTE_IMMUTABLE, message)


def changed_attributes(before: BucketType, after: BucketType) -> Iterator[str]:
    """Yields the names of what may not have changed and has."""
    if after.asset_code != before.asset_code:
        yield "asset_code"
    if after.bucket_class is not before.bucket_class:
        yield "bucket_class"
    if after.wallet_group != before.wallet_group:
        yield "wallet_group"


def removed_buckets(current: Topology, proposed: Topology) -> Iterator[Incompatibility]:
    """Yields the codes that are gone without a successor."""
    for bucket in current.buckets:
        code = bucket.code
        if code not in proposed.bucket_by_code and code not in proposed.successor_by_code:
            message = f"{code} is gone; name its successor in retired_buckets"
            yield code, Problem("buckets", MISSING_SUCCESSOR, message)


def retired_code_changes(
    current: Topology, proposed: Topology, retired: AbstractSet[str]
) -> Iterator[Incompatibility]:
    """Yields retired codes that are in use again, or forgotten so that they could be."""
    for i, bucket in enumerate(proposed.buckets):
        code = bucket.code
        if code in current.successor_by_code or code in retired:
            message = f"{code} was retired, and a retired code is never used again"
            yield code, Problem(f"buckets[{i}].code", RETIRED_CODE_REUSED, message)
    for code in current.successor_by_code:
        if code not in proposed.successor_by_code and code not in proposed.bucket_by_code:
            message = f"{code} was retired; keep it here, so that it is never used again"
            yield code, Problem("retired_buckets", RETIRED_CODE_FORGOTTEN, message)


def successor_changes(current: Topology, proposed: Topology) -> Iterator[Incompatibility]:
    """Yields retired codes whose successor cannot hold what they did.

    What is the player's own stays so: bets may still bring some to a code that is gone.
    """
    for i, retired in enumerate(proposed.retired_buckets):
        before = last_bucket(retired.code, current)
        after = proposed.bucket_by_code.get(proposed.live_code(retired.successor))
        path = f"retired_buckets[{i}].successor"
        if before is None or after is None:
            continue
        if before.asset_code != after.asset_code:
            message = f"{retired.successor} does not hold the asset that {retired.code} did"
            yield retired.code, Problem(path, SUCCESSOR_ASSET_DIFFERS, message)
        elif before.bucket_class in OWN_MONEY and after.bucket_class not in OWN_MONEY:
            message = (
                f"{retired.successor} does not hold the player's own money as {retired.code} did"
            )
            yield retired.code, Problem(path, SUCCESSOR_NOT_OWN_MONEY, message)


def last_bucket(code: str, topology: Topology) -> BucketType | None:
    """Returns the bucket of a code, or the one that took its place, if any."""
    return topology.bucket_by_code.get(topology.successor_by_code.get(code, code))
