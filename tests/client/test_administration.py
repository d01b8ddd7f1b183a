"""The client asks for administrative acts, and tells why they are refused."""

import pytest

from tests.servers import RunningServer
from wallet.v1 import policy_admin_pb2 as policies
from wallet.v1 import topology_admin_pb2 as topologies
from wallet.v1.diff_pb2 import CHANGE_KIND_ADDED
from wallet.v1.topology_pb2 import VERSION_STATE_ACTIVE, VERSION_STATE_DRAFT
from wallet_client import DeclinedError, InvalidRequestError, StaleError, WalletClient

WALLETS = "kind: WalletPolicy\nrecovery_scope: GROUP\n"
SECOND = policies.PolicyName(wallet_policy=True, version=2)


async def test_a_version_goes_from_a_draft_to_the_active_one(server: RunningServer) -> None:
    async with WalletClient(server.target) as wallets:
        maria = wallets.acting_as("maria")
        document = policies.PolicyDocument(yaml=WALLETS)
        created = await maria.create_policy(
            policies.CreatePolicyRequest(tenant_id="demo", document=document)
        )
        draft = created.document.wallet_policy
        validated = await maria.validate_policy(
            policies.ValidatePolicyRequest(tenant_id="demo", name=SECOND, etag=draft.etag)
        )
        with pytest.raises(StaleError) as stale:
            await maria.approve_policy(
                policies.ApprovePolicyRequest(tenant_id="demo", name=SECOND, etag=draft.etag)
            )
        approved = await maria.approve_policy(
            policies.ApprovePolicyRequest(
                tenant_id="demo", name=SECOND, etag=validated.document.wallet_policy.etag
            )
        )
        activated = await maria.activate_policy(
            policies.ActivatePolicyRequest(
                tenant_id="demo", name=SECOND, etag=approved.document.wallet_policy.etag
            )
        )
        differences = await wallets.diff_policies(
            policies.DiffPoliciesRequest(
                tenant_id="demo", name=policies.PolicyName(wallet_policy=True, version=1)
            )
        )

    assert (draft.version, draft.state, draft.author) == (2, VERSION_STATE_DRAFT, "maria")
    assert stale.value.reason == "ETAG_MISMATCH"
    assert activated.document.wallet_policy.state == VERSION_STATE_ACTIVE
    [change] = differences.changes
    assert (change.path, change.kind, change.after) == (
        "recovery_scope",
        CHANGE_KIND_ADDED,
        '"GROUP"',
    )


async def test_errors_carry_what_is_wrong_with_documents(server: RunningServer) -> None:
    async with WalletClient(server.target) as wallets:
        maria = wallets.acting_as("maria")
        with pytest.raises(InvalidRequestError) as unreadable:
            await maria.create_topology(
                topologies.CreateTopologyRequest(tenant_id="demo", yaml="kind: Topology\n")
            )
        document = policies.PolicyDocument(yaml=f"{WALLETS}jurisdiction: MARS\n")
        draft = await maria.create_policy(
            policies.CreatePolicyRequest(tenant_id="demo", document=document)
        )
        with pytest.raises(DeclinedError) as invalid:
            await maria.validate_policy(
                policies.ValidatePolicyRequest(
                    tenant_id="demo", name=SECOND, etag=draft.document.wallet_policy.etag
                )
            )

    problems = unreadable.value.details.problems
    assert {each.reason for each in problems} == {"MISSING_FIELD"}
    assert {each.path for each in problems} >= {"name", "assets"}
    [problem] = invalid.value.details.problems
    assert (problem.path, problem.reason) == ("jurisdiction", "UNKNOWN_JURISDICTION")


async def test_errors_carry_what_is_in_the_way_of_a_topology(server: RunningServer) -> None:
    async with WalletClient(server.target) as wallets:
        maria = wallets.acting_as("maria")
        active = await wallets.get_topology(topologies.GetTopologyRequest(tenant_id="demo"))
        topology = active.topology
        kept = [each for each in topology.buckets if each.code != "casino_bonus"]
        del topology.buckets[:]
        topology.buckets.extend(kept)
        topology.retired_buckets.add(code="casino_bonus", successor="casino_normal")
        told = (
            await maria.create_topology(
                topologies.CreateTopologyRequest(tenant_id="demo", topology=topology)
            )
        ).topology
        told = (
            await maria.validate_topology(
                topologies.ValidateTopologyRequest(tenant_id="demo", version=2, etag=told.etag)
            )
        ).topology
        told = (
            await maria.approve_topology(
                topologies.ApproveTopologyRequest(tenant_id="demo", version=2, etag=told.etag)
            )
        ).topology
        with pytest.raises(DeclinedError) as blocked:
            await maria.activate_topology(
                topologies.ActivateTopologyRequest(tenant_id="demo", version=2, etag=told.etag)
            )

    assert blocked.value.reason == "TOPOLOGY_ACTIVATION_BLOCKED"
    subjects = {each.subject for each in blocked.value.details.blockers}
    assert subjects >= {"Policy SLOTS v1", "Policy LIVE v1"}
