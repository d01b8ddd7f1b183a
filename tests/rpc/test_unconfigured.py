"""Tenants without an active topology or wallet policy: every method says so, or what follows."""

from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor

from tests.database import Database
from tests.rpc.failures import failure_in, failure_of
from tests.rpc.malformed import METHODS, good_request
from tests.servers import RunningServer
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import WalletRef
from wallet_server.embedded.roles import Role

NOTHING = ""
TOPOLOGY, WALLET_POLICY = "topologies", "wallet_policies"
BATCH = "ExecuteBatch"
COMMANDS = [
    method
    for method in METHODS
    if method.containing_service.name == "WalletCommands" and method.name != BATCH
]
READS = [method for method in METHODS if method.containing_service.name == "WalletQueries"]
WALLET = WalletRef(tenant_id="demo", player_id="p1", currency_code="EUR")


@pytest.fixture(params=[NOTHING, TOPOLOGY, WALLET_POLICY])
async def unconfigured(
    request: pytest.FixtureRequest, server: RunningServer, database: Database
) -> RunningServer:
    """A server whose tenant has nothing active but what the parameter says."""
    connection = await database.connect(Role.SERVER)
    for table in (TOPOLOGY, WALLET_POLICY, "policies", "provider_profiles"):
        if table != request.param:
            await connection.execute(f"UPDATE {table} SET state = 'SUPERSEDED'")
    return server


async def called(server: RunningServer, method: MethodDescriptor, request: Any) -> Any:
    """Calls a method."""
    path = f"/{method.containing_service.full_name}/{method.name}"
    call: Any = server.channel.unary_unary(path, type(request).SerializeToString)
    return await call(request, metadata=(("x-actor", "ann"),))


async def test_every_command_is_refused_and_none_is_recorded(unconfigured: RunningServer) -> None:
    for method in COMMANDS:
        refused = await failure_of(called(unconfigured, method, good_request(method)))

        assert refused.code is grpc.StatusCode.FAILED_PRECONDITION, method.name
        assert refused.reason == "TENANT_NOT_CONFIGURED", method.name
        assert refused.metadata == {"tenant_id": "demo"}
    rows = await unconfigured.rows()
    assert (rows["wallets"], rows["answers"]) == (0, 0)


async def test_commands_of_a_batch_are_refused_each(unconfigured: RunningServer) -> None:
    opening = pb.OpenWalletRequest(request_id="r1", wallet=WALLET)
    batch = pb.ExecuteBatchRequest(commands=[pb.BatchCommand(open_wallet=opening)])

    response = await WalletCommandsStub(unconfigured.channel).ExecuteBatch(batch)

    assert [failure_in(each.error).reason for each in response.results] == ["TENANT_NOT_CONFIGURED"]


async def test_every_read_finds_no_wallet(unconfigured: RunningServer) -> None:
    for method in READS:
        refused = await failure_of(called(unconfigured, method, good_request(method)))

        assert refused.reason in {"WALLET_NOT_FOUND", "TENANT_NOT_CONFIGURED"}, method.name


async def test_a_tenant_that_is_configured_at_last_takes_commands(
    unconfigured: RunningServer, database: Database
) -> None:
    opening = pb.OpenWalletRequest(request_id="r1", wallet=WALLET)
    commands = WalletCommandsStub(unconfigured.channel)
    await failure_of(commands.OpenWallet(opening))
    connection = await database.connect(Role.SERVER)
    for table in (TOPOLOGY, WALLET_POLICY, "policies", "provider_profiles"):
        await connection.execute(f"UPDATE {table} SET state = 'ACTIVE'")
    await connection.execute("UPDATE tenants SET epoch = epoch + 1")

    assert (await commands.OpenWallet(opening)).sequence == 1
