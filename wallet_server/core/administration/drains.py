"""The life of a drain: what acts make of it, or why they do not."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from wallet_server.core.administration.act import Act
from wallet_server.core.administration.bucket_state import refuse_unknown
from wallet_server.core.administration.drain import Drain, DrainState
from wallet_server.core.administration.tenant import TenantSettings
from wallet_server.core.administration.versions import SOMEBODY, is_second, refuse_nobody
from wallet_server.core.config.topology import BucketStatus, Topology
from wallet_server.core.draining.successor import keeps_own_money
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.administration import (
    ApproverSameAsAuthor,
    BucketNotDraining,
    DrainUnderWay,
    EtagMismatch,
    SuccessorUnfit,
    VersionTransitionIllegal,
)

PENDING, RUNNING = DrainState.PENDING, DrainState.RUNNING


def ask_for_drain(
    act: Act,
    drain: Drain,
    topology: Topology,
    under_way: Drain | None,
    settings: TenantSettings,
) -> Drain | Refusal:
    """Returns a drain that waits for a second person, if its buckets are fit for it.

    `topology` is the active one, with the buckets DRAINING that are.
    """
    refusal = refuse_nobody(act, settings) or refuse_buckets(act, drain, topology)
    if refusal is None and under_way is not None:
        return DrainUnderWay(drain.bucket, under_way.drain_id)
    return refusal or drain


def new_drain(act: Act, drain_id: str, bucket: str, successor: str, now: datetime) -> Drain:
    """Returns a drain as who asks for it says it."""
    return Drain(
        tenant_id=act.tenant_id,
        drain_id=drain_id,
        bucket=bucket,
        successor=successor,
        state=PENDING,
        revision=1,
        author=act.actor.name,
        approver="",
        create_time=now,
        update_time=now,
        comment=act.reason,
    )


def approve_drain(
    drain: Drain,
    act: Act,
    etag: str,
    topology: Topology,
    settings: TenantSettings,
    *,
    now: datetime,
) -> Drain | Refusal:
    """Returns a drain that begins: somebody else has looked at it, and its buckets still fit."""
    refusal = refuse_nobody(act, settings) or refuse_step(drain, etag, {PENDING}, "approved")
    if refusal is not None:
        return refusal
    if not settings.single_handed and not is_second(act, drain.author):
        return ApproverSameAsAuthor(name_of(drain), drain.author or SOMEBODY)
    return refuse_buckets(act, drain, topology) or step(
        drain, RUNNING, now, approver=act.actor.name
    )


def cancel_drain(
    drain: Drain, act: Act, etag: str, settings: TenantSettings, *, now: datetime
) -> Drain | Refusal:
    """Returns a drain that is given up. What it has moved stays moved."""
    return (
        refuse_nobody(act, settings)
        or refuse_step(drain, etag, {PENDING, RUNNING}, "cancelled")
        or step(drain, DrainState.CANCELLED, now)
    )


def finish_drain(drain: Drain, *, now: datetime) -> Drain | Refusal:
    """Returns a drain that has found nothing left."""
    if drain.state is not RUNNING:
        return VersionTransitionIllegal(name_of(drain), drain.state.value, DrainState.DONE.value)
    return step(drain, DrainState.DONE, now)


def refuse_buckets(act: Act, drain: Drain, topology: Topology) -> Refusal | None:
    """Refuses a bucket that is in use as ever, and a successor that takes no such money."""
    if refusal := refuse_unknown(act, drain.bucket, topology):
        return refusal
    emptied = topology.bucket_by_code[drain.bucket]
    successor = topology.bucket_by_code.get(drain.successor)
    if emptied.status is not BucketStatus.DRAINING:
        return BucketNotDraining(drain.bucket)
    if (
        successor is None
        or successor.status is not BucketStatus.ACTIVE
        or successor.asset_code != emptied.asset_code
        or not keeps_own_money(emptied, successor)
    ):
        return SuccessorUnfit(drain.bucket, drain.successor)
    return None


def refuse_step(
    drain: Drain, etag: str, allowed: Collection[DrainState], wanted: str
) -> Refusal | None:
    """Refuses a drain that was changed meanwhile, or that is in none of the states."""
    if etag != str(drain.revision):
        return EtagMismatch(name_of(drain), etag, str(drain.revision))
    if drain.state not in allowed:
        return VersionTransitionIllegal(name_of(drain), drain.state.value, wanted)
    return None


def name_of(drain: Drain) -> str:
    """Returns what refusals call a drain."""
    return f"drain {drain.drain_id}"


def step(drain: Drain, state: DrainState, now: datetime, *, approver: str = "") -> Drain:
    """Returns a drain one revision on, in a state."""
    return replace(
        drain,
        state=state,
        revision=drain.revision + 1,
        update_time=now,
        approver=approver or drain.approver,
    )
