"""Which buckets may be emptied, and into which others."""

from wallet_server.core.config.topology import OWN_MONEY, BucketStatus, BucketType, Topology
from wallet_server.core.refusals import BucketUnknownInTopology, Refusal
from wallet_server.core.refusals.administration import BucketNotDraining, SuccessorUnfit


def check_emptied(code: str, topology: Topology) -> Refusal | None:
    """Refuses a bucket that is unknown, or in use as ever."""
    if code in topology.successor_by_code:
        return None
    found = topology.bucket_by_code.get(code)
    if found is None:
        return BucketUnknownInTopology(code)
    return BucketNotDraining(code) if found.status is BucketStatus.ACTIVE else None


def check_successor(
    code: str, successor: str, currency_code: str, topology: Topology
) -> SuccessorUnfit | None:
    """Refuses a successor that takes no new money, or cannot hold what the bucket does.

    Of a bucket that is retired nobody knows whether it held the player's own money.
    """
    found = topology.bucket_by_code.get(successor)
    emptied = topology.bucket_by_code.get(topology.live_code(code))
    if (
        found is None
        or emptied is None
        or found.status is not BucketStatus.ACTIVE
        or found.asset_in(currency_code) != emptied.asset_in(currency_code)
        or (emptied.code == code and not keeps_own_money(emptied, found))
    ):
        return SuccessorUnfit(code, successor)
    return None


def keeps_own_money(emptied: BucketType, successor: BucketType) -> bool:
    """Tells whether what is the player's own in a bucket would be so in its successor."""
    return emptied.bucket_class not in OWN_MONEY or successor.bucket_class in OWN_MONEY
