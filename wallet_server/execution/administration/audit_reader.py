"""Reads audit records and the head of the chain, for people and tools."""

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.core.administration.act import WHOLE_INSTALLATION
from wallet_server.core.administration.audit_filter import AuditFilter
from wallet_server.core.administration.audit_record import AuditRecord
from wallet_server.core.administration.chain_head import ChainHead
from wallet_server.core.refusals.tenancy import ChainHeadNotFound
from wallet_server.execution.administration.lookups import find_tenant
from wallet_server.execution.administration.reading import reading
from wallet_server.execution.errors import RefusedError
from wallet_server.storage import audit_pages
from wallet_server.storage.audit_pages import Place


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
                await find_tenant(connection, wanted.tenant_id)
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
