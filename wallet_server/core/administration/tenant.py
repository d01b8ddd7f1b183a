"""A tenant, as far as it is not its versions."""

from datetime import datetime

from wallet_server.core.value import value


@value
class TenantSettings:
    """What is set for a tenant, and not by versions.

    `single_handed`: one person may approve what they have written themselves, and
    `wallet-server apply` may replace what is active. For development alone.
    """

    display_name: str = ""
    single_handed: bool = False


@value
class Tenant:
    """A tenant. `epoch` counts activations, `revision` the changes of its settings."""

    tenant_id: str
    epoch: int
    revision: int
    settings: TenantSettings
    create_time: datetime


@value
class Provider:
    """A provider that a tenant has an active profile of.

    `policy_version` is that of its type's active policy; zero for none: then it can place no bets.
    """

    provider_id: str
    provider_type: str
    profile_version: int
    policy_version: int
