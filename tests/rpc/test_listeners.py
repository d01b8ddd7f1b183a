"""One port with several grpc servers behind it: to callers they are one."""

import asyncio
import socket
import sys
from typing import Any

import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.rpc.bets import WALLET
from tests.servers import RunningServer
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet_server.rpc.edge import EdgeSettings
from wallet_server.rpc.listeners import bind_all, check_free, listeners_count_at

CONNECTIONS_COUNT = 32
"""Spread over eight servers by the kernel: that one gets none is no surprise, that seven do is."""

OWN_CONNECTION = [("grpc.use_local_subchannel_pool", 1)]


@pytest.fixture(scope="session")
def listeners_count() -> int:
    """As many grpc servers as there are by default."""
    return EdgeSettings(address="", page_token_secret=b"").listeners_count


def connect(target: str) -> list[grpc.aio.Channel]:
    """Opens many connections."""
    return [
        grpc.aio.insecure_channel(target, options=OWN_CONNECTION) for _ in range(CONNECTIONS_COUNT)
    ]


async def test_every_connection_is_served(server: RunningServer) -> None:
    channels = connect(server.target)
    request = pb.OpenWalletRequest(request_id="o1", wallet=WALLET)

    answers = await asyncio.gather(
        *(WalletCommandsStub(channel).OpenWallet(request) for channel in channels)
    )

    assert len({answer.sequence for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    await asyncio.gather(*(channel.close() for channel in channels))


async def test_everybody_who_watches_hears_of_the_end(server: RunningServer) -> None:
    channels = connect(server.target)
    stubs: list[Any] = [health_pb2_grpc.HealthStub(channel) for channel in channels]
    watches = [stub.Watch(health_pb2.HealthCheckRequest()) for stub in stubs]
    first = [await watch.read() for watch in watches]

    stopping = asyncio.create_task(server.edge.stop(grace_seconds=5))
    last = [await watch.read() for watch in watches]
    await stopping

    assert {each.status for each in first} == {health_pb2.HealthCheckResponse.SERVING}
    assert {each.status for each in last} == {health_pb2.HealthCheckResponse.NOT_SERVING}
    await asyncio.gather(*(channel.close() for channel in channels))


async def test_nobody_else_gets_the_port(server: RunningServer) -> None:
    with pytest.raises(RuntimeError, match="cannot listen"):
        check_free(server.target)

    others = [grpc.aio.server(options=[("grpc.so_reuseport", 1)]) for _ in range(2)]
    with pytest.raises(RuntimeError, match="cannot listen"):
        bind_all(others, server.target, is_exclusive=True)
    for other in others:
        await other.stop(None)


async def test_who_shares_a_port_gets_it(server: RunningServer) -> None:
    other = grpc.aio.server(options=[("grpc.so_reuseport", 1)])

    listeners = bind_all([other], server.target, is_exclusive=False)

    assert listeners.port == server.edge.port
    await other.stop(None)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_a_free_address_is_free(host: str) -> None:
    check_free(f"{host}:0")


@pytest.mark.parametrize("address", ["192.0.2.1:0", "no-such-host.invalid:1", "127.0.0.1:x"])
def test_an_address_of_another_machine_is_refused(address: str) -> None:
    with pytest.raises((RuntimeError, ValueError)):
        check_free(address)


def test_a_taken_port_is_refused_whoever_has_it() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(RuntimeError, match="cannot listen"),
    ):
        check_free(f"127.0.0.1:{taken.getsockname()[1]}")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shares connections out")
def test_several_listen_only_where_ports_are_shared_out() -> None:
    assert listeners_count_at("127.0.0.1:0", 8) == 8
    assert listeners_count_at("unix:/run/wallet.sock", 8) == 1
