"""Reads, over a real socket."""

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from tests.rpc.bets import WALLET, bet, eur
from tests.rpc.failures import failure_of
from tests.servers import RunningServer
from wallet.v1 import policy_admin_pb2, topology_admin_pb2
from wallet.v1 import wallet_queries_pb2 as queries
from wallet.v1.policy_admin_pb2_grpc import PolicyAdminStub
from wallet.v1.topology_admin_pb2_grpc import TopologyAdminStub
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub


async def test_every_read_has_its_response(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    await commands.AuthorizeBet(bet("r1", 400))
    reads = WalletQueriesStub(server.channel)
    one: dict[str, Any] = {"wallet": WALLET, "provider_id": "acme-sports"}

    found = await reads.GetBet(queries.GetBetRequest(bet_ref="b1", **one))
    answer = await reads.GetAnswer(queries.GetAnswerRequest(wallet=WALLET, request_id="r1"))
    explained = await reads.ExplainFunding(queries.ExplainFundingRequest(stake=eur(700), **one))

    assert found.bet == answer.answer.authorize_bet.bet
    assert answer.answer.authorize_bet.replayed
    assert explained.refusal.reason == "INSUFFICIENT_FUNDS"
    assert [s.source for s in explained.considered_sources][-1] == "withdrawable"


async def test_a_read_waits_for_nobody_but_says_when_to_come_back(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    reads = WalletQueriesStub(server.channel)
    await reads.GetWallet(queries.GetWalletRequest(wallet=WALLET, minimum_sequence=2))

    failure = await failure_of(
        reads.GetWallet(queries.GetWalletRequest(wallet=WALLET, minimum_sequence=3))
    )

    assert (failure.code, failure.reason) == (
        grpc.StatusCode.UNAVAILABLE,
        "SEQUENCE_NOT_REACHED",
    )
    assert failure.metadata == {"minimum_sequence": "3", "sequence": "2"}
    assert failure.retry_delay_ms


@pytest.mark.parametrize("newest_first", [False, True])
async def test_the_journal_comes_in_pages(
    server: RunningServer, commands: "WalletCommandsAsyncStub", *, newest_first: bool
) -> None:
    for number in range(4):
        await commands.AuthorizeBet(bet(f"r{number}", 10, f"b{number}"))
    reads, token, seen = WalletQueriesStub(server.channel), "", list[int]()
    while True:
        page = await reads.ListEntries(
            queries.ListEntriesRequest(
                wallet=WALLET, page_size=2, page_token=token, newest_first=newest_first
            )
        )
        seen += [entry.sequence for entry in page.entries]
        if not (token := page.next_page_token):
            break

    assert seen == sorted([2, 3, 4, 5, 6], reverse=newest_first)


async def test_configuration_is_shown_as_it_is(server: RunningServer) -> None:
    topologies, policies = TopologyAdminStub(server.channel), PolicyAdminStub(server.channel)
    tenant: dict[str, Any] = {"tenant_id": "demo"}

    topology = await topologies.GetTopology(topology_admin_pb2.GetTopologyRequest(**tenant))
    versions = await topologies.ListTopologies(topology_admin_pb2.ListTopologiesRequest(**tenant))
    one = policy_admin_pb2.ListPoliciesRequest(page_size=2, **tenant)
    page = await policies.ListPolicies(one)
    one.page_token = page.next_page_token
    rest = await policies.ListPolicies(one)
    profile = await policies.GetProviderProfile(
        policy_admin_pb2.GetProviderProfileRequest(provider_id="royal-live", **tenant)
    )
    wallet_policy = await policies.GetWalletPolicy(
        policy_admin_pb2.GetWalletPolicyRequest(**tenant)
    )

    assert [bucket.code for bucket in topology.topology.buckets][:2] == [
        "sports_normal",
        "casino_normal",
    ]
    assert list(versions.topologies) == [topology.topology]
    assert [p.provider_type for p in (*page.policies, *rest.policies)] == ["LIVE", "SLOTS", "SPORTS"]  # fmt: skip
    assert rest.next_page_token == ""
    assert MessageToDict(profile.provider_profile)["providerType"] == "LIVE"
    assert wallet_policy.wallet_policy.version == 1


@pytest.mark.parametrize(
    ("method", "request_", "reason"),
    [
        ("TopologyAdmin/GetTopology", topology_admin_pb2.GetTopologyRequest(tenant_id="nobody"), "TENANT_NOT_FOUND"),
        ("TopologyAdmin/GetTopology", topology_admin_pb2.GetTopologyRequest(tenant_id="demo", version=9), "TOPOLOGY_NOT_FOUND"),
        ("PolicyAdmin/GetPolicy", policy_admin_pb2.GetPolicyRequest(tenant_id="demo", provider_type="BINGO"), "POLICY_NOT_FOUND"),
        ("PolicyAdmin/GetWalletPolicy", policy_admin_pb2.GetWalletPolicyRequest(tenant_id="demo", version=9), "POLICY_NOT_FOUND"),
        ("PolicyAdmin/GetProviderProfile", policy_admin_pb2.GetProviderProfileRequest(tenant_id="demo", provider_id="x"), "PROVIDER_PROFILE_NOT_FOUND"),
        ("PolicyAdmin/ListProviderProfiles", policy_admin_pb2.ListProviderProfilesRequest(tenant_id="nobody"), "TENANT_NOT_FOUND"),
        ("PolicyAdmin/ListPolicies", policy_admin_pb2.ListPoliciesRequest(tenant_id="demo", page_token="x"), "PAGE_TOKEN_INVALID"),
        ("WalletQueries/GetWallet", queries.GetWalletRequest(wallet=WALLET), "WALLET_NOT_FOUND"),
        ("WalletQueries/GetAnswer", queries.GetAnswerRequest(wallet=WALLET, request_id="r1"), "WALLET_NOT_FOUND"),
    ],
)  # fmt: skip
async def test_what_is_not_there_is_refused(
    server: RunningServer, method: str, request_: Message, reason: str
) -> None:
    call = server.channel.unary_unary(f"/wallet.v1.{method}")

    assert (await failure_of(call(request_.SerializeToString()))).reason == reason
