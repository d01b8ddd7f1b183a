"""Activating a version: what it takes, and what becomes of the one before."""

from datetime import datetime

from wallet_server.core.administration.act import Act
from wallet_server.core.administration.circumstances import Circumstances
from wallet_server.core.administration.guard import find_blockers
from wallet_server.core.administration.version_problems import problems_in_itself
from wallet_server.core.administration.versions import (
    Version,
    name_of,
    refuse_etag,
    refuse_nobody,
    refuse_problems,
    step,
)
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.version import Versioned, VersionState
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.administration import (
    TopologyActivationBlocked,
    VersionTransitionIllegal,
)
from wallet_server.core.value import value

UNFINISHED = frozenset({VersionState.DRAFT, VersionState.VALIDATED, VersionState.APPROVED})


@value
class Activation:
    """A version as it becomes active, and the one before as it ends, if there was one.

    Each is a change of its resource, one revision on. The tenant's epoch grows with it.
    """

    activated: Version
    superseded: Version | None


def activate_version(
    version: Version,
    act: Act,
    etag: str,
    circumstances: Circumstances,
    *,
    now: datetime,
    is_due: bool = False,
) -> Activation | Refusal:
    """Returns what activating a version comes to.

    It must be approved and right beside what is active now, and a topology must leave nothing
    unreachable. A version that is not approved is told first what is wrong with it. With
    `validate_only` the blockers of a topology are told in any state before it was active.

    Args:
        version: What is to become active.
        act: Who asks.
        etag: Of the version as the caller knows it.
        circumstances: What it is judged by.
        now: When it becomes active.
        is_due: Whether its time has come: then it is SCHEDULED, and nobody asks.
    """
    ready = VersionState.SCHEDULED if is_due else VersionState.APPROVED
    refusal = None if is_due else refuse_nobody(act, circumstances.settings)
    refusal = refusal or refuse_etag(version, etag)
    if refusal is not None:
        return refusal
    if version.state not in {ready, *UNFINISHED}:
        return not_ready(version)
    if version.state is ready or act.validate_only:
        refusal = refuse_blocked(version, circumstances)
    refusal = refusal or refuse_problems(version, circumstances)
    if refusal is not None:
        return refusal
    return (
        activation_of(version, circumstances, now) if version.state is ready else not_ready(version)
    )


def not_ready(version: Version) -> Refusal:
    """Refuses a version that its state keeps from becoming active."""
    return VersionTransitionIllegal(name_of(version), version.state.value, "activated")


def refuse_blocked(version: Version, circumstances: Circumstances) -> Refusal | None:
    """Refuses a topology that would leave something unreachable, and says all of it."""
    topology = version.value
    if not isinstance(topology, Topology):
        return None
    others = (*circumstances.active, *circumstances.scheduled)
    blockers = find_blockers(
        circumstances.topology(),
        topology,
        [Versioned(each.version, each.value) for each in others],
        circumstances.references,
        circumstances.retired_codes,
    )
    if not blockers:
        return None
    return TopologyActivationBlocked(blockers, tuple(problems_in_itself(topology, circumstances)))


def activation_of(version: Version, circumstances: Circumstances, now: datetime) -> Activation:
    """Returns a version as active, and the one whose place it takes as superseded."""
    before = circumstances.active_like(version.value)
    return Activation(
        activated=step(version, VersionState.ACTIVE, now, activate_time=now),
        superseded=step(before, VersionState.SUPERSEDED, now) if before else None,
    )
