"""Whole configurations, read for the path of commands: one statement, so one snapshot."""

import json
from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wallet_server.core.config.configuration import Configuration, Versioned
from wallet_server.core.config.documents import Document
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.storage.versions import read_stored

if TYPE_CHECKING:
    import asyncpg

# Each branch names the tenants again: then it uses the index of active versions.
LOAD = """
    SELECT tenant_id, epoch, version, document,
        coalesce(fence_expire_time > clock_timestamp(), false) AS is_fenced, (
        SELECT array_agg(bucket) FROM bucket_statuses AS s
        WHERE s.tenant_id = tenants.tenant_id AND s.status = 'DRAINING'
    ) AS draining
    FROM tenants JOIN (
        SELECT tenant_id, version, document FROM topologies
        WHERE state = 'ACTIVE' AND tenant_id = ANY ($1)
        UNION ALL
        SELECT tenant_id, version, document FROM wallet_policies
        WHERE state = 'ACTIVE' AND tenant_id = ANY ($1)
        UNION ALL
        SELECT tenant_id, version, document FROM policies
        WHERE state = 'ACTIVE' AND tenant_id = ANY ($1)
        UNION ALL
        SELECT tenant_id, version, document FROM provider_profiles
        WHERE state = 'ACTIVE' AND tenant_id = ANY ($1)
    ) AS active USING (tenant_id)
    WHERE tenant_id = ANY ($1::text[])
"""


async def load(
    connection: "asyncpg.Connection[Any]", tenant_ids: Sequence[str]
) -> dict[str, Configuration]:
    """Returns the configurations of tenants, each as of its epoch.

    Tenants that do not exist are left out, as are those without an active topology or an active
    wallet policy.
    """
    epochs: dict[str, int] = {}
    fenced: set[str] = set()
    draining: dict[str, frozenset[str]] = {}
    active: defaultdict[str, list[Versioned[Document]]] = defaultdict(list)
    for row in await connection.fetch(LOAD, list(tenant_ids)):
        tenant_id = row["tenant_id"]
        epochs[tenant_id] = row["epoch"]
        draining[tenant_id] = frozenset(row["draining"] or ())
        if row["is_fenced"]:
            fenced.add(tenant_id)
        document = read_stored(json.loads(row["document"]))
        active[tenant_id].append(Versioned(row["version"], document))
    assembled = {
        tenant_id: assemble(tenant_id, epoch, active[tenant_id], draining[tenant_id])
        for tenant_id, epoch in epochs.items()
    }
    return {
        tenant_id: replace(found, is_fenced=tenant_id in fenced)
        for tenant_id, found in assembled.items()
        if found is not None
    }


def assemble(
    tenant_id: str,
    epoch: int,
    active: Sequence[Versioned[Document]],
    draining: AbstractSet[str] = frozenset(),
) -> Configuration | None:
    """Puts a tenant's active versions together; None without a topology or a wallet policy.

    `draining` are buckets that are being emptied, beside those of which the topology says so.
    """
    topologies: list[Versioned[Topology]] = []
    wallet_policies: list[Versioned[WalletPolicy]] = []
    policies: dict[str, Versioned[Policy]] = {}
    profiles: dict[str, Versioned[ProviderProfile]] = {}
    for each in active:
        match each.value:
            case Topology() as topology:
                topologies.append(Versioned(each.version, topology.with_draining(draining)))
            case WalletPolicy() as wallet_policy:
                wallet_policies.append(Versioned(each.version, wallet_policy))
            case Policy() as policy:
                policies[policy.provider_type] = Versioned(each.version, policy)
            case ProviderProfile() as profile:
                profiles[profile.provider_id] = Versioned(each.version, profile)
    if not topologies or not wallet_policies:
        return None
    (topology,), (wallet_policy,) = topologies, wallet_policies
    return Configuration(tenant_id, epoch, topology, wallet_policy, policies, profiles)
