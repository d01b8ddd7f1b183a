"""What is kept of an administrative act for ever."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wallet_server.core.commands.actor import Actor
from wallet_server.core.ids import Location
from wallet_server.core.value import value

Plain = Mapping[str, object]
"""What JSON can say of a resource."""


class AuditOutcome(StrEnum):
    """Whether an act was carried out."""

    APPLIED = "APPLIED"
    REFUSED = "REFUSED"


class ResourceKind(StrEnum):
    """What an act is about. CALL: a call that was not let in, whatever it was about."""

    TENANT = "TENANT"
    TOPOLOGY = "TOPOLOGY"
    WALLET_POLICY = "WALLET_POLICY"
    POLICY = "POLICY"
    PROVIDER_PROFILE = "PROVIDER_PROFILE"
    BUCKET_STATUS = "BUCKET_STATUS"
    DRAIN = "DRAIN"
    CREDENTIAL = "CREDENTIAL"
    REVOCATION = "REVOCATION"
    WALLET = "WALLET"
    CALL = "CALL"


@value
class Resource:
    """What an act is about: its kind, its name among those, and its revision after the act.

    The name of a version is its key and its number, as in `SPORTS/4`, or the number alone. What
    was refused has no revision.
    """

    kind: ResourceKind
    resource_id: str
    revision: int | None = None


@value
class AuditRecord:
    """An act and what became of it. `before` and `after` are the resource, where it was changed.

    A `refusal` has a reason and its details. `wallet` is where the rows lie of what happened to
    a single wallet; what happened there is in its recorded answers.
    """

    tenant_id: str
    record_id: UUID
    record_time: datetime
    actor: Actor
    method: str
    resource: Resource
    outcome: AuditOutcome
    credential_id: str = ""
    peer: str = ""
    request_id: str = ""
    fingerprint: bytes | None = None
    refusal: Plain | None = None
    before: Plain | None = None
    after: Plain | None = None
    reason: str = ""
    correlation_id: str = ""
    wallet: Location | None = None
