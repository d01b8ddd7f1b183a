"""Credentials and revocations for those who administer them. Callers are found by others."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.access.credential import CredentialKind
from wallet_server.core.access.principal import EVERY_TENANT
from wallet_server.core.administration.credential import (
    Credential,
    CredentialState,
    CredentialTerms,
)
from wallet_server.core.administration.revocation import Revocation
from wallet_server.storage.tables import credentials, revocations

first_tenant: sa.ColumnElement[str] = credentials.c.tenants[1]
is_for_one = sa.and_(sa.func.cardinality(credentials.c.tenants) == 1, first_tenant != EVERY_TENANT)


async def find(connection: AsyncConnection, credential_id: str) -> Credential | None:
    """Returns the credential; None if there is no such credential."""
    query = sa.select(credentials).where(credentials.c.credential_id == credential_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else credential_of(row)


async def has_active(connection: AsyncConnection, kind: CredentialKind, subject: str) -> bool:
    """Tells whether a subject has a credential that was not revoked."""
    query = sa.select(sa.true()).where(
        credentials.c.kind == kind.value,
        credentials.c.subject == subject,
        credentials.c.state == CredentialState.ACTIVE,
    )
    return bool(await connection.scalar(query))


async def page(
    connection: AsyncConnection, tenant_id: str, *, after: str, limit: int
) -> list[Credential]:
    """Returns the credentials for a tenant alone, by id, of those after one.

    Without a tenant they are those for several, and for all.
    """
    home = sa.and_(is_for_one, first_tenant == tenant_id) if tenant_id else sa.not_(is_for_one)
    query = (
        sa.select(credentials)
        .where(credentials.c.credential_id > after, home)
        .order_by(credentials.c.credential_id)
        .limit(limit)
    )
    return [credential_of(row) for row in await connection.execute(query)]


async def insert(connection: AsyncConnection, credential: Credential) -> None:
    """Stores a new credential."""
    row = {
        "credential_id": credential.credential_id,
        "kind": credential.kind.value,
        "subject": credential.subject,
        "author": credential.author,
        "create_time": credential.create_time,
        **changing(credential),
    }
    await connection.execute(sa.insert(credentials).values(row))


async def update(connection: AsyncConnection, credential: Credential) -> None:
    """Stores the next revision of a credential."""
    result = await connection.execute(
        sa.update(credentials)
        .where(credentials.c.credential_id == credential.credential_id)
        .where(credentials.c.revision == credential.revision - 1)
        .values(changing(credential))
    )
    assert result.rowcount == 1


async def insert_revocation(connection: AsyncConnection, revocation: Revocation) -> None:
    """Stores the end of tokens."""
    row = {
        "revocation_id": revocation.revocation_id,
        "kind": "TOKEN_ID" if revocation.token_id else "SUBJECT",
        "value": revocation.token_id or revocation.subject,
        "issued_before": revocation.issued_before,
        "create_time": revocation.create_time,
    }
    await connection.execute(sa.insert(revocations).values(row))


def changing(credential: Credential) -> dict[str, Any]:
    """Returns what may differ between revisions, by column."""
    terms = credential.terms
    return {
        "tenants": list(terms.tenants),
        "roles": list(terms.roles),
        "player_id": terms.player_id,
        "may_vouch": terms.may_vouch,
        "expire_time": terms.expire_time,
        "state": credential.state,
        "revision": credential.revision,
        "update_time": credential.update_time,
    }


def credential_of(row: sa.Row[Any]) -> Credential:
    """Returns the credential of a row."""
    return Credential(
        credential_id=row.credential_id,
        kind=CredentialKind(row.kind),
        subject=row.subject,
        terms=CredentialTerms(
            tenants=tuple(row.tenants),
            roles=tuple(row.roles),
            player_id=row.player_id,
            may_vouch=row.may_vouch,
            expire_time=row.expire_time,
        ),
        state=CredentialState(row.state),
        revision=row.revision,
        author=row.author,
        create_time=row.create_time,
        update_time=row.update_time,
    )
