"""The requests of administrative acts."""

from typing import TypeAlias

from wallet.v1 import policy_admin_pb2 as policies
from wallet.v1 import tenant_admin_pb2 as tenants
from wallet.v1 import topology_admin_pb2 as topologies

ActRequest: TypeAlias = (
    topologies.CreateTopologyRequest
    | topologies.UpdateTopologyRequest
    | topologies.ValidateTopologyRequest
    | topologies.ApproveTopologyRequest
    | topologies.ActivateTopologyRequest
    | topologies.ArchiveTopologyRequest
    | topologies.StartDrainingRequest
    | topologies.StopDrainingRequest
    | topologies.DrainBucketRequest
    | topologies.ApproveDrainRequest
    | topologies.CancelDrainRequest
    | policies.CreatePolicyRequest
    | policies.UpdatePolicyRequest
    | policies.ValidatePolicyRequest
    | policies.ApprovePolicyRequest
    | policies.SchedulePolicyRequest
    | policies.UnschedulePolicyRequest
    | policies.ActivatePolicyRequest
    | policies.ArchivePolicyRequest
    | tenants.CreateTenantRequest
    | tenants.UpdateTenantRequest
    | tenants.CreateCredentialRequest
    | tenants.UpdateCredentialRequest
    | tenants.RevokeCredentialRequest
    | tenants.RevokeTokensRequest
)
