"""The events of a tenant's buckets: what each may take now, against what it could."""

from collections.abc import Iterator

from wallet_server.core.config.topology import Topology
from wallet_server.core.events.event import Done, EventType
from wallet_server.core.events.item_payloads import BucketRetired, BucketStatusChanged


def status_events(before: Topology, after: Topology) -> Iterator[Done]:
    """Yields the buckets that are not what they were, in the order in which they stood.

    Both topologies have the buckets DRAINING that were set so on the running system. A bucket that
    is new is not told of: it comes with its version.
    """
    for bucket in before.buckets:
        code, previous = bucket.code, bucket.status
        now = after.bucket_by_code.get(code)
        if now is None:
            retired = BucketRetired(code, after.successor_by_code.get(code, ""), previous)
            yield EventType.BUCKET_RETIRED, retired
        elif now.status is not previous:
            changed = BucketStatusChanged(code, now.status, previous)
            yield EventType.BUCKET_STATUS_CHANGED, changed
