"""Versions of documents, and the states of their life."""

from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from wallet_server.core.value import value

T = TypeVar("T")


@value
class Versioned(Generic[T]):
    """One immutable version of something."""

    version: int
    value: T


class VersionState(StrEnum):
    """Where a version is in its life.

    DRAFT → VALIDATED (→ DRAFT when it is edited) → APPROVED → ACTIVE → SUPERSEDED. What is not a
    topology may also be SCHEDULED between APPROVED and ACTIVE. ARCHIVED ends what never was active.
    """

    DRAFT = "DRAFT"
    VALIDATED = "VALIDATED"
    APPROVED = "APPROVED"
    SCHEDULED = "SCHEDULED"
    ACTIVE = "ACTIVE"
    SUPERSEDED = "SUPERSEDED"
    ARCHIVED = "ARCHIVED"


class DocumentKind(StrEnum):
    """The kinds of documents that have versions."""

    TOPOLOGY = "TOPOLOGY"
    WALLET_POLICY = "WALLET_POLICY"
    POLICY = "POLICY"
    PROVIDER_PROFILE = "PROVIDER_PROFILE"


@value
class VersionRef:
    """Names a version within a tenant.

    `key` is the provider type of a policy, the provider of a profile, and else empty.
    """

    kind: DocumentKind
    key: str
    version: int


@value
class StoredVersion(Generic[T]):
    """A version as it is stored. What it says changes only while it is a draft.

    `revision` counts its changes, and is its etag. `source` is the YAML that it was written as,
    byte for byte; none where it came as a message.
    """

    tenant_id: str
    version: int
    state: VersionState
    value: T
    create_time: datetime
    revision: int = 1
    source: str | None = None
    author: str = ""
    approver: str = ""
    comment: str = ""
    update_time: datetime | None = None
    effective_time: datetime | None = None
    activate_time: datetime | None = None
