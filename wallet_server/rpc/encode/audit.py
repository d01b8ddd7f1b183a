"""Audit records and heads of chains as messages."""

import json

from wallet.v1 import audit_pb2 as pb
from wallet_server.core.administration.audit_record import (
    AuditOutcome,
    AuditRecord,
    Plain,
    ResourceKind,
)
from wallet_server.core.administration.chain_head import ChainHead
from wallet_server.rpc.encode.values import numbers, timestamp

KINDS = numbers(ResourceKind, pb.AuditResourceKind, prefix="AUDIT_RESOURCE_KIND")
OUTCOMES = numbers(AuditOutcome, pb.AuditOutcome, prefix="AUDIT_OUTCOME")


def encode_record(record: AuditRecord) -> pb.AuditRecord:
    """Returns an audit record as a message."""
    resource, refusal = record.resource, record.refusal
    return pb.AuditRecord(
        tenant_id=record.tenant_id,
        record_id=record.record_id.hex,
        record_time=timestamp(record.record_time),
        actor=record.actor.name,
        actor_roles=record.actor.roles,
        credential_id=record.credential_id,
        peer=record.peer,
        method=record.method,
        resource=pb.AuditResource(
            kind=KINDS[resource.kind],
            resource_id=resource.resource_id,
            revision=resource.revision or 0,
        ),
        outcome=OUTCOMES[record.outcome],
        refusal_reason=str(refusal["reason"]) if refusal else "",
        refusal_json=json_of({name: each for name, each in refusal.items() if name != "reason"})
        if refusal
        else "",
        before_json=json_of(record.before),
        after_json=json_of(record.after),
        reason=record.reason,
        request_id=record.request_id,
        correlation_id=record.correlation_id,
    )


def json_of(plain: Plain | None) -> str:
    """Returns plain data as JSON, in one line and by name; empty for none."""
    if plain is None:
        return ""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def encode_chain_head(head: ChainHead) -> pb.ChainHead:
    """Returns the head of a chain as a message."""
    return pb.ChainHead(
        chain=head.chain,
        number=head.number,
        seal_time=timestamp(head.seal_time),
        block_hash=head.block_hash,
        previous_hash=head.previous_hash,
        contents_hash=head.contents_hash,
        key_id=head.key_id,
        signature=head.signature,
    )
