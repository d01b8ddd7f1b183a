"""Which audit records somebody asks for."""

from datetime import datetime

from wallet_server.core.administration.audit_record import AuditOutcome, ResourceKind
from wallet_server.core.value import value


@value
class AuditFilter:
    """What records must be like, all of it. What is empty, or none, asks for nothing.

    Records of `start_time` pass, those of `end_time` do not.
    """

    tenant_id: str
    start_time: datetime | None = None
    end_time: datetime | None = None
    actor: str = ""
    method: str = ""
    resource_kind: ResourceKind | None = None
    resource_id: str = ""
    outcome: AuditOutcome | None = None
    correlation_id: str = ""
