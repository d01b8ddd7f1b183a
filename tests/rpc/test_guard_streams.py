"""The guard, around a stream that misbehaves on purpose, over a real socket."""

import asyncio
import dataclasses
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import grpc
import grpc.aio
import pytest

from tests.rpc.failures import Failure, taken_apart
from wallet.v1 import wallet_events_pb2 as pb
from wallet.v1.wallet_events_pb2_grpc import (
    WalletEventsServicer,
    WalletEventsStub,
    add_WalletEventsServicer_to_server,
)
from wallet_server.core.access.permission import Permission
from wallet_server.core.access.principal import Principal
from wallet_server.core.refusals import TenantNotFound
from wallet_server.core.refusals.access import CredentialsInvalid
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc import guard as guards
from wallet_server.rpc.access.gate import Gate
from wallet_server.rpc.context import Context, Metadata
from wallet_server.rpc.guard import CallGuard, CallLimits
from wallet_server.rpc.registry import guarded

LIMITS = CallLimits(calls_max=2, bytes_max=100, request_bytes_max=60)
REQUEST = pb.WatchEventsRequest(tenant_id="demo")
PATIENCE_SECONDS = 60

Stream = AsyncGenerator[pb.WatchEventsResponse | bytes]


ANN = Principal(
    subject="ann",
    roles=("consumer",),
    tenants=frozenset({"demo"}),
    permissions=frozenset({Permission.READ_EVENTS}),
)


class Script(WalletEventsServicer):
    """Streams what a test says."""

    run: Callable[[], Stream]

    async def WatchEvents(  # noqa: N802  # pyright: ignore[reportIncompatibleMethodOverride]
        self,
        request: pb.WatchEventsRequest,  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> Stream:
        async for message in self.run():
            yield message


@dataclass
class Callers:
    """Knows its callers for as long as a test wants."""

    principal: Principal = ANN
    is_known: bool = True

    def known(self, context: Context, metadata: Metadata) -> Principal | None:
        del context, metadata
        return self.principal if self.is_known else None

    async def identify(self, context: Context, metadata: Metadata) -> Principal:
        del context, metadata
        raise RefusedError(CredentialsInvalid("they have expired"))


@dataclass
class Scene:
    """A guarded stream, and who calls it."""

    script: Script
    callers: Callers
    guard: CallGuard
    channel: grpc.aio.Channel

    def watch(self) -> Any:
        stub: Any = WalletEventsStub(self.channel)
        return stub.WatchEvents(REQUEST)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    script, callers = Script(), Callers()  # pyright: ignore[reportAbstractUsage] - tests call one method.
    guard = CallGuard(LIMITS, Gate(callers))
    server = grpc.aio.server()
    add_WalletEventsServicer_to_server(script, guarded([server], guard))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Scene(script, callers, guard, channel)
    await server.stop(None)


async def heard(call: Any) -> tuple[list[int], Failure | None]:
    """Returns the positions that a stream told, and what it failed with."""
    positions = list[int]()
    try:
        async for response in call:
            positions.append(response.position)
    except grpc.aio.AioRpcError as error:
        return positions, taken_apart(error)
    return positions, None


async def until_idle(scene: Scene) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while scene.guard.call_count:
            await asyncio.sleep(0.01)


async def test_messages_and_encoded_ones_are_sent_alike(scene: Scene) -> None:
    async def run() -> Stream:
        yield pb.WatchEventsResponse(position=1)
        yield pb.WatchEventsResponse(position=2).SerializeToString()

    scene.script.run = run

    assert await heard(scene.watch()) == ([1, 2], None)


@pytest.mark.parametrize(
    ("error", "code", "reason"),
    [
        (RefusedError(TenantNotFound("demo")), "NOT_FOUND", "TENANT_NOT_FOUND"),
        (ZeroDivisionError("secret"), "INTERNAL", "INTERNAL"),
    ],
)
async def test_what_goes_wrong_on_the_way_is_answered_behind_what_was_sent(
    scene: Scene, error: Exception, code: str, reason: str
) -> None:
    async def run() -> Stream:
        yield pb.WatchEventsResponse(position=1)
        raise error

    scene.script.run = run

    positions, failure = await heard(scene.watch())

    assert positions == [1]
    assert failure is not None
    assert (failure.code.name, failure.reason) == (code, reason)
    assert "secret" not in repr(failure)
    await until_idle(scene)


async def test_a_stream_is_a_call_under_way_and_is_closed_when_its_caller_leaves(
    scene: Scene,
) -> None:
    closed = asyncio.Event()

    async def run() -> Stream:
        try:
            yield pb.WatchEventsResponse(position=1)
            await asyncio.Event().wait()
        finally:
            closed.set()

    scene.script.run = run
    calls = [scene.watch() for _ in range(LIMITS.calls_max)]
    for call in calls:
        await call.read()

    _, failure = await heard(scene.watch())
    for call in calls:
        call.cancel()

    assert failure is not None
    assert failure.reason == "OVERLOADED"
    async with asyncio.timeout(PATIENCE_SECONDS):
        await closed.wait()
    await until_idle(scene)


@pytest.mark.parametrize("change", ["expired", "another's", "not permitted"])
async def test_who_may_hear_no_longer_is_sent_no_more(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setattr(guards, "CONFIRM_SECONDS", 0)

    async def run() -> Stream:
        yield pb.WatchEventsResponse(position=1)
        if change == "expired":
            scene.callers.is_known = False
        elif change == "another's":
            scene.callers.principal = replaced(tenants=frozenset({"other"}))
        else:
            scene.callers.principal = replaced(permissions=frozenset())
        yield pb.WatchEventsResponse(position=2)

    def replaced(**changes: Any) -> Principal:
        return dataclasses.replace(scene.callers.principal, **changes)

    scene.script.run = run

    positions, failure = await heard(scene.watch())

    reasons = {
        "expired": "CREDENTIALS_INVALID",
        "another's": "TENANT_NOT_ALLOWED",
        "not permitted": "PERMISSION_MISSING",
    }
    assert positions == [1]
    assert failure is not None
    assert failure.reason == reasons[change]
