"""Streams of events, as callers have them."""

import asyncio
from typing import Any

import grpc
import grpc.aio
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from tests.callers import bearing, token_for
from tests.rpc.failures import taken_apart
from tests.rpc.watching.calls import Player, events_in, next_events, request_of, watch
from tests.rpc.watching.conftest import Running, Start
from tests.told import Teller, many
from wallet.v1.event_pb2 import (
    EVENT_TYPE_BET_AUTHORIZED,
    EVENT_TYPE_BET_SETTLED,
    EVENT_TYPE_DEPOSIT_APPROVED,
    EVENT_TYPE_WALLET_OPENED,
    Event,
)
from wallet.v1.wallet_commands_pb2 import OpenWalletRequest
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_events_pb2 import EventFilter, WatchEventsRequest
from wallet.v1.wallet_pb2 import WalletRef
from wallet_server.rpc.wallet_events import WalletEvents

SETTLED = EVENT_TYPE_BET_SETTLED

HOUR_SECONDS = 3_600.0
PATIENCE_SECONDS = 60


async def test_what_players_do_is_told_as_it_happens(running: Running, ann: Player) -> None:
    call = watch(running.channel)
    before = await next_events(call, last=EVENT_TYPE_DEPOSIT_APPROVED)
    await ann.bet("b1")
    await ann.settle("b1")

    *_, authorized, settled = await next_events(call, last=SETTLED)

    assert EVENT_TYPE_WALLET_OPENED in {event.type for event in before}
    assert (authorized.type, settled.type) == (EVENT_TYPE_BET_AUTHORIZED, SETTLED)
    assert settled.position == authorized.position + 1 > before[-1].position
    assert settled.wallet == WalletRef(tenant_id="demo", player_id="ann", currency_code="EUR")
    assert (settled.command, settled.request_id) == ("SettleBet", "r4")
    assert (settled.bet_settled.bet_ref, settled.bet_settled.payout) == ("b1", 20)
    assert authorized.event_id.partition("/")[0] == settled.event_id.partition("/")[0]
    assert settled.sequence == authorized.sequence + 1


async def test_what_the_server_has_given_a_position_is_told_without_waiting(start: Start) -> None:
    running = await start()
    running.server.hub._seconds = HOUR_SECONDS
    call = watch(running.channel)
    await call.read()

    wallet = WalletRef(tenant_id="demo", player_id="ann", currency_code="EUR")
    request = OpenWalletRequest(request_id="r1", wallet=wallet)
    await WalletCommandsStub(running.channel).OpenWallet(request)

    async with asyncio.timeout(PATIENCE_SECONDS):
        await next_events(call, last=EVENT_TYPE_WALLET_OPENED)


async def test_each_hears_what_it_has_asked_for(running: Running, ann: Player) -> None:
    ben = await Player.open(running.channel, "ben")
    for player in (ann, ben):
        await player.bet("b1")
        await player.settle("b1")
    call, everything = watch(running.channel), list[Event]()
    while sum(event.type == SETTLED for event in everything) < 2:
        everything += (await call.read()).events
    call.cancel()
    last = everything[-1].position
    filters = {
        "ann": EventFilter(player_id="ann"),
        "settled": EventFilter(types=[SETTLED]),
        "ben's": EventFilter(
            types=[EVENT_TYPE_WALLET_OPENED], player_id="ben", currency_code="EUR"
        ),
        "dollars": EventFilter(player_id="ben", currency_code="USD"),
    }

    heard = {
        name: await events_in(
            watch(running.channel, request_of(after_position=0, filter=each)), until=last
        )
        for name, each in filters.items()
    }

    assert [event.position for event in everything] == [*range(1, last + 1)]
    assert heard["ann"] == [e for e in everything if e.wallet.player_id == "ann"]
    assert heard["settled"] == [e for e in everything if e.type == SETTLED]
    assert [event.wallet.player_id for event in heard["settled"]] == ["ann", "ben"]
    assert len(heard["ben's"]) == 1
    assert heard["dollars"] == []


async def test_one_can_begin_at_a_time(quiet: Running, teller: Teller) -> None:
    await teller.tell(many(range(1, 101)))
    [middle, *_] = await events_in(watch(quiet.channel, request_of(after_position=59)), until=100)

    request = request_of(start_time=Timestamp(seconds=middle.event_time.seconds))
    events = await events_in(watch(quiet.channel, request), until=100)

    assert [event.position for event in events] == [*range(60, 101)]


async def test_who_hears_nothing_is_told_how_far_it_is(running: Running, ann: Player) -> None:
    await ann.bet("b1")
    nobody = EventFilter(player_id="nobody")
    call = watch(running.channel, request_of(after_position=0, filter=nobody))

    responses = [await call.read() for _ in range(5)]

    assert [len(each.events) for each in responses] == [0] * 5
    positions = [each.position for each in responses]
    assert positions == sorted(positions)
    assert positions[-1] >= 3
    call.cancel()


