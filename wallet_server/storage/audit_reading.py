"""Audit records beside what they tell of: administrative commands, and resources."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from wallet_server.core.administration.wallet_acts import ADMINISTRATIVE_NAMES, ALSO_BY_TIME_NAMES
from wallet_server.core.audit.records_audit import RecordedResource
from wallet_server.storage.json_text import from_json
from wallet_server.storage.verification import Connection

# The answers that need a record. Those of acts that time submits too need one where they say who.
ACTS = """
    SELECT w.tenant_id, w.player_id, w.currency_code, a.shard, a.wallet_id, a.request_id,
        a.sequence, a.command
    FROM answers AS a
    JOIN wallets AS w ON w.shard = a.shard AND w.wallet_id = a.wallet_id
    JOIN tenants AS t ON t.tenant_id = w.tenant_id
    WHERE ($1::text IS NULL OR w.tenant_id = $1) AND (t.is_counted OR $4)
        AND a.command = ANY ($2)
        AND (a.command <> ALL ($3) OR coalesce(a.details -> 'actor' ->> 'name', '') <> '')
"""

ACTS_WITHOUT_RECORD = f"""
    WITH waiting AS MATERIALIZED (
        SELECT (r ->> 0)::smallint AS shard, (r ->> 1)::uuid AS wallet_id, r ->> 2 AS request_id
        FROM commits CROSS JOIN LATERAL json_array_elements(document -> 'acts') AS of_commit (r)
    )
    SELECT * FROM ({ACTS}) AS act
    WHERE NOT EXISTS (
        SELECT FROM audit_records AS r
        WHERE r.tenant_id = act.tenant_id AND r.shard = act.shard
            AND r.wallet_id = act.wallet_id AND r.request_id = act.request_id
            AND r.method = 'WalletCommands.' || act.command
    ) AND NOT EXISTS (
        SELECT FROM waiting AS k
        WHERE k.shard = act.shard AND k.wallet_id = act.wallet_id
            AND k.request_id = act.request_id
    )
"""

RECORDS_WITHOUT_ACT = """
    SELECT r.tenant_id, r.resource_id, r.record_id, r.method FROM audit_records AS r
    WHERE ($1::text IS NULL OR r.tenant_id = $1) AND r.wallet_id IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM answers AS a
            WHERE a.shard = r.shard AND a.wallet_id = r.wallet_id AND a.request_id = r.request_id
                AND 'WalletCommands.' || a.command = r.method
        )
"""

# Credentials and revocations are of the installation, or of the tenants that they name, which may
# change: they are found by their names alone. Versions and tenants of before there were records
# have none, and say no author.
RESOURCES = """
    WITH resources AS (
        SELECT tenant_id, 'TOPOLOGY' AS kind, version::text AS resource_id, revision,
            author = '' AS may_lack, row_to_json(t) AS document FROM topologies AS t
        UNION ALL
        SELECT tenant_id, 'WALLET_POLICY', version::text, revision, author = '', row_to_json(t)
        FROM wallet_policies AS t
        UNION ALL
        SELECT tenant_id, 'POLICY', provider_type || '/' || version, revision, author = '',
            row_to_json(t)
        FROM policies AS t
        UNION ALL
        SELECT tenant_id, 'PROVIDER_PROFILE', provider_id || '/' || version, revision, author = '',
            row_to_json(t)
        FROM provider_profiles AS t
        UNION ALL
        SELECT tenant_id, 'TENANT', tenant_id, revision, NOT is_counted, row_to_json(t)
        FROM tenants AS t
        UNION ALL
        SELECT tenant_id, 'BUCKET_STATUS', bucket, revision, false, row_to_json(t)
        FROM bucket_statuses AS t
        UNION ALL
        SELECT tenant_id, 'DRAIN', drain_id, revision, false, row_to_json(t) FROM drains AS t
        UNION ALL
        SELECT '', 'CREDENTIAL', credential_id, revision, false, row_to_json(t)
        FROM credentials AS t
        UNION ALL
        SELECT '', 'REVOCATION', revocation_id::text, 1, false, json_build_object(
            'token_id', CASE kind WHEN 'TOKEN_ID' THEN value ELSE '' END,
            'subject', CASE kind WHEN 'SUBJECT' THEN value ELSE '' END,
            'issued_before', issued_before, 'create_time', create_time
        )
        FROM revocations
    ), records AS (
        SELECT CASE WHEN resource_kind IN ('CREDENTIAL', 'REVOCATION') THEN '' ELSE tenant_id END
                AS tenant_id,
            resource_kind AS kind, resource_id,
            array_agg(DISTINCT resource_revision) AS revisions,
            (array_agg(after::text ORDER BY resource_revision DESC, record_time DESC))[1] AS after
        FROM audit_records
        WHERE outcome = 'APPLIED' AND resource_revision IS NOT NULL
            AND resource_kind NOT IN ('WALLET', 'CALL')
        GROUP BY 1, 2, 3
    )
    SELECT tenant_id, kind, resource_id, coalesce(s.revision, 0) AS revision,
        s.document::text AS document, coalesce(r.revisions, '{}') AS revisions, r.after
    FROM resources AS s FULL JOIN records AS r USING (tenant_id, kind, resource_id)
    WHERE ($1::text IS NULL OR tenant_id = $1)
        AND NOT (coalesce(s.may_lack, false) AND r.revisions IS NULL)
    ORDER BY tenant_id, kind, resource_id
"""


async def load_acts_without_record(
    connection: Connection, tenant_id: str | None, *, with_older: bool = False
) -> AsyncIterator[Mapping[str, Any]]:
    """Yields the answers of administrative commands that no record tells of.

    Those of tenants of which not all was counted may be from before there were records: they are
    left out, unless they are wanted `with_older`.
    """
    names = (ADMINISTRATIVE_NAMES, ALSO_BY_TIME_NAMES)
    async for row in connection.cursor(ACTS_WITHOUT_RECORD, tenant_id, *names, with_older):
        yield dict(row)


async def load_records_without_act(
    connection: Connection, tenant_id: str | None
) -> AsyncIterator[Mapping[str, Any]]:
    """Yields the records of commands on wallets that were never answered."""
    async for row in connection.cursor(RECORDS_WITHOUT_ACT, tenant_id):
        yield dict(row)


async def load_resources(
    connection: Connection, tenant_id: str | None
) -> AsyncIterator[tuple[str, RecordedResource]]:
    """Yields the resources of tenants with what their records say; each with its tenant."""
    async for row in connection.cursor(RESOURCES, tenant_id):
        yield (
            row["tenant_id"],
            RecordedResource(
                kind=row["kind"],
                resource_id=row["resource_id"],
                row=row["document"] and from_json(row["document"]),
                revision=row["revision"],
                revisions=row["revisions"],
                after=row["after"] and from_json(row["after"]),
            ),
        )
