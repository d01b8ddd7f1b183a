"""Drains and states of buckets as audit records keep them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from wallet_server.core.administration.audit_record import Plain, Resource, ResourceKind
from wallet_server.core.administration.bucket_state import BucketState
from wallet_server.core.administration.drain import Drain, DrainState
from wallet_server.core.administration.plain import plain_of
from wallet_server.core.config.topology import BucketStatus

PROGRESS_FIELDS = frozenset({"update_time", "wallets_count", "failed_count", "totals", "trouble"})
"""What a drain gets by its job, and not by acts: a record has it as it was with the act."""


def plain_drain(drain: Drain) -> Plain:
    """Returns a drain as plain data."""
    return cast("Plain", plain_of(drain))


def drain_of(plain: Plain) -> Drain:
    """Returns the drain of plain data."""
    said = dict(cast("Mapping[str, Any]", plain))
    said["state"] = DrainState(said["state"])
    for name in ("create_time", "update_time"):
        said[name] = datetime.fromisoformat(said[name])
    return Drain(**said)


def resource_of_drain(drain: Drain) -> Resource:
    """Returns what an act on a drain is about."""
    return Resource(ResourceKind.DRAIN, drain.drain_id, drain.revision)


def plain_state(state: BucketState) -> Plain:
    """Returns the state of a bucket as plain data."""
    return cast("Plain", plain_of(state))


def state_of(plain: Plain) -> BucketState:
    """Returns the state of plain data."""
    said = dict(cast("Mapping[str, Any]", plain))
    said["status"] = BucketStatus(said["status"])
    said["update_time"] = datetime.fromisoformat(said["update_time"])
    return BucketState(**said)


def resource_of_state(state: BucketState) -> Resource:
    """Returns what an act on the status of a bucket is about."""
    return Resource(ResourceKind.BUCKET_STATUS, state.bucket, state.revision)
