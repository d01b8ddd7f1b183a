"""Reads audit records and the head of the chain, for people and tools."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wallet_server.core.administration.act import WHOLE_INSTALLATION
from wallet_server.core.administration.audit_filter import AuditFilter
from wallet_server.core.administration.audit_record import AuditRecord
from wallet_server.core.administration.chain_head import ChainHead
from wallet_server.core.refusals import TenantNotFound
from wallet_server.core.refusals.tenancy import ChainHeadNotFound
from wallet_server.execution.errors import RefusedError, StorageUnavailableError
from wallet_server.storage import audit_pages, tenants
from wallet_server.storage.audit_pages import Place
from wallet_server.storage.troubles import Trouble, trouble_of


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """Lends a connection that cannot write. Trouble with the database is a fault, not a bug."""
    options = {"isolation_level": "READ COMMITTED", "postgresql_readonly": True}
    try:
        async with engine.execution_options(**options).connect() as connection:
            yield connection
    except RefusedError:
        raise
    except Exception as error:
        if trouble_of(error) is Trouble.BROKEN:
            raise
        raise StorageUnavailableError from error


class AuditReader:
    """Reads pages of audit records, and heads of chains."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Takes the engine that connections come from."""
        self._engine = engine

    async def records(
        self, wanted: AuditFilter, *, before: Place | None, limit: int
    ) -> list[AuditRecord]:
        """Returns the newest records that pass a filter, of those before a place.

        Raises:
            RefusedError: There is no such tenant.
            StorageUnavailableError: The database is away.
        """
        async with reading(self._engine) as connection:
            found = await audit_pages.page(connection, wanted, before=before, limit=limit)
            if not found and wanted.tenant_id != WHOLE_INSTALLATION:
                await check_tenant(connection, wanted.tenant_id)
            return found

    async def chain_head(self, chain: int) -> ChainHead:
        """Returns the last block of a chain.

        Raises:
            RefusedError: Nothing is sealed in it yet.
            StorageUnavailableError: The database is away.
        """
        async with reading(self._engine) as connection:
            found = await audit_pages.find_head(connection, chain)
        if found is None:
            raise RefusedError(ChainHeadNotFound(chain))
        return found


async def check_tenant(connection: AsyncConnection, tenant_id: str) -> None:
    """Makes sure that there is a tenant.

    Raises:
        RefusedError: There is none.
    """
    if await tenants.find_epoch(connection, tenant_id) is None:
        raise RefusedError(TenantNotFound(tenant_id))
