"""Requests for audit records, as values."""

from wallet.v1 import audit_pb2
from wallet.v1 import audit_queries_pb2 as pb
from wallet_server.core.administration.audit_filter import AuditFilter
from wallet_server.core.administration.audit_record import AuditOutcome, ResourceKind
from wallet_server.rpc.decode.values import bound, values_by_number

RESOURCE_KINDS = values_by_number(
    ResourceKind, audit_pb2.AuditResourceKind, prefix="AUDIT_RESOURCE_KIND"
)
OUTCOMES = values_by_number(AuditOutcome, audit_pb2.AuditOutcome, prefix="AUDIT_OUTCOME")


def audit_filter(request: pb.ListAuditRecordsRequest) -> AuditFilter:
    """Decodes which records are asked for."""
    return AuditFilter(
        tenant_id=request.tenant_id,
        start_time=bound(request.start_time) if request.HasField("start_time") else None,
        end_time=bound(request.end_time) if request.HasField("end_time") else None,
        actor=request.actor,
        method=request.method,
        resource_kind=RESOURCE_KINDS.get(request.resource_kind),
        resource_id=request.resource_id,
        outcome=OUTCOMES.get(request.outcome),
        correlation_id=request.correlation_id,
    )
