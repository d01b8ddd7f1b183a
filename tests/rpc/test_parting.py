"""How a server parts from its callers: from newcomers first, and from nobody by waiting for ever."""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import grpc
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.database import Database
from tests.http2 import greet, is_over
from tests.rpc.test_listeners import OWN_CONNECTION
from tests.servers import RunningServer
from wallet_server.rpc.listeners import Listeners, bind_all, taken_up_count
from wallet_server.rpc.listening_sockets import ListeningSockets, listening_sockets
from wallet_server.server import ARRIVAL_SECONDS, open_server
from wallet_server.settings import Settings

GRACE_SECONDS = 60

ENOUGH_SECONDS = 15
"""Far more than parting takes, and far less than what it would wait for where it waits in vain."""

finds_sockets = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux lists what a process has open"
)


class Answering:
    """A server of one method, which answers when it is let."""

    def __init__(self) -> None:
        """Lets nothing go yet."""
        self.called = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def answer(self, request: bytes, _: Any) -> bytes:
        """Answers what it was asked."""
        self.called.set()
        await self.may_answer.wait()
        return request

    async def serve(self, count: int) -> Listeners:
        """Starts so many servers at one port."""
        handlers = {"Answer": grpc.unary_unary_rpc_method_handler(self.answer)}
        servers = [grpc.aio.server(options=[("grpc.so_reuseport", 1)]) for _ in range(count)]
        for server in servers:
            server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("T", handlers),))
        listeners = bind_all(servers, "127.0.0.1:0", is_exclusive=False)
        await listeners.start()
        return listeners


@pytest.fixture
async def answering() -> Answering:
    """A method that does not answer yet."""
    return Answering()


@pytest.fixture
async def listeners(answering: Answering) -> AsyncIterator[Listeners]:
    """Two servers at a port."""
    listeners = await answering.serve(2)
    yield listeners
    await listeners.stop(0)


def call(channel: grpc.aio.Channel) -> Any:
    """Calls the method."""
    return channel.unary_unary("/T/Answer")(b"a")


def channel_to(port: int) -> grpc.aio.Channel:
    """Returns a channel with a connection of its own."""
    return grpc.aio.insecure_channel(f"127.0.0.1:{port}", OWN_CONNECTION)


@finds_sockets
async def test_who_is_connected_is_served_when_newcomers_are_not(
    answering: Answering, listeners: Listeners
) -> None:
    answering.may_answer.set()
    async with channel_to(listeners.port) as channel:
        await call(channel)

        listeners.stop_listening()

        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", listeners.port)
        assert await call(channel) == b"a"


@finds_sockets
async def test_newcomers_come_to_others_that_listen_at_the_port(listeners: Listeners) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", listeners.port))
        other.listen()

        listeners.stop_listening()

        for _ in range(32):
            _, writer = await asyncio.open_connection("127.0.0.1", listeners.port)
            accepted, _ = other.accept()  # Would wait for ever if somebody else had it.
            accepted.close()
            writer.close()


@finds_sockets
async def test_a_socket_that_has_another_ones_number_is_left_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mine:
        [(inode, descriptor)] = [
            each for each in listening_sockets().items() if each[1] == mine.fileno()
        ]

        ListeningSockets({inode + 1: descriptor}).stop_listening()
        assert inode in listening_sockets()

        ListeningSockets({inode: descriptor}).stop_listening()
        assert inode not in listening_sockets()


@finds_sockets
async def test_a_server_that_stops_hears_who_is_there_until_all_have_arrived(
    server: RunningServer,
) -> None:
    health: Any = health_pb2_grpc.HealthStub(server.channel)
    request = health_pb2.HealthCheckRequest()
    watch = health.Watch(request)
    await watch.read()

    stopping = asyncio.create_task(server.edge.stop(4 * GRACE_SECONDS, arrival_seconds=60))
    told = await watch.read()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", server.edge.port)
    checked = await health.Check(request)
    stopping.cancel()

    assert told.status == checked.status == health_pb2.HealthCheckResponse.NOT_SERVING


async def test_a_server_that_ends_leaves_newcomers_time_to_arrive(database: Database) -> None:
    settings = Settings(listen_port=0, without_authentication=True)
    async with open_server(settings, database.server_url):
        ending_seconds = time.monotonic()

    assert time.monotonic() - ending_seconds >= ARRIVAL_SECONDS


async def test_arrivals_take_no_more_than_a_quarter_of_the_time(server: RunningServer) -> None:
    async with asyncio.timeout(ENOUGH_SECONDS):
        await server.edge.stop(0.1, arrival_seconds=GRACE_SECONDS)


async def test_nobody_waits_for_a_caller_who_does_not_answer_the_goodbye(
    listeners: Listeners,
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", listeners.port)
    await greet(reader, writer)

    async with asyncio.timeout(ENOUGH_SECONDS):
        await listeners.stop(GRACE_SECONDS, quiet_seconds=0.05)
        assert await is_over(reader)
    writer.close()


async def test_calls_under_way_are_waited_for_though_others_do_not_answer(
    answering: Answering, listeners: Listeners
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", listeners.port)
    await greet(reader, writer)
    async with channel_to(listeners.port) as channel:
        calling = asyncio.create_task(call_until_answered(channel))
        await answering.called.wait()
        assert taken_up_count()

        stopping = asyncio.create_task(listeners.stop(GRACE_SECONDS, quiet_seconds=0.01))
        done, _ = await asyncio.wait([stopping, calling], timeout=0.5)
        answering.may_answer.set()

        assert not done
        assert await calling == b"a"
        await stopping
    assert not taken_up_count()
    writer.close()


async def call_until_answered(channel: grpc.aio.Channel) -> bytes:
    """Calls the method once."""
    return await call(channel)
