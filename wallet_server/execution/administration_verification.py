"""The part of `verify` that is of tenants: what refers to buckets, and the audit records."""

from collections.abc import AsyncIterator, Iterable

from wallet_server.core.audit.difference import Check, Difference
from wallet_server.core.audit.records_audit import find_record_problems
from wallet_server.core.audit.usage_audit import find_usage_problems
from wallet_server.storage.audit_reading import (
    load_acts_without_record,
    load_records_without_act,
    load_resources,
)
from wallet_server.storage.usage_reading import count_usage, load_counted, load_counted_tenants
from wallet_server.storage.verification import Connection
from wallet_server.storage.verification_rows import UNREADABLE

INSTALLATION = "*"
"""What reports call the tenant of what is of no single one."""


async def find_administration_problems(
    connection: Connection, tenant_id: str | None
) -> AsyncIterator[Difference]:
    """Yields what does not hold of a tenant, or of all. The block it runs in is one snapshot."""
    for found in await find_usage(connection, tenant_id):
        yield found
    async for found in find_records(connection, tenant_id):
        yield found


async def find_usage(connection: Connection, tenant_id: str | None) -> Iterable[Difference]:
    """Returns what was counted otherwise than it is."""
    tenants = await load_counted_tenants(connection, tenant_id)
    counted = await load_counted(connection, tenants)
    try:
        there = await count_usage(connection, tenants)
    except UNREADABLE as error:
        message = f"what refers to buckets cannot be counted: {type(error).__name__}: {error}"
        return [Difference(Check.BUCKET_USAGE, tenant_id or INSTALLATION, "buckets", message)]
    return [
        Difference(
            Check.BUCKET_USAGE,
            key.tenant_id,
            f"{key.bucket} {key.kind} {key.asset_code}",
            message,
        )
        for key, message in find_usage_problems(there, counted)
    ]


async def find_records(connection: Connection, tenant_id: str | None) -> AsyncIterator[Difference]:
    """Yields acts without a record, records without an act, and resources told of otherwise."""
    async for row in load_acts_without_record(connection, tenant_id):
        wallet = f"{row['tenant_id']}/{row['player_id']}/{row['currency_code']}"
        message = f"{row['command']} {row['request_id']} has no audit record"
        yield Difference(Check.AUDIT_RECORD, wallet, f"#{row['sequence']}", message)
    async for row in load_records_without_act(connection, tenant_id):
        message = f"it tells of a {row['method']} that was never answered"
        subject = f"audit record {row['record_id']}"
        yield Difference(Check.AUDIT_RECORD, row["resource_id"], subject, message)
    async for tenant, resource in load_resources(connection, tenant_id):
        for message in find_record_problems(resource):
            subject = f"{resource.kind} {resource.resource_id}"
            yield Difference(Check.AUDIT_RECORD, tenant or INSTALLATION, subject, message)
