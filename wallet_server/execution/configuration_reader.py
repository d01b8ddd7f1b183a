"""Reads versions of topologies, policies and provider profiles, for people and tools."""

from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wallet_server.core.config.configuration import StoredVersion
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.refusals import (
    PolicyNotFound,
    ProviderProfileNotFound,
    Refusal,
    TenantNotFound,
    TopologyNotFound,
)
from wallet_server.execution.administration.reading import reading
from wallet_server.execution.errors import RefusedError
from wallet_server.storage import tenants, versions
from wallet_server.storage.versions import (
    POLICIES,
    PROFILES,
    TOPOLOGIES,
    WALLET_POLICIES,
    Kind,
)

T = TypeVar("T", Topology, WalletPolicy, Policy, ProviderProfile)


class ConfigurationReader:
    """Reads one version, or a page of them. Version zero is the active one.

    Every method may raise `RefusedError`: there is no such tenant, or it has no
    such version. A page may be empty.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def topology(self, tenant_id: str, version: int) -> StoredVersion[Topology]:
        """Returns a version of the topology."""
        missing = TopologyNotFound(tenant_id, version)
        return await self._find(TOPOLOGIES, tenant_id, None, version, missing)

    async def topologies(
        self, tenant_id: str, *, before: int | None, limit: int
    ) -> list[StoredVersion[Topology]]:
        """Returns versions of the topology older than `before`, newest first."""
        after = None if before is None else ("", before)
        return await self._page(TOPOLOGIES, tenant_id, None, after, limit)

    async def wallet_policy(self, tenant_id: str, version: int) -> StoredVersion[WalletPolicy]:
        """Returns a version of the wallet policy."""
        missing = PolicyNotFound(tenant_id, "", version)
        return await self._find(WALLET_POLICIES, tenant_id, None, version, missing)

    async def wallet_policies(
        self, tenant_id: str, *, before: int | None, limit: int
    ) -> list[StoredVersion[WalletPolicy]]:
        """Returns versions of the wallet policy older than `before`, newest first."""
        after = None if before is None else ("", before)
        return await self._page(WALLET_POLICIES, tenant_id, None, after, limit)

    async def policy(
        self, tenant_id: str, provider_type: str, version: int
    ) -> StoredVersion[Policy]:
        """Returns a version of the policy of a provider type."""
        missing = PolicyNotFound(tenant_id, provider_type, version)
        return await self._find(POLICIES, tenant_id, provider_type, version, missing)

    async def policies(
        self, tenant_id: str, *, provider_type: str, after: tuple[str, int] | None, limit: int
    ) -> list[StoredVersion[Policy]]:
        """Returns versions of policies, by provider type and newest first.

        An empty `provider_type` is for all. `after` is the provider type and the
        version of the last one that is known.
        """
        return await self._page(POLICIES, tenant_id, provider_type, after, limit)

    async def provider_profile(
        self, tenant_id: str, provider_id: str, version: int
    ) -> StoredVersion[ProviderProfile]:
        """Returns a version of the profile of a provider."""
        missing = ProviderProfileNotFound(tenant_id, provider_id, version)
        return await self._find(PROFILES, tenant_id, provider_id, version, missing)

    async def provider_profiles(
        self, tenant_id: str, *, provider_id: str, after: tuple[str, int] | None, limit: int
    ) -> list[StoredVersion[ProviderProfile]]:
        """Returns versions of provider profiles, as `policies` does."""
        return await self._page(PROFILES, tenant_id, provider_id, after, limit)

    async def _find(
        self, kind: Kind[T], tenant_id: str, key: str | None, version: int, missing: Refusal
    ) -> StoredVersion[T]:
        async with reading(self._engine) as connection:
            found = await versions.find(connection, kind, tenant_id, key, version)
            if found is None:
                await _check_tenant(connection, tenant_id)
                raise RefusedError(missing)
            return found

    async def _page(
        self,
        kind: Kind[T],
        tenant_id: str,
        key: str | None,
        after: tuple[str, int] | None,
        limit: int,
    ) -> list[StoredVersion[T]]:
        async with reading(self._engine) as connection:
            found = await versions.page(
                connection, kind, tenant_id, key=key, after=after, limit=limit
            )
            if not found:
                await _check_tenant(connection, tenant_id)
            return found


async def _check_tenant(connection: AsyncConnection, tenant_id: str) -> None:
    if await tenants.find_epoch(connection, tenant_id) is None:
        raise RefusedError(TenantNotFound(tenant_id))
