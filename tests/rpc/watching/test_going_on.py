"""Watchers who go on: with another server, after a restart, when they were slow, and no longer."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import grpc
import grpc.aio
import pytest

from tests.callers import HandClock, bearing, token_for
from tests.rpc.failures import taken_apart
from tests.rpc.watching.calls import Player, events_in, request_of, watch
from tests.rpc.watching.conftest import Running, Start
from tests.told import Teller, many
from wallet.v1.event_pb2 import Event
from wallet_client import RetryPolicy, WalletClient
from wallet_server.execution.watching.subscription import PENDING_EVENTS_MAX
from wallet_server.rpc import guard
from wallet_server.watching.reading_process import ReadingProcess

PATIENCE_SECONDS = 60
NO_ROOM = (("grpc.http2.bdp_probe", 0), ("grpc.use_local_subchannel_pool", 1))
"""Of a connection of its own that keeps no more than it must of what nobody has asked for."""

POLICY = RetryPolicy(delay_seconds=0.01, delay_seconds_max=0.05)


async def take(stream: AsyncIterator[Event], count: int) -> list[Event]:
    """Returns the next so many events."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        return [await anext(stream) for _ in range(count)]


def from_the_first(client: WalletClient) -> AsyncGenerator[Event]:
    """Returns all events of the tenant, as they come."""
    stream = client.watch_events(request_of(after_position=0))
    assert isinstance(stream, AsyncGenerator)
    return stream


async def test_a_client_goes_on_when_its_server_is_started_again(start: Start) -> None:
    first = await start()
    ann = await Player.open(first.channel, "ann")
    async with (
        WalletClient(first.target, policy=POLICY) as client,
        aclosing(from_the_first(client)) as stream,
    ):
        heard = await take(stream, 2)
        for number in range(5):
            await ann.bet(f"b{number}")
        heard += await take(stream, 3)
        port = first.server.port
        await first.stop()
        second = await start(listen_port=port)
        for number in range(5, 10):
            await Player(second.channel, ann.wallet, ann.numbers).bet(f"b{number}")
        while heard[-1].bet_authorized.bet_ref != "b9":
            heard += await take(stream, 1)

    assert [event.position for event in heard] == [*range(1, len(heard) + 1)]
    bets = [each.bet_authorized.bet_ref for each in heard if each.HasField("bet_authorized")]
    assert bets == [f"b{number}" for number in range(10)]


async def test_a_client_goes_on_whenever_the_server_ends_its_stream(
    start: Start, teller: Teller
) -> None:
    running = await start(
        connection_age_seconds_max=0.2, watch_heartbeat_seconds=0.02, sequencing_enabled=False
    )
    async with (
        WalletClient(running.target, policy=POLICY) as client,
        aclosing(from_the_first(client)) as stream,
    ):
        for position in range(1, 11):
            await teller.tell(many([position]))
            await asyncio.sleep(0.05)
        heard = await take(stream, 10)

    assert [event.position for event in heard] == [*range(1, 11)]


async def test_every_server_tells_of_what_each_has_done(start: Start) -> None:
    servers = [await start(share_port=False) for _ in range(2)]
    players = [
        await Player.open(running.channel, name)
        for running, name in zip(servers, ("ann", "ben"), strict=True)
    ]
    for number in range(3):
        for player in players:
            await player.bet(f"b{number}")

    heard = [await all_bets(running, count=6) for running in servers]

    assert heard[0] == heard[1]
    assert [event.position for event in heard[0]] == sorted(event.position for event in heard[0])
    for name in ("ann", "ben"):
        own = [e.bet_authorized.bet_ref for e in heard[0] if e.wallet.player_id == name]
        assert own == ["b0", "b1", "b2"]


async def all_bets(running: Running, *, count: int) -> list[Event]:
    """Returns the first so many bets that a server tells of."""
    call, bets = watch(running.channel), list[Event]()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(bets) < count:
            events = (await call.read()).events
            bets += [event for event in events if event.HasField("bet_authorized")]
    call.cancel()
    return bets


async def test_one_that_does_not_listen_holds_up_nobody_and_loses_nothing(
    quiet: Running, teller: Teller
) -> None:
    statistics = quiet.server.hub.statistics
    small = grpc.aio.insecure_channel(quiet.target, options=NO_ROOM)
    deaf = watch(small)
    await deaf.read()
    last = PENDING_EVENTS_MAX * 2

    for first in range(1, last, 100):
        await teller.tell(many(range(first, first + 100), padding="x" * 2_000))
        quick = await events_in(
            watch(quiet.channel, request_of(after_position=first - 1)),
            until=first + 99,
        )
        assert len(quick) == 100
    async with asyncio.timeout(PATIENCE_SECONDS):
        heard = await events_in(deaf, until=last)

    assert [event.position for event in heard] == [*range(1, last + 1)]
    assert statistics.overruns >= 1
    await small.close()


async def test_when_the_process_that_reads_events_is_killed_nothing_is_lost(
    quiet: Running, teller: Teller
) -> None:
    reader = quiet.server.hub.reader
    assert isinstance(reader, ReadingProcess)
    last = 1_000
    await teller.tell(many(range(1, last + 1)))
    async with (
        WalletClient(quiet.target, policy=POLICY) as client,
        aclosing(from_the_first(client)) as stream,
    ):
        heard = await take(stream, 1)
        for _ in range(3):
            assert reader._running is not None
            killed = reader._running
            os.kill(killed._process.pid, signal.SIGKILL)
            await teller.tell(many(range(last + 1, last + 11)))
            last += 10
            heard += await take(stream, last - len(heard))
            assert reader._running is not killed

    assert [event.position for event in heard] == [*range(1, last + 1)]


async def test_one_that_takes_nothing_for_too_long_is_left_and_told(
    quiet: Running, teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "STALLED_SECONDS_MAX", 0.1)
    small = grpc.aio.insecure_channel(quiet.target, options=NO_ROOM)
    deaf = watch(small)
    await deaf.read()

    async with asyncio.timeout(PATIENCE_SECONDS):
        first = 1
        while quiet.server.hub.statistics.watchers:
            await teller.tell(many(range(first, first + 100), padding="x" * 2_000))
            first += 100
            await asyncio.sleep(0.01)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await events_in(deaf, until=first)

    assert taken_apart(caught.value).reason == "DEADLINE_PASSED"
    await small.close()


async def test_who_may_not_hear_any_longer_hears_no_more(
    start: Start, keys_file: str, hand_clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "CONFIRM_SECONDS", 0)
    running = await start(clock=hand_clock, auth_keys_file=keys_file, watch_heartbeat_seconds=0.02)
    call = watch(running.channel, metadata=bearing(token_for("consumer")))
    await call.read()

    hand_clock.advance(10 * 365 * 86_400)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await events_in(call, until=99)

    assert taken_apart(caught.value).code is grpc.StatusCode.UNAUTHENTICATED
