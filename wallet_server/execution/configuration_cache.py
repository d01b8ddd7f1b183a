"""The configurations that this process decides by, kept until their epoch moves."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wallet_server.core.config.configuration import Configuration
from wallet_server.core.refusals import TenantNotFound
from wallet_server.execution.errors import RefusedError
from wallet_server.storage import configurations

if TYPE_CHECKING:
    import asyncpg

TENANTS_MAX = 1024


class ConfigurationCache:
    """One configuration for each tenant, of the newest epoch that was seen.

    A batch compares the epochs that it reads with those in here, and calls
    `invalidate` where one moved. Only tenants that exist are kept, and of these no
    more than `tenants_max`: the one loaded longest ago goes first.
    """

    def __init__(self, tenants_max: int = TENANTS_MAX) -> None:
        assert tenants_max > 0
        self._tenants_max = tenants_max
        self._configurations: dict[str, Configuration] = {}

    def cached(self, tenant_id: str) -> Configuration | None:
        """Returns what is known, without asking the database."""
        return self._configurations.get(tenant_id)

    def invalidate(self, tenant_id: str) -> None:
        """Forgets a tenant, so that it is loaded anew."""
        self._configurations.pop(tenant_id, None)

    async def get(self, connection: "asyncpg.Connection[Any]", tenant_id: str) -> Configuration:
        """Returns the tenant's configuration, loading it if it is not known.

        Raises:
            RefusedError: There is no such tenant.

        """
        known = self.cached(tenant_id)
        if known is not None:
            return known
        loaded = await self.load(connection, [tenant_id])
        if tenant_id not in loaded:
            raise RefusedError(TenantNotFound(tenant_id))
        return loaded[tenant_id]

    async def load(
        self, connection: "asyncpg.Connection[Any]", tenant_ids: Sequence[str]
    ) -> dict[str, Configuration]:
        """Reads configurations anew, and keeps them. Tenants that do not exist are left out.

        All are of one snapshot: the transaction's, where it is serializable.
        """
        loaded = await configurations.load(connection, tenant_ids)
        for tenant_id, configuration in loaded.items():
            self._keep(tenant_id, configuration)
        return loaded

    def _keep(self, tenant_id: str, configuration: Configuration) -> None:
        """Keeps a configuration, unless a newer one came in while it was read."""
        known = self._configurations.get(tenant_id)
        if known is not None and known.epoch > configuration.epoch:
            return
        self.invalidate(tenant_id)
        self._configurations[tenant_id] = configuration
        if len(self._configurations) > self._tenants_max:
            self.invalidate(next(iter(self._configurations)))
