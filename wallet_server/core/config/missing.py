"""Why a tenant has no configuration that its commands could be decided by."""

from wallet_server.core.refusals import Refusal, TenantNotConfigured, TenantNotFound


def without_configuration(tenant_id: str, *, exists: bool) -> Refusal:
    """Returns why: there is no such tenant, or nothing is active for it yet."""
    return TenantNotConfigured(tenant_id) if exists else TenantNotFound(tenant_id)
