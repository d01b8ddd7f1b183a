"""Health, reflection and the end of a server, over a real socket."""

import asyncio
import json
import shutil
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest
from grpc_reflection.v1alpha.reflection_pb2_grpc import ServerReflectionStub

from tests.rpc.bets import bet
from tests.rpc.failures import failure_of
from tests.rpc.malformed import METHODS
from tests.servers import RunningServer
from wallet_server.rpc.edge import SERVICES
from wallet_server.rpc.health import WATCHERS_MAX
from wallet_server.rpc.reflection import STREAMS_MAX
from wallet_server.rpc.registry import HOT_METHODS

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub

GRPCURL = Path(sysconfig.get_path("scripts")) / "grpcurl"
OWN_CONNECTION = (("grpc.use_local_subchannel_pool", 1),)
SERVING, NOT_SERVING = HealthCheckResponse.SERVING, HealthCheckResponse.NOT_SERVING


@pytest.mark.parametrize("service", ["", *SERVICES])
async def test_every_service_is_healthy_and_whoever_watches_is_told_of_the_end(
    server: RunningServer, service: str
) -> None:
    health: Any = HealthStub(server.channel)
    request = HealthCheckRequest(service=service)
    before = await health.Check(request)
    watching = health.Watch(request)
    first = await watching.read()

    stopping = asyncio.create_task(server.edge.stop(grace_seconds=60))
    last = await watching.read()
    await asyncio.wait_for(stopping, 5)

    assert before.status == first.status == SERVING
    assert last.status == NOT_SERVING


async def test_the_health_of_a_service_that_is_not_there_is_unknown(server: RunningServer) -> None:
    health: Any = HealthStub(server.channel)
    request = HealthCheckRequest(service="wallet.v1.WalletRumours")

    watched = await health.Watch(request).read()
    with pytest.raises(grpc.aio.AioRpcError) as checked:
        await health.Check(request)

    assert watched.status == HealthCheckResponse.SERVICE_UNKNOWN
    assert checked.value.code() is grpc.StatusCode.NOT_FOUND


async def test_only_so_many_watch_by_a_connection_and_whoever_goes_leaves_a_place(
    server: RunningServer,
) -> None:
    """They need no credentials, and each takes memory for as long as it likes."""
    health: Any = HealthStub(server.channel)
    watching = [health.Watch(HealthCheckRequest()) for _ in range(WATCHERS_MAX)]
    for each in watching:
        assert (await each.read()).status == SERVING

    refused = await failure_of(health.Watch(HealthCheckRequest()).read())
    assert (await health.Check(HealthCheckRequest())).status == SERVING
    async with grpc.aio.insecure_channel(server.target, options=OWN_CONNECTION) as channel:
        elsewhere: Any = HealthStub(channel)
        assert (await elsewhere.Watch(HealthCheckRequest()).read()).status == SERVING
    for each in watching:
        each.cancel()

    assert (refused.code, refused.reason) == (grpc.StatusCode.UNAVAILABLE, "OVERLOADED")
    assert await until_answered(lambda: health.Watch(HealthCheckRequest()).read()) == SERVING


async def test_only_so_many_ask_for_descriptions_at_once(server: RunningServer) -> None:
    channel: Any = server.channel
    reflection: Any = ServerReflectionStub(channel)
    asking = ServerReflectionRequest(list_services="")
    open_calls = [reflection.ServerReflectionInfo() for _ in range(STREAMS_MAX)]
    for each in open_calls:
        await each.write(asking)
        assert (await each.read()).list_services_response.service

    refused = await failure_of(reflection.ServerReflectionInfo(iter([asking])).read())
    for each in open_calls:
        each.cancel()

    assert (refused.code, refused.reason) == (grpc.StatusCode.UNAVAILABLE, "OVERLOADED")


async def until_answered(ask: Callable[[], Any]) -> int:
    """Returns the status that is told once there is a place."""
    async with asyncio.timeout(10):
        while True:
            try:
                return (await ask()).status
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.UNAVAILABLE:
                    raise


async def test_a_draining_server_sends_callers_elsewhere(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    await server.executor.drain()

    failure = await failure_of(commands.AuthorizeBet(bet("r1", 5)))

    assert (failure.code, failure.reason) == (grpc.StatusCode.UNAVAILABLE, "SHUTTING_DOWN")
    assert failure.retry_delay_ms


async def grpcurl(server: RunningServer, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        GRPCURL,
        "-plaintext",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


needs_grpcurl = pytest.mark.skipif(
    shutil.which(GRPCURL) is None, reason="no package brings grpcurl to this platform"
)


def test_every_hot_method_is_a_method() -> None:
    paths = {f"/{method.containing_service.full_name}/{method.name}" for method in METHODS}

    assert paths > HOT_METHODS


@needs_grpcurl
async def test_grpcurl_finds_all_services_without_proto_files(server: RunningServer) -> None:
    _, out = await grpcurl(server, server.target, "list")

    shown = {"grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"}
    assert set(out.split()) == {*SERVICES, *shown}


@needs_grpcurl
async def test_grpcurl_describes_and_calls_without_proto_files(server: RunningServer) -> None:
    wallet = {"tenant_id": "demo", "player_id": "p2", "currency_code": "EUR"}
    request = json.dumps({"request_id": "r1", "wallet": wallet})
    method = "wallet.v1.WalletCommands/OpenWallet"

    _, described = await grpcurl(server, server.target, "describe", "wallet.v1.AuthorizeBetRequest")
    _, called = await grpcurl(server, "-d", request, server.target, method)
    _, health = await grpcurl(server, server.target, "grpc.health.v1.Health/Check")

    assert "string bet_ref = 5" in described
    assert json.loads(called) == {"sequence": "1", "outcome": "OUTCOME_APPLIED"}
    assert json.loads(health) == {"status": "SERVING"}


@needs_grpcurl
async def test_grpcurl_sends_many_commands_and_shows_what_became_of_each(
    server: RunningServer,
) -> None:
    wallet = {"tenant_id": "demo", "player_id": "p2", "currency_code": "EUR"}
    opening = {"open_wallet": {"request_id": "r1", "wallet": wallet}}
    rollback = {"rollback_transaction": {"request_id": "r2", "wallet": wallet}}
    method = "wallet.v1.WalletCommands/ExecuteBatch"

    _, out = await grpcurl(
        server, "-d", json.dumps({"commands": [opening, rollback]}), server.target, method
    )

    opened, invalid = json.loads(out)["results"]
    assert opened == {"open_wallet": {"sequence": "1", "outcome": "OUTCOME_APPLIED"}}
    assert invalid["error"]["code"] == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    info, bad_request = invalid["error"]["details"]
    assert info["reason"] == "INVALID_REQUEST"
    fields = [violation["field"] for violation in bad_request["field_violations"]]
    assert fields == ["provider_id", "transaction_ref"]


@needs_grpcurl
async def test_grpcurl_shows_the_details_of_an_error(server: RunningServer) -> None:
    code, out = await grpcurl(
        server, "-d", '{"request_id": "r1"}', server.target, "wallet.v1.WalletCommands/OpenWallet"
    )

    assert code != 0
    assert "InvalidArgument" in out
    assert '"reason":"INVALID_REQUEST"' in out.replace(" ", "")
    assert '"field":"wallet"' in out.replace(" ", "")
