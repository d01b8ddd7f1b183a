"""Decides what becomes of tenants and their settings."""

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from wallet_server.core.administration.audit_record import Plain, Resource, ResourceKind
from wallet_server.core.administration.plain import plain_of
from wallet_server.core.administration.tenant import Tenant, TenantSettings
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.administration import EtagMismatch
from wallet_server.core.refusals.tenancy import SingleHandedNotAllowed

FIRST_EPOCH = 1
FIRST_REVISION = 1


def new_tenant(tenant_id: str, settings: TenantSettings, now: datetime) -> Tenant | Refusal:
    """Returns a tenant as it is made; never a single-handed one."""
    if settings.single_handed:
        return SingleHandedNotAllowed(tenant_id)
    return Tenant(tenant_id, FIRST_EPOCH, FIRST_REVISION, settings, now)


def with_settings(tenant: Tenant, etag: str, settings: TenantSettings) -> Tenant | Refusal:
    """Returns a tenant with other settings. One that needs four eyes will need them for ever."""
    current = str(tenant.revision)
    if etag != current:
        return EtagMismatch(f"tenant {tenant.tenant_id}", etag, current)
    if settings.single_handed and not tenant.settings.single_handed:
        return SingleHandedNotAllowed(tenant.tenant_id)
    return replace(tenant, settings=settings, revision=tenant.revision + 1)


def resource_of_tenant(tenant: Tenant) -> Resource:
    """Returns a tenant as what an act is about."""
    return Resource(ResourceKind.TENANT, tenant.tenant_id, tenant.revision)


def plain_tenant(tenant: Tenant) -> Plain:
    """Returns a tenant as plain data, without its epoch: that is changed by other acts."""
    plain = cast("Plain", plain_of(tenant))
    return {name: each for name, each in plain.items() if name != "epoch"}


def tenant_of_plain(plain: Plain) -> Tenant:
    """Returns the tenant of plain data that `plain_tenant` has written, as of no epoch."""
    fields: dict[str, Any] = dict(plain)
    fields["settings"] = TenantSettings(**fields["settings"])
    fields["create_time"] = datetime.fromisoformat(fields["create_time"])
    return Tenant(epoch=0, **fields)
