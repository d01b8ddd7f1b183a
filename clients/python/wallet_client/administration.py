"""The client's methods that change configurations."""

import grpc.aio

from wallet.v1 import policy_admin_pb2 as policies
from wallet.v1 import topology_admin_pb2 as topologies
from wallet.v1.policy_admin_pb2_grpc import PolicyAdminStub
from wallet.v1.topology_admin_pb2_grpc import TopologyAdminStub
from wallet_client.calls import Calls, Token
from wallet_client.retry import RetryPolicy


class AdminCalls(Calls):
    """Asks for administrative acts. One without a `request_id` gets one."""

    def __init__(
        self, channel: grpc.aio.Channel, policy: RetryPolicy, token: Token | None = None
    ) -> None:
        """Uses the channel, and sends the token with every call."""
        super().__init__(channel, policy, token)
        self._topology_acts = TopologyAdminStub(channel)
        self._policy_acts = PolicyAdminStub(channel)

    async def create_topology(
        self, request: topologies.CreateTopologyRequest
    ) -> topologies.CreateTopologyResponse:
        """Stores a new topology version, as a draft."""
        return await self._command(self._topology_acts.CreateTopology, request)

    async def update_topology(
        self, request: topologies.UpdateTopologyRequest
    ) -> topologies.UpdateTopologyResponse:
        """Replaces what a draft of a topology says."""
        return await self._command(self._topology_acts.UpdateTopology, request)

    async def validate_topology(
        self, request: topologies.ValidateTopologyRequest
    ) -> topologies.ValidateTopologyResponse:
        """Looks for everything that is wrong with a topology."""
        return await self._command(self._topology_acts.ValidateTopology, request)

    async def approve_topology(
        self, request: topologies.ApproveTopologyRequest
    ) -> topologies.ApproveTopologyResponse:
        """Approves a topology version."""
        return await self._command(self._topology_acts.ApproveTopology, request)

    async def activate_topology(
        self, request: topologies.ActivateTopologyRequest
    ) -> topologies.ActivateTopologyResponse:
        """Makes a topology version the active one."""
        return await self._command(self._topology_acts.ActivateTopology, request)

    async def archive_topology(
        self, request: topologies.ArchiveTopologyRequest
    ) -> topologies.ArchiveTopologyResponse:
        """Gives a topology version up."""
        return await self._command(self._topology_acts.ArchiveTopology, request)

    async def start_draining(
        self, request: topologies.StartDrainingRequest
    ) -> topologies.StartDrainingResponse:
        """Lets a bucket take no new money."""
        return await self._command(self._topology_acts.StartDraining, request)

    async def stop_draining(
        self, request: topologies.StopDrainingRequest
    ) -> topologies.StopDrainingResponse:
        """Lets a bucket take new money again."""
        return await self._command(self._topology_acts.StopDraining, request)

    async def drain_bucket(
        self, request: topologies.DrainBucketRequest
    ) -> topologies.DrainBucketResponse:
        """Asks to move what wallets have in a bucket to another."""
        return await self._command(self._topology_acts.DrainBucket, request)

    async def approve_drain(
        self, request: topologies.ApproveDrainRequest
    ) -> topologies.ApproveDrainResponse:
        """Lets a drain begin."""
        return await self._command(self._topology_acts.ApproveDrain, request)

    async def cancel_drain(
        self, request: topologies.CancelDrainRequest
    ) -> topologies.CancelDrainResponse:
        """Ends a drain."""
        return await self._command(self._topology_acts.CancelDrain, request)

    async def create_policy(
        self, request: policies.CreatePolicyRequest
    ) -> policies.CreatePolicyResponse:
        """Stores a new version of a policy, wallet policy or profile, as a draft."""
        return await self._command(self._policy_acts.CreatePolicy, request)

    async def update_policy(
        self, request: policies.UpdatePolicyRequest
    ) -> policies.UpdatePolicyResponse:
        """Replaces what a draft says."""
        return await self._command(self._policy_acts.UpdatePolicy, request)

    async def validate_policy(
        self, request: policies.ValidatePolicyRequest
    ) -> policies.ValidatePolicyResponse:
        """Looks for everything that is wrong with a version."""
        return await self._command(self._policy_acts.ValidatePolicy, request)

    async def approve_policy(
        self, request: policies.ApprovePolicyRequest
    ) -> policies.ApprovePolicyResponse:
        """Approves a version."""
        return await self._command(self._policy_acts.ApprovePolicy, request)

    async def schedule_policy(
        self, request: policies.SchedulePolicyRequest
    ) -> policies.SchedulePolicyResponse:
        """Lets a version become active at a time."""
        return await self._command(self._policy_acts.SchedulePolicy, request)

    async def unschedule_policy(
        self, request: policies.UnschedulePolicyRequest
    ) -> policies.UnschedulePolicyResponse:
        """Takes back when a version becomes active."""
        return await self._command(self._policy_acts.UnschedulePolicy, request)

    async def activate_policy(
        self, request: policies.ActivatePolicyRequest
    ) -> policies.ActivatePolicyResponse:
        """Makes a version the active one."""
        return await self._command(self._policy_acts.ActivatePolicy, request)

    async def archive_policy(
        self, request: policies.ArchivePolicyRequest
    ) -> policies.ArchivePolicyResponse:
        """Gives a version up."""
        return await self._command(self._policy_acts.ArchivePolicy, request)
