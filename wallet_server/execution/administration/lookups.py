"""What acts on versions have in common: finding what they are about, and saying what changed."""

from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.administration.audit_record import Resource, ResourceKind
from wallet_server.core.administration.change import Change
from wallet_server.core.administration.tenant import Tenant
from wallet_server.core.administration.version_plain import (
    plain_version,
    resource_id_of,
    resource_of,
)
from wallet_server.core.administration.versions import Version
from wallet_server.core.config.version import DocumentKind, VersionRef
from wallet_server.core.events.event import Done
from wallet_server.core.refusals import (
    PolicyNotFound,
    ProviderProfileNotFound,
    Refusal,
    TenantNotFound,
    TopologyNotFound,
)
from wallet_server.execution.errors import RefusedError
from wallet_server.storage import tenants, versions

T = TypeVar("T")


def accepted(outcome: T | Refusal) -> T:
    """Returns what was decided, unless it is a refusal.

    Raises:
        RefusedError: It is.
    """
    if isinstance(outcome, Refusal):
        raise RefusedError(outcome)
    return outcome


async def find_tenant(connection: AsyncConnection, tenant_id: str) -> Tenant:
    """Returns the tenant.

    Raises:
        RefusedError: There is none.
    """
    tenant = await tenants.find(connection, tenant_id)
    if tenant is None:
        raise RefusedError(TenantNotFound(tenant_id))
    return tenant


async def find_version(connection: AsyncConnection, tenant_id: str, ref: VersionRef) -> Version:
    """Returns the version of a tenant that is there.

    Raises:
        RefusedError: It has no such version.
    """
    found = await versions.find(
        connection, versions.KINDS[ref.kind], tenant_id, ref.key or None, ref.version
    )
    if found is None:
        raise RefusedError(not_found(tenant_id, ref))
    return found


def not_found(tenant_id: str, ref: VersionRef) -> Refusal:
    """Returns the refusal of a version that is not there."""
    match ref.kind:
        case DocumentKind.TOPOLOGY:
            return TopologyNotFound(tenant_id, ref.version)
        case DocumentKind.PROVIDER_PROFILE:
            return ProviderProfileNotFound(tenant_id, ref.key, ref.version)
        case DocumentKind.POLICY | DocumentKind.WALLET_POLICY:
            return PolicyNotFound(tenant_id, ref.key, ref.version)


def subject_of(ref: VersionRef) -> Resource:
    """Returns a version as what a refused act is about. One yet to be made has no number."""
    return Resource(ResourceKind(ref.kind), resource_id_of(ref))


def change_from(before: Version, after: Version, told: tuple[Done, ...] = ()) -> Change:
    """Returns the step of a version from one revision to the next, and what follows from it."""
    return Change(resource_of(after), plain_version(after), plain_version(before), told)
