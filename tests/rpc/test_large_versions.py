"""Lists of versions with large documents come in pages that clients take."""

from typing import Any

import pytest

from tests.rpc.failures import failure_of
from tests.servers import RunningServer
from wallet.v1 import policy_admin_pb2 as policies
from wallet.v1 import topology_admin_pb2 as topologies
from wallet.v1.policy_admin_pb2_grpc import PolicyAdminStub
from wallet.v1.topology_admin_pb2_grpc import TopologyAdminStub

ADDED = 30
ADD = f"""
INSERT INTO {{table}} SELECT (jsonb_populate_record(t, jsonb_build_object(
    'version', n, 'state', 'ARCHIVED', 'comment', repeat('x', 150_000)
))).* FROM {{table}} AS t CROSS JOIN generate_series(2, {ADDED + 1}) AS n
WHERE tenant_id = 'demo' AND version = 1
"""
"""Adds versions to each key of a table. It is no matter what makes them large."""

LISTS: dict[str, tuple[Any, str, dict[str, str]]] = {
    "topologies": (topologies.ListTopologiesRequest, "ListTopologies", {}),
    "wallet_policies": (policies.ListWalletPoliciesRequest, "ListWalletPolicies", {}),
    "policies": (policies.ListPoliciesRequest, "ListPolicies", {"provider_type": "SPORTS"}),
    "provider_profiles": (
        policies.ListProviderProfilesRequest,
        "ListProviderProfiles",
        {"provider_id": "acme-sports"},
    ),
}


@pytest.mark.parametrize("table", LISTS)
async def test_pages_of_large_versions_are_such_as_clients_take(
    server: RunningServer, table: str
) -> None:
    """Clients take messages of 4 MiB, unless they are told otherwise."""
    await server.database.tamper(ADD.format(table=table))
    request, method, filters = LISTS[table]
    stub = (TopologyAdminStub if table == "topologies" else PolicyAdminStub)(server.channel)
    pages: list[list[int]] = []
    token = ""
    while token or not pages:
        asked = request(tenant_id="demo", page_size=500, page_token=token, **filters)
        page = await getattr(stub, method)(asked)
        pages.append([each.version for each in getattr(page, table)])
        token = page.next_page_token

    assert [each for page in pages for each in page] == list(range(ADDED + 1, 0, -1))
    assert {len(page) for page in pages[:-1]} == {7}


async def test_a_page_of_large_versions_goes_on_across_keys(server: RunningServer) -> None:
    await server.database.tamper(ADD.format(table="policies"))
    stub = PolicyAdminStub(server.channel)
    found: list[tuple[str, int]] = []
    asked = policies.ListPoliciesRequest(tenant_id="demo", page_size=500)
    while asked.page_token or not found:
        page = await stub.ListPolicies(asked)
        found += [(each.provider_type, each.version) for each in page.policies]
        asked.page_token = page.next_page_token

    versions = range(ADDED + 1, 0, -1)
    assert found == [(name, each) for name in ("LIVE", "SLOTS", "SPORTS") for each in versions]


async def test_pages_have_as_many_versions_as_asked_for_beyond_what_is_read_at_once(
    server: RunningServer,
) -> None:
    small = ADD.replace("150_000", "1").replace(f"{ADDED + 1}", "150")
    await server.database.tamper(small.format(table="topologies"))
    stub = TopologyAdminStub(server.channel)

    first = await stub.ListTopologies(
        topologies.ListTopologiesRequest(tenant_id="demo", page_size=140)
    )
    rest = await stub.ListTopologies(
        topologies.ListTopologiesRequest(
            tenant_id="demo", page_size=140, page_token=first.next_page_token
        )
    )

    assert [each.version for each in first.topologies] == list(range(150, 10, -1))
    assert [each.version for each in rest.topologies] == list(range(10, 0, -1))
    assert rest.next_page_token == ""
    wrong = topologies.ListTopologiesRequest(tenant_id="other", page_token=first.next_page_token)
    assert (await failure_of(stub.ListTopologies(wrong))).reason == "PAGE_TOKEN_INVALID"
