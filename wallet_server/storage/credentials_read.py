"""The credentials that count now, and the revocations that may still matter."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.core.access.credential import CredentialBook, CredentialKind, Grant
from wallet_server.storage.tables_administration import credentials, revocations

ACTIVE = sa.select(credentials).where(credentials.c.state == "ACTIVE")

LATEST = sa.func.greatest(revocations.c.create_time, revocations.c.issued_before)
REVOKED = (
    sa.select(
        revocations.c.kind,
        revocations.c.value,
        sa.func.max(revocations.c.issued_before).label("issued_before"),
    )
    .where(sa.bindparam("since") <= LATEST)
    .group_by(revocations.c.kind, revocations.c.value)
)


async def read_credentials(engine: AsyncEngine, *, revoked_since: datetime) -> CredentialBook:
    """Returns the active credentials, and the revocations that are no older than that."""
    async with engine.connect() as connection:
        rows = await connection.execute(ACTIVE)
        grants = {(CredentialKind(row.kind), row.subject): grant_of(row) for row in rows}
        revoked = (await connection.execute(REVOKED, {"since": revoked_since})).all()
    return CredentialBook(
        grants,
        revoked_token_ids=frozenset(row.value for row in revoked if row.kind == "TOKEN_ID"),
        revoked_subjects={row.value: row.issued_before for row in revoked if row.kind == "SUBJECT"},
    )


def grant_of(row: sa.Row[Any]) -> Grant:
    """Returns what a row of credentials gives."""
    return Grant(
        credential_id=row.credential_id,
        roles=tuple(row.roles),
        tenants=frozenset(row.tenants),
        player_id=row.player_id,
        may_vouch=row.may_vouch,
        expire_time=row.expire_time,
    )
