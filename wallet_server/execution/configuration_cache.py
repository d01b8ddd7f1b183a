"""The configurations that this process decides by, kept until their epoch moves."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wallet_server.core.config.configuration import Configuration
from wallet_server.storage import configurations

if TYPE_CHECKING:
    import asyncpg

TENANTS_MAX = 1024


class ConfigurationCache:
    """One configuration for each tenant, of the newest epoch that was seen.

    Whoever asks has read the tenants' epochs; what is older than those is read anew.
    Only tenants that exist are kept, and of these no more than `tenants_max`: the one
    loaded longest ago goes first.
    """

    def __init__(self, tenants_max: int = TENANTS_MAX) -> None:
        assert tenants_max > 0
        self._tenants_max = tenants_max
        self._configurations: dict[str, Configuration] = {}

    def cached(self, tenant_id: str) -> Configuration | None:
        """Returns what is known, without asking the database."""
        return self._configurations.get(tenant_id)

    def forget(self) -> None:
        """Keeps nothing any more: another database that takes over may give an epoch again."""
        self._configurations.clear()

    async def at(
        self, connection: "asyncpg.Connection[Any]", epochs: Mapping[str, int]
    ) -> dict[str, Configuration]:
        """Returns the tenants' configurations as of these epochs, or of later ones.

        Only what is not known, or older, is read.
        """
        known = {tenant_id: self.cached(tenant_id) for tenant_id in epochs}
        current = {
            tenant_id: configuration
            for tenant_id, configuration in known.items()
            if configuration is not None and configuration.epoch >= epochs[tenant_id]
        }
        stale = [tenant_id for tenant_id in epochs if tenant_id not in current]
        return {**current, **(await self.load(connection, stale) if stale else {})}

    async def load(
        self, connection: "asyncpg.Connection[Any]", tenant_ids: Sequence[str]
    ) -> dict[str, Configuration]:
        """Reads configurations anew, and keeps them. Tenants that do not exist are left out.

        Those that are fenced are not kept: the fence may open at any moment. All are of one
        snapshot: the transaction's, where it is serializable.
        """
        loaded = await configurations.load(connection, tenant_ids)
        for tenant_id, configuration in loaded.items():
            if not configuration.is_fenced:
                self._keep(tenant_id, configuration)
        return loaded

    def _keep(self, tenant_id: str, configuration: Configuration) -> None:
        """Keeps a configuration, unless a newer one came in while it was read."""
        known = self._configurations.get(tenant_id)
        if known is not None and known.epoch > configuration.epoch:
            return
        self._configurations.pop(tenant_id, None)  # So that it counts as loaded just now.
        self._configurations[tenant_id] = configuration
        if len(self._configurations) > self._tenants_max:
            del self._configurations[next(iter(self._configurations))]
