"""The guard, around methods that misbehave on purpose, over a real socket."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import grpc
import grpc.aio
import pytest

from tests.rpc.failures import failure_of
from wallet.v1 import topology_admin_pb2 as pb
from wallet.v1.topology_admin_pb2_grpc import (
    TopologyAdminServicer,
    TopologyAdminStub,
    add_TopologyAdminServicer_to_server,
)
from wallet_server.core.refusals import TenantNotFound
from wallet_server.execution.errors import ContentionError, RefusedError
from wallet_server.rpc.context import Context, deadline_seconds
from wallet_server.rpc.edge import EdgeSettings, limits_of
from wallet_server.rpc.guard import CallGuard, CallLimits
from wallet_server.rpc.registry import guarded

LIMITS = CallLimits(calls_max=2, bytes_max=100, request_bytes_max=60)
CALLS_MAX = LIMITS.calls_max
REQUEST = pb.GetTopologyRequest(tenant_id="demo")
METHOD = "/wallet.v1.TopologyAdmin/GetTopology"


class Script(TopologyAdminServicer):
    """Does in its one method what a test says."""

    run: Callable[[], Awaitable[pb.GetTopologyResponse]]
    deadline_seconds: float | None = None

    async def GetTopology(  # noqa: N802
        self,
        request: pb.GetTopologyRequest,  # noqa: ARG002
        context: Context,
    ) -> pb.GetTopologyResponse:
        self.deadline_seconds = deadline_seconds(context)
        return await self.run()


@pytest.fixture
def script() -> Script:
    return Script()  # pyright: ignore[reportAbstractUsage] - the tests call one method.


@pytest.fixture
async def channel(script: Script) -> AsyncIterator[grpc.aio.Channel]:
    server = grpc.aio.server()
    registry = guarded([server], CallGuard(LIMITS))
    add_TopologyAdminServicer_to_server(script, registry)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield channel
    await server.stop(None)


def raising(error: Exception) -> Callable[[], Awaitable[pb.GetTopologyResponse]]:
    async def run() -> pb.GetTopologyResponse:
        raise error

    return run


async def test_a_refusal_is_answered_with_its_reason_and_facts(
    script: Script, channel: grpc.aio.Channel
) -> None:
    script.run = raising(RefusedError(TenantNotFound("demo")))

    error = await failure_of(TopologyAdminStub(channel).GetTopology(REQUEST))

    assert error.code is grpc.StatusCode.NOT_FOUND
    assert error.message == "there is no tenant demo"
    assert (error.reason, error.domain) == ("TENANT_NOT_FOUND", "wallet.v1")
    assert error.metadata == {"tenant_id": "demo"}


async def test_a_fault_says_when_to_try_again(script: Script, channel: grpc.aio.Channel) -> None:
    script.run = raising(ContentionError())

    error = await failure_of(TopologyAdminStub(channel).GetTopology(REQUEST))

    assert error.code is grpc.StatusCode.UNAVAILABLE
    assert (error.reason, error.retry_delay_ms) == ("CONTENTION", 50)


async def test_a_bug_is_logged_and_nothing_of_it_is_told(
    script: Script, channel: grpc.aio.Channel, caplog: pytest.LogCaptureFixture
) -> None:
    script.run = raising(ZeroDivisionError("secret"))

    error = await failure_of(
        TopologyAdminStub(channel).GetTopology(REQUEST, metadata=(("x-correlation-id", "c-7"),))
    )

    assert error.code is grpc.StatusCode.INTERNAL
    assert "secret" not in repr(error)
    assert (error.reason, error.metadata) == ("INTERNAL", {})
    [record] = [r for r in caplog.records if r.name == "wallet_server.rpc.guard"]
    assert (METHOD in record.message, "c-7" in record.message) == (True, True)
    assert record.exc_info is not None


@pytest.mark.parametrize("garbage", [b"\xff\xff\xff", b"\x0a\x05abc", b"\x0a\x02\xff\xfe", b"\x0b"])
async def test_bytes_that_are_no_message_are_an_invalid_request(
    garbage: bytes, channel: grpc.aio.Channel
) -> None:
    error = await failure_of(channel.unary_unary(METHOD)(garbage))

    assert error.code is grpc.StatusCode.INVALID_ARGUMENT
    assert error.reason == "INVALID_REQUEST"


async def test_every_violation_of_a_request_is_told(channel: grpc.aio.Channel) -> None:
    wrong = pb.GetTopologyRequest(tenant_id="NO", version=-1)

    error = await failure_of(TopologyAdminStub(channel).GetTopology(wrong))

    assert error.code is grpc.StatusCode.INVALID_ARGUMENT
    assert error.reason == "INVALID_REQUEST"
    assert error.violations == (("tenant_id", "STRING_PATTERN"), ("version", "INT64_GTE"))


async def test_calls_past_the_limit_are_unavailable_and_the_rest_go_on(
    script: Script, channel: grpc.aio.Channel
) -> None:
    done = asyncio.Event()

    async def wait() -> pb.GetTopologyResponse:
        await done.wait()
        return pb.GetTopologyResponse()

    script.run = wait
    stub = TopologyAdminStub(channel)
    under_way = [asyncio.ensure_future(stub.GetTopology(REQUEST)) for _ in range(CALLS_MAX)]
    await asyncio.sleep(0.05)

    error = await failure_of(stub.GetTopology(REQUEST))

    assert error.code is grpc.StatusCode.UNAVAILABLE
    assert (error.reason, error.retry_delay_ms) == ("OVERLOADED", 200)
    done.set()
    await asyncio.gather(*under_way)
    await stub.GetTopology(REQUEST)


@pytest.mark.parametrize("size_bytes", [60, 61])
async def test_a_request_with_too_many_bytes_is_invalid_before_it_is_parsed(
    size_bytes: int, channel: grpc.aio.Channel
) -> None:
    error = await failure_of(channel.unary_unary(METHOD)(b"\xff" * size_bytes))

    assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST")
    assert error.violations == ((("", "REQUEST_BYTES_MAX"),) if size_bytes > 60 else ())


async def test_bytes_past_the_limit_are_unavailable_and_come_back_with_their_call(
    script: Script, channel: grpc.aio.Channel
) -> None:
    started, done = asyncio.Event(), asyncio.Event()

    async def wait() -> pb.GetTopologyResponse:
        started.set()
        await done.wait()
        return pb.GetTopologyResponse()

    script.run = wait
    call = channel.unary_unary(METHOD)
    encoded = (
        REQUEST.SerializeToString() + b"\x7a\x32" + b"x" * 50
    )  # In a field of a later version.
    assert LIMITS.bytes_max / 2 < len(encoded) <= LIMITS.request_bytes_max
    under_way = asyncio.ensure_future(call(encoded))
    await started.wait()

    error = await failure_of(call(encoded))

    assert (error.code, error.reason) == (grpc.StatusCode.UNAVAILABLE, "OVERLOADED")
    done.set()
    await under_way
    await call(encoded)


def test_a_server_takes_256_kib_in_a_request_and_256_mib_at_once() -> None:
    limits = limits_of(EdgeSettings(address="", page_token_secret=b""))

    assert limits == CallLimits(calls_max=4_096, bytes_max=2**28, request_bytes_max=2**18)


async def test_a_caller_who_goes_away_leaves_no_trace(
    script: Script, channel: grpc.aio.Channel, caplog: pytest.LogCaptureFixture
) -> None:
    started, committed = asyncio.Event(), asyncio.Event()

    async def commit() -> pb.GetTopologyResponse:
        started.set()
        await asyncio.sleep(0.1)
        committed.set()
        return pb.GetTopologyResponse()

    async def shielded() -> pb.GetTopologyResponse:
        return await asyncio.shield(asyncio.create_task(commit()))

    script.run = shielded
    stub = TopologyAdminStub(channel)
    for _ in range(CALLS_MAX + 1):  # More than may be under way: each one gives its place back.
        started.clear()
        committed.clear()
        call = stub.GetTopology(REQUEST)
        waiting = asyncio.ensure_future(call)
        await started.wait()
        waiting.cancel()
        await committed.wait()
        await asyncio.gather(waiting, return_exceptions=True)

    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("error", [None, RefusedError(TenantNotFound("demo"))])
async def test_the_correlation_id_comes_back(
    error: Exception | None, script: Script, channel: grpc.aio.Channel
) -> None:
    async def succeed() -> pb.GetTopologyResponse:
        return pb.GetTopologyResponse()

    script.run = raising(error) if error else succeed
    call = TopologyAdminStub(channel).GetTopology(REQUEST, metadata=(("x-correlation-id", "c-7"),))

    await asyncio.gather(call, return_exceptions=True)

    assert dict(await call.trailing_metadata())["x-correlation-id"] == "c-7"


async def test_an_unknown_method_is_unimplemented(channel: grpc.aio.Channel) -> None:
    error = await failure_of(channel.unary_unary("/wallet.v1.TopologyAdmin/Nothing")(b""))

    assert error.code is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize("timeout_seconds", [None, 3600.0])
async def test_a_callers_deadline_is_known_on_the_clock_of_the_loop(
    timeout_seconds: float | None, script: Script, channel: grpc.aio.Channel
) -> None:
    async def succeed() -> pb.GetTopologyResponse:
        return pb.GetTopologyResponse()

    script.run = succeed
    await TopologyAdminStub(channel).GetTopology(REQUEST, timeout=timeout_seconds)

    if timeout_seconds is None:
        assert script.deadline_seconds is None
    else:
        assert script.deadline_seconds is not None
        left = script.deadline_seconds - asyncio.get_running_loop().time()
        assert 0 < left < 2 * timeout_seconds  # Far from any other clock, however slow the call.
