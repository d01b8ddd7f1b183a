"""What a real server does behind the path of commands, as a real collector hears of it."""

import asyncio
import signal

import grpc.aio
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.cli.supervised import Supervised, serving
from tests.database import Database
from tests.nats import nats, stream
from tests.observability.collector import Collector, attributes_of, collecting
from tests.rpc.watching.calls import Player
from tests.servers import TENANT, apply_shape
from wallet.v1.wallet_events_pb2 import WatchEventsRequest
from wallet.v1.wallet_events_pb2_grpc import WalletEventsStub
from wallet_server.execution.relay.settings import NatsSettings

__all__ = ["nats", "stream"]

PATIENCE_SECONDS = 60
TURNS = {
    "sequencing": "wallet_events_total",
    "watching": "wallet_watched_events_total",
    "relaying": "wallet_relayed_events_total",
    "statements": "wallet_statements_events_total",
}
"""The turns that are followed, and the counters of what was done in them."""

SECRET_PLAYER = "anna-karenina"


@pytest.fixture
async def url(database: Database) -> str:
    await apply_shape(database, TENANT, "ruby")
    return database.server_url


def environment_of(collector: Collector, stream: NatsSettings, ratio: str) -> dict[str, str]:
    """Returns the settings of a server that does all that there is, and tells of it."""
    return {
        "WALLET_TRACING_ENDPOINT": collector.url,
        "WALLET_TRACING_RATIO": ratio,
        "WALLET_STATEMENTS_INTERVAL_SECONDS": "0.1",
        "WALLET_NATS_URLS": stream.nats_urls[0],
        "WALLET_NATS_STREAM": stream.nats_stream,
        "WALLET_NATS_SUBJECT_PREFIX": stream.nats_subject_prefix,
    }


async def do_everything(server: Supervised) -> dict[str, float]:
    """Has a player play and somebody watch, until something was done in each kind of turn.

    Returns how much it was, by the names of turns.
    """
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        pages = WalletEventsStub(channel).WatchEvents(WatchEventsRequest(tenant_id=TENANT))
        await anext(aiter(pages))
        player = await Player.open(channel, SECRET_PLAYER)
        done = dict.fromkeys(TURNS, 0.0)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not all(done.values()):
                await player.bet(f"b{next(player.numbers)}")
                done = {
                    name: sum((await server.metric(counter)).values())
                    for name, counter in TURNS.items()
                }
        pages.cancel()
    return done


async def test_turns_are_followed_to_their_statements(url: str, stream: NatsSettings) -> None:
    async with (
        collecting() as collector,
        serving(1, url, **environment_of(collector, stream, "1")) as server,
    ):
        done = await do_everything(server)
        assert await server.stop(signal.SIGTERM) == 0

    for name in TURNS:
        found = collector.named(name)
        assert found, name
        for turn in found:
            assert turn.parent_span_id == b""
            assert turn.kind == Span.SPAN_KIND_INTERNAL
            assert attributes_of(turn)["wallet.turn.events"] >= 1
        statements = [each for turn in found for each in collector.below(turn)]
        assert all("db.query.text" in attributes_of(each) for each in statements)
        assert statements, name
        if name != "watching":  # Events that were told before the feed was there are not its.
            told = sum(attributes_of(each)["wallet.turn.events"] for each in found)
            assert told >= done[name], name
    assert not [span for span in collector.spans if SECRET_PLAYER in str(span)]


async def test_no_turn_is_followed_where_chance_has_none(url: str, stream: NatsSettings) -> None:
    async with (
        collecting() as collector,
        serving(1, url, **environment_of(collector, stream, "0")) as server,
    ):
        await do_everything(server)
        assert await server.stop(signal.SIGTERM) == 0

    assert collector.spans == []
