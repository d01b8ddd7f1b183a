"""The life of a version: what acts make of it, or why they do not.

Each function takes a version as it is stored and returns it as it is to be stored, one revision
on, or a refusal. Who may ask at all is the edge's business; that nobody approves what they wrote
themselves is decided here.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from wallet_server.core.administration.act import Act
from wallet_server.core.administration.circumstances import Circumstances
from wallet_server.core.administration.tenant import TenantSettings
from wallet_server.core.administration.version_problems import find_version_problems
from wallet_server.core.config.documents import Document, title_of
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.version import StoredVersion, VersionState
from wallet_server.core.refusals import ActorRequired, Refusal
from wallet_server.core.refusals.administration import (
    ApproverSameAsAuthor,
    DocumentMismatch,
    EffectiveTimePassed,
    EtagMismatch,
    PolicyInvalid,
    TopologyInvalid,
    VersionTransitionIllegal,
)

T = TypeVar("T", bound=Document)

Version: TypeAlias = StoredVersion[Document]

DRAFT, VALIDATED, APPROVED = VersionState.DRAFT, VersionState.VALIDATED, VersionState.APPROVED
SCHEDULED, ARCHIVED = VersionState.SCHEDULED, VersionState.ARCHIVED

SOMEBODY = "somebody unknown"
"""Who wrote a version that nobody is named as the author of."""


def name_of(version: Version) -> str:
    """Returns what a version is called, as in `Policy SPORTS v4`."""
    return f"{title_of(version.value)} v{version.version}"


def etag_of(version: StoredVersion[Any]) -> str:
    """Returns what a change of the version must name, so that it is of the version as it is."""
    return str(version.revision)


def create_version(
    act: Act,
    document: Document,
    settings: TenantSettings,
    *,
    number: int,
    now: datetime,
    source: str | None = None,
) -> Version | Refusal:
    """Returns a draft. Its `number` is one more than the highest of its key, whatever its state."""
    return refuse_nobody(act, settings) or StoredVersion(
        tenant_id=act.tenant_id,
        version=number,
        state=DRAFT,
        value=document,
        create_time=now,
        source=source,
        author=act.actor.name,
        comment=act.reason,
    )


def update_version(
    version: Version,
    act: Act,
    etag: str,
    document: Document,
    settings: TenantSettings,
    *,
    now: datetime,
    source: str | None = None,
) -> Version | Refusal:
    """Returns a draft that says something else, written by who says so."""
    refusal = refuse_nobody(act, settings) or refuse_step(
        version, etag, {DRAFT, VALIDATED}, "edited"
    )
    if refusal is not None:
        return refusal
    if title_of(document) != title_of(version.value):
        return DocumentMismatch(name_of(version), title_of(document))
    return step(
        version,
        DRAFT,
        now,
        value=document,
        source=source,
        author=act.actor.name,
        approver="",
        comment=act.reason,
    )


def validate_version(
    version: Version, act: Act, etag: str, circumstances: Circumstances, *, now: datetime
) -> Version | Refusal:
    """Returns a draft as validated, which nothing is wrong with."""
    return (
        refuse_nobody(act, circumstances.settings)
        or refuse_step(version, etag, {DRAFT}, "validated")
        or refuse_problems(version, circumstances)
        or step(version, VALIDATED, now)
    )


def approve_version(
    version: Version, act: Act, etag: str, settings: TenantSettings, *, now: datetime
) -> Version | Refusal:
    """Returns a version as approved, by somebody else than its author.

    Where nobody is known to have written it, nobody can show to be somebody else: it must be
    written again. A tenant that is single-handed does without a second person.
    """
    refusal = refuse_nobody(act, settings) or refuse_step(version, etag, {VALIDATED}, "approved")
    if refusal is not None:
        return refusal
    if not settings.single_handed and not is_second(act, version.author):
        return ApproverSameAsAuthor(name_of(version), version.author or SOMEBODY)
    return step(version, APPROVED, now, approver=act.actor.name)


def schedule_version(
    version: Version,
    act: Act,
    etag: str,
    effective_time: datetime,
    circumstances: Circumstances,
    *,
    now: datetime,
) -> Version | Refusal:
    """Returns an approved version as one that becomes active at a time to come.

    It must be right beside what is active now: from here on topologies are judged by it too.
    Topologies cannot be scheduled.
    """
    allowed = () if isinstance(version.value, Topology) else {APPROVED}
    refusal = refuse_nobody(act, circumstances.settings) or refuse_step(
        version, etag, allowed, "scheduled"
    )
    if refusal is not None:
        return refusal
    if effective_time <= now:
        return EffectiveTimePassed(effective_time.isoformat())
    return refuse_problems(version, circumstances) or step(
        version, SCHEDULED, now, effective_time=effective_time
    )


def unschedule_version(
    version: Version, act: Act, etag: str, settings: TenantSettings, *, now: datetime
) -> Version | Refusal:
    """Returns a scheduled version as one that is approved, and no more."""
    return (
        refuse_nobody(act, settings)
        or refuse_step(version, etag, {SCHEDULED}, "unscheduled")
        or step(version, APPROVED, now, effective_time=None)
    )


def archive_version(
    version: Version, act: Act, etag: str, settings: TenantSettings, *, now: datetime
) -> Version | Refusal:
    """Returns a version that never becomes active as one that is over."""
    return (
        refuse_nobody(act, settings)
        or refuse_step(version, etag, {DRAFT, VALIDATED, APPROVED}, "archived")
        or step(version, ARCHIVED, now)
    )


def is_second(act: Act, author: str) -> bool:
    """Tells whether somebody asks who is known to be another person than an author."""
    return bool(author) and not act.actor.goes_by(author)


def refuse_nobody(act: Act, settings: TenantSettings) -> Refusal | None:
    """Refuses an act of nobody knows whom, unless one person may do everything."""
    return None if act.actor.name or settings.single_handed else ActorRequired()


def refuse_etag(version: Version, etag: str) -> Refusal | None:
    """Refuses to change a version that was changed since the caller read it."""
    if etag == etag_of(version):
        return None
    return EtagMismatch(name_of(version), etag, etag_of(version))


def refuse_step(
    version: Version, etag: str, allowed: Collection[VersionState], wanted: str
) -> Refusal | None:
    """Refuses a version that was changed meanwhile, or that is in none of the states."""
    refusal = refuse_etag(version, etag)
    if refusal is None and version.state not in allowed:
        return VersionTransitionIllegal(name_of(version), version.state.value, wanted)
    return refusal


def refuse_problems(version: Version, circumstances: Circumstances) -> Refusal | None:
    """Refuses a version that something is wrong with, and says all of it."""
    problems = tuple(find_version_problems(version.value, circumstances))
    if not problems:
        return None
    kind = TopologyInvalid if isinstance(version.value, Topology) else PolicyInvalid
    return kind(problems)


def step(version: Version, state: VersionState, now: datetime, **changes: Any) -> Version:  # noqa: ANN401
    """Returns a version one revision on, in a state, with changed fields."""
    revision = version.revision + 1
    return replace(version, state=state, revision=revision, update_time=now, **changes)