@pytest.mark.parametrize(
    ("request_", "code", "reason"),
    [
        (request_of(after_position=9), "FAILED_PRECONDITION", "POSITION_NOT_REACHED"),
        (request_of(after_position=2), "FAILED_PRECONDITION", "EVENTS_REMOVED"),
        (
            request_of(filter=EventFilter(currency_code="EUR")),
            "INVALID_ARGUMENT",
            "INVALID_REQUEST",
        ),
        (request_of(after_position=-1), "INVALID_ARGUMENT", "INVALID_REQUEST"),
    ],
)
async def test_what_cannot_be_told_is_refused(
    quiet: Running, teller: Teller, request_: object, code: str, reason: str
) -> None:
    await teller.tell(many(range(1, 9)))
    await teller.remove(first_position=4)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await watch(quiet.channel, request_).read()  # pyright: ignore[reportArgumentType]

    failure = taken_apart(caught.value)
    assert (failure.code.name, failure.reason) == (code, reason)
    if reason == "EVENTS_REMOVED":
        assert failure.metadata == {"after_position": "2", "first_position": "4"}
    if reason == "POSITION_NOT_REACHED":
        assert failure.metadata == {"after_position": "9", "position": "8"}


async def test_who_begins_at_a_time_of_which_events_are_gone_is_told_what_is_kept(
    quiet: Running, teller: Teller
) -> None:
    await teller.tell(many(range(1, 9)))
    await teller.remove(first_position=4)
    too_early, early_enough = Timestamp(), Timestamp()
    too_early.FromJsonString("2026-03-01T12:00:03.5Z")

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await watch(quiet.channel, request_of(start_time=too_early)).read()
    failure = taken_apart(caught.value)
    early_enough.FromJsonString(failure.metadata["kept_time"])
    events = await events_in(watch(quiet.channel, request_of(start_time=early_enough)), until=8)

    assert (failure.code.name, failure.reason) == ("FAILED_PRECONDITION", "EVENTS_OF_TIME_REMOVED")
    assert failure.metadata == {
        "start_time": "2026-03-01T12:00:03.500000+00:00",
        "first_position": "4",
        "kept_time": "2026-03-01T12:00:04+00:00",
    }
    assert [event.position for event in events] == [*range(4, 9)]


async def test_one_watcher_too_many_is_sent_away_for_a_while(start: Start) -> None:
    running = await start(watchers_max=1)
    first = watch(running.channel)
    await first.read()

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await watch(running.channel).read()

    failure = taken_apart(caught.value)
    assert (failure.reason, failure.retry_delay_ms) == ("OVERLOADED", 200)
    first.cancel()
    await until_nobody_watches(running)
    await watch(running.channel).read()


async def until_nobody_watches(running: Running) -> None:
    """Waits until the server has noticed that all have left."""
    async with asyncio.timeout(30):
        while running.server.hub.statistics.watchers or running.server.edge.calls_count:
            await asyncio.sleep(0.01)


async def test_a_deadline_ends_a_stream(running: Running) -> None:
    call = watch(running.channel, timeout=0.3)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await events_in(call, until=99)

    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    await until_nobody_watches(running)


async def test_a_server_that_stops_sends_all_away_at_once(start: Start) -> None:
    running = await start(drain_seconds=600)
    async with asyncio.timeout(60), grpc.aio.insecure_channel(running.target) as channel:
        call = watch(channel)
        await call.read()

        stopping = asyncio.create_task(running.stop())
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await events_in(call, until=99)
        await stopping

    assert taken_apart(caught.value).reason == "SHUTTING_DOWN"


async def test_streams_end_in_good_order_before_connections_do(start: Start) -> None:
    running = await start(connection_age_seconds_max=1, watch_heartbeat_seconds=0.05)

    async with asyncio.timeout(60):
        await events_in(watch(running.channel), until=99)

    await until_nobody_watches(running)


async def test_a_gateway_hears_of_its_own_player(start: Start, keys_file: str) -> None:
    running = await start(auth_keys_file=keys_file)
    game = bearing(token_for("game_service", "cashier"))
    gateway = bearing(token_for("gateway", player_id="ann"))
    for player_id in ("ann", "ben"):
        wallet = WalletRef(tenant_id="demo", player_id=player_id, currency_code="EUR")
        await WalletCommandsStub(running.channel).OpenWallet(
            OpenWalletRequest(request_id="o", wallet=wallet), metadata=game
        )

    own = request_of(after_position=0, filter=EventFilter(player_id="ann"))
    events = await next_events(watch(running.channel, own, gateway), last=EVENT_TYPE_WALLET_OPENED)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await watch(running.channel, request_of(after_position=0), gateway).read()

    assert {event.wallet.player_id for event in events} == {"ann"}
    assert taken_apart(caught.value).reason == "PLAYER_NOT_ALLOWED"


async def test_a_stream_that_is_closed_has_left_at_once(quiet: Running) -> None:
    hub = quiet.server.hub
    reader: Any = None
    context: Any = None
    service = WalletEvents(hub, reader)
    stream = service.WatchEvents(WatchEventsRequest(tenant_id="demo"), context)
    await anext(stream)
    assert hub.statistics.watchers == 1

    await stream.aclose()

    assert hub.statistics.watchers == 0
