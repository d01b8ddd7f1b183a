"""The loop of servers: fewer wake-ups for grpc, and no event missed."""

import asyncio
import functools
import socket
import sys
from collections.abc import Callable
from typing import Any

import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from wallet_server import event_loop
from wallet_server.event_loop import ServerEventLoop, is_poller, take_wake_ups
from wallet_server.rpc.health import Health

CALLS_COUNT = 500


@pytest.mark.parametrize("waiting", [1, 2, 300])
def test_one_wake_up_of_many_is_left(waiting: int) -> None:
    here, there = socket.socketpair()
    here.settimeout(0)
    there.send(b"1" * waiting)
    left: list[bytes] = []

    take_wake_ups(here, lambda: left.append(here.recv(1_000)))

    assert left == [b"1"]
    here.close()
    there.close()


def test_without_a_wake_up_nothing_is_taken() -> None:
    here, there = socket.socketpair()
    here.settimeout(0)

    take_wake_ups(here, lambda: pytest.fail("there is nothing to take"))

    here.close()
    there.close()


@pytest.mark.parametrize("callback", [print, functools.partial(print), [].append])
def test_other_readers_are_left_alone(callback: Callable[..., Any]) -> None:
    assert not is_poller(callback)


async def call_many(channels_count: int) -> int:
    """Calls a server in this process, many times at once. Returns how many calls it answered."""
    server = grpc.aio.server()
    Health([]).register(server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    options = [("grpc.use_local_subchannel_pool", 1)]
    channels = [
        grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=options)
        for _ in range(channels_count)
    ]
    stubs: list[Any] = [health_pb2_grpc.HealthStub(channel) for channel in channels]
    request = health_pb2.HealthCheckRequest()
    answers = await asyncio.gather(
        *(stubs[number % channels_count].Check(request) for number in range(CALLS_COUNT))
    )
    for channel in channels:
        await channel.close()
    await server.stop(0)
    return sum(answer.status == health_pb2.HealthCheckResponse.SERVING for answer in answers)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the loop is asyncio's own")
def test_no_call_is_missed_and_wake_ups_are_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails if a release of grpc wakes its loop in another way: then the loop is of no use."""
    taken = 0

    def count(wake_ups: socket.socket, callback: Callable[[], None]) -> None:
        nonlocal taken
        taken += 1
        take_wake_ups(wake_ups, callback)

    monkeypatch.setattr(event_loop, "take_wake_ups", count)

    with asyncio.Runner(loop_factory=ServerEventLoop) as runner:
        assert runner.run(call_many(channels_count=4)) == CALLS_COUNT

    assert taken > 0
