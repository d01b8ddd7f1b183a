"""The active versions of a tenant: read all at once, and replaced one by one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.config.configuration import Versioned, VersionState
from wallet_server.core.config.documents import Document, write_document
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.storage import tables
from wallet_server.storage.versions import read_stored

TABLES = (
    tables.topologies,
    tables.wallet_policies,
    tables.policies,
    tables.provider_profiles,
)


async def load_active(connection: AsyncConnection, tenant_id: str) -> list[Versioned[Document]]:
    """Returns every active version of the tenant."""
    active: list[Versioned[Document]] = []
    for table in TABLES:
        columns = table.c
        query = sa.select(columns.version, columns.document).where(
            columns.tenant_id == tenant_id, columns.state == VersionState.ACTIVE
        )
        rows = await connection.execute(query)
        active += [Versioned(row.version, read_stored(row.document)) for row in rows]
    return active


async def activate(
    connection: AsyncConnection, tenant_id: str, new: Versioned[Document], now: datetime
) -> None:
    """Stores a version, active from now on in place of the one before."""
    table, keys = place_of(new.value)
    same = [table.c[name] == value for name, value in keys.items()]
    await connection.execute(
        sa.update(table)
        .where(table.c.tenant_id == tenant_id, *same, table.c.state == VersionState.ACTIVE)
        .values(state=VersionState.SUPERSEDED)
    )
    labels = {"name": new.value.name} if isinstance(new.value, Topology) else {}
    await connection.execute(
        sa.insert(table).values(
            tenant_id=tenant_id,
            version=new.version,
            state=VersionState.ACTIVE,
            document=write_document(new.value),
            create_time=now,
            **keys,
            **labels,
        )
    )


def place_of(document: Document) -> tuple[sa.Table, dict[str, str]]:
    """Returns the table a document belongs in, and what tells it from others there."""
    match document:
        case Topology():
            return tables.topologies, {}
        case WalletPolicy():
            return tables.wallet_policies, {}
        case Policy(provider_type=name):
            return tables.policies, {"provider_type": name}
        case ProviderProfile(provider_id=name):
            return tables.provider_profiles, {"provider_id": name}
