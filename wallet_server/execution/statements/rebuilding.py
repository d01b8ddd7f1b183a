"""`rebuild-statements`: makes the statements of a tenant from the ledger again."""

from wallet_server.execution.recount import UnknownTenantError
from wallet_server.execution.statements.keeper import StatementKeeper
from wallet_server.execution.statements.settings import StatementSettings


async def rebuild_statements(
    database_url: str, tenant_id: str, time_zone: str | None, settings: StatementSettings
) -> None:
    """Makes the statements of a tenant anew, with days of the time zone, if one is named.

    Servers may go on meanwhile, and do a part of it. If this is stopped they do the rest.

    Raises:
        UnknownTenantError: There is no such tenant.
        UnknownTimeZoneError: There is no such time zone, or the database does not know it.
    """
    keeper = StatementKeeper(database_url, settings)
    try:
        if not await keeper.knows_tenant(tenant_id):
            raise UnknownTenantError(tenant_id)
        await keeper.start_anew(tenant_id, time_zone)
        while not await keeper.is_made(tenant_id):
            await keeper.step(tenant_id)
    finally:
        keeper.close_now()
