"""The status of a bucket that was set on the running system, and the acts that set it."""

from datetime import datetime

from wallet_server.core.administration.act import Act
from wallet_server.core.administration.drain import Drain
from wallet_server.core.config.topology import BucketStatus, Topology
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.administration import (
    BucketUnknown,
    DrainUnderWay,
    EtagMismatch,
    VersionTransitionIllegal,
)
from wallet_server.core.value import value


@value
class BucketState:
    """What was last set for a bucket. DRAINING holds in every version of the topology.

    `revision` counts what was set, and is the etag.
    """

    tenant_id: str
    bucket: str
    status: BucketStatus
    revision: int
    update_time: datetime


def start_draining(
    known: BucketState | None,
    act: Act,
    bucket: str,
    etag: str,
    topology: Topology,
    *,
    now: datetime,
) -> BucketState | Refusal:
    """Returns the state of a bucket that takes nothing new from now on."""
    refusal = refuse_unknown(act, bucket, topology) or refuse_etag(known, bucket, etag)
    return refusal or next_state(known, act, bucket, BucketStatus.DRAINING, now)


def stop_draining(
    known: BucketState | None,
    act: Act,
    bucket: str,
    etag: str,
    topology: Topology,
    under_way: Drain | None,
    *,
    now: datetime,
) -> BucketState | Refusal:
    """Returns the state of a bucket that takes everything again.

    Not while it is drained, nor where the topology itself says that it is to be emptied.
    """
    refusal = refuse_unknown(act, bucket, topology) or refuse_etag(known, bucket, etag)
    if refusal is not None:
        return refusal
    if under_way is not None:
        return DrainUnderWay(bucket, under_way.drain_id)
    if topology.bucket_by_code[bucket].status is BucketStatus.DRAINING:
        state = "DRAINING by the active topology"
        return VersionTransitionIllegal(name_of(bucket), state, BucketStatus.ACTIVE.value)
    return next_state(known, act, bucket, BucketStatus.ACTIVE, now)


def refuse_unknown(act: Act, bucket: str, topology: Topology) -> BucketUnknown | None:
    """Refuses a bucket that the active topology does not have."""
    return None if bucket in topology.bucket_by_code else BucketUnknown(act.tenant_id, bucket)


def refuse_etag(known: BucketState | None, bucket: str, etag: str) -> EtagMismatch | None:
    """Refuses to change what was set since the caller looked. No etag: whatever it is."""
    current = "" if known is None else str(known.revision)
    return None if etag in {"", current} else EtagMismatch(name_of(bucket), etag, current)


def next_state(
    known: BucketState | None, act: Act, bucket: str, status: BucketStatus, now: datetime
) -> BucketState:
    """Returns the state that follows another, or that is the first."""
    revision = 1 if known is None else known.revision + 1
    return BucketState(act.tenant_id, bucket, status, revision, now)


def name_of(bucket: str) -> str:
    """Returns what refusals call the state of a bucket."""
    return f"bucket {bucket}"
