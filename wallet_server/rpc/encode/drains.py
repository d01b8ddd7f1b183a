"""The statuses of buckets, and drains."""

from wallet.v1 import drain_pb2 as pb
from wallet_server.core.administration.bucket_state import BucketState
from wallet_server.core.administration.drain import Drain, DrainState
from wallet_server.rpc.encode.blockers import encode_total
from wallet_server.rpc.encode.topologies import BUCKET_STATUSES
from wallet_server.rpc.encode.values import numbers, timestamp

DRAIN_STATES = numbers(DrainState, pb.DrainState, prefix="DRAIN_STATE")


def encode_bucket_state(state: BucketState) -> pb.BucketState:
    """Encodes what was last set for a bucket."""
    return pb.BucketState(
        tenant_id=state.tenant_id,
        bucket=state.bucket,
        status=BUCKET_STATUSES[state.status],
        etag=str(state.revision),
        update_time=timestamp(state.update_time),
    )


def encode_drain(drain: Drain) -> pb.Drain:
    """Encodes a drain, and how far it is."""
    return pb.Drain(
        tenant_id=drain.tenant_id,
        drain_id=drain.drain_id,
        bucket=drain.bucket,
        successor=drain.successor,
        state=DRAIN_STATES[drain.state],
        etag=str(drain.revision),
        author=drain.author,
        approver=drain.approver,
        comment=drain.comment,
        create_time=timestamp(drain.create_time),
        update_time=timestamp(drain.update_time),
        wallets_count=drain.wallets_count,
        failed_count=drain.failed_count,
        totals=[encode_total(asset, total) for asset, total in sorted(drain.totals.items())],
        trouble=drain.trouble,
    )
