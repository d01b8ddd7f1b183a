"""Those who watch events, in a process of their own.

All but one only count what they get, and do not take it apart: on a machine of its own that would
cost the server nothing, and here it would be taken for the server's.
"""

import asyncio
import gc
import time
from array import array
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
import grpc.aio

from tests.benchmarks.load.grpc_load import CHANNEL_OPTIONS
from tests.benchmarks.surroundings.proofs import Way
from tests.benchmarks.traffic import TENANT, player_name
from wallet.v1.event_pb2 import EventType
from wallet.v1.wallet_events_pb2 import EventFilter, WatchEventsRequest, WatchEventsResponse
from wallet_server import event_loop

WATCH = "/wallet.v1.WalletEvents/WatchEvents"
CONNECTIONS_COUNT = 8
NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Watching:
    """Who watches: so many single wallets and types, the whole tenant, and its past.

    Until `end`; what comes from `begin` on counts. Both are on the clock of `time.monotonic`.
    """

    wallets_count: int
    types_count: int
    tenants_count: int
    begin: float
    end: float


@dataclass(slots=True)
class Heard:
    """What was heard: the seconds from each event's time to a watcher of all, and counts.

    `processor_seconds` is what it took of the processor to hear it.
    """

    seconds: "array[float]" = field(default_factory=lambda: array("d"))
    responses: int = 0
    past_events: int = 0
    processor_seconds: float = 0.0


def run_watchers(job: tuple[Way, Watching]) -> Heard:
    """Watches. Returns what was heard."""
    gc.collect()
    gc.freeze()
    return event_loop.run(Watchers(*job).run())


class Watchers:
    """Many who watch, over a few connections."""

    def __init__(self, way: Way, watching: Watching) -> None:
        """Does nothing yet."""
        self._way = way
        self._watching = watching
        self._heard = Heard()
        self._position = 0

    async def run(self) -> Heard:
        """Watches until the end."""
        channels = [self._way.channel(CHANNEL_OPTIONS) for _ in range(CONNECTIONS_COUNT)]
        asking = [
            self._count(channels[n % CONNECTIONS_COUNT], f) for n, f in enumerate(self._few())
        ]
        measuring, reading = self._measure(channels[0]), self._read_past(channels[-1])
        running = [asyncio.ensure_future(each) for each in (*asking, measuring, reading)]
        try:
            await go_on(running, self._watching.begin)
            began_seconds = time.process_time()
            await go_on(running, self._watching.end)
            self._heard.processor_seconds = time.process_time() - began_seconds
        finally:
            for each in running:
                each.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await asyncio.gather(*(channel.close() for channel in channels))
        return self._heard

    def _few(self) -> list[EventFilter]:
        """Returns what those want who only count."""
        watching = self._watching
        wallets = [EventFilter(player_id=player_name(n)) for n in range(watching.wallets_count)]
        types = [EventFilter(types=[n]) for n in EventType.values()[1 : watching.types_count + 1]]
        return [*wallets, *types, *(EventFilter() for _ in range(watching.tenants_count - 1))]

    async def _count(self, channel: grpc.aio.Channel, wanted: EventFilter) -> None:
        request = WatchEventsRequest(tenant_id=TENANT, filter=wanted)
        async with self._stream(channel, request) as stream:
            while await stream.read() is not grpc.aio.EOF:
                self._heard.responses += 1

    async def _measure(self, channel: grpc.aio.Channel) -> None:
        """Watches all, and notes how old each event is."""
        async with self._stream(channel, WatchEventsRequest(tenant_id=TENANT)) as stream:
            while (encoded := await stream.read()) is not grpc.aio.EOF:
                now_nanoseconds, counts = time.time_ns(), time.monotonic() >= self._watching.begin
                response = WatchEventsResponse.FromString(encoded)
                self._position = response.position
                if counts:
                    self._heard.seconds.extend(
                        (now_nanoseconds - event.event_time.ToNanoseconds()) / NANOSECONDS
                        for event in response.events
                    )

    async def _read_past(self, channel: grpc.aio.Channel) -> None:
        """Reads all that has ever happened, again and again."""
        while True:
            request = WatchEventsRequest(tenant_id=TENANT, after_position=0)
            async with self._stream(channel, request) as stream:
                reached = 0
                while reached < self._position or not reached:
                    response = WatchEventsResponse.FromString(await stream.read())
                    reached = max(response.position, 1)
                    if time.monotonic() >= self._watching.begin:
                        self._heard.past_events += len(response.events)

    @asynccontextmanager
    async def _stream(
        self, channel: grpc.aio.Channel, request: WatchEventsRequest
    ) -> AsyncGenerator[Any]:
        """Watches, and gets messages as they are encoded."""
        call: Any = channel.unary_stream(WATCH, WatchEventsRequest.SerializeToString, None)
        stream = call(request, metadata=self._way.metadata())
        try:
            yield stream
        finally:
            stream.cancel()


async def go_on(running: Sequence["asyncio.Future[None]"], until: float) -> None:
    """Lets those who watch go on until then. None ends before its time unless something is wrong."""
    seconds = max(until - time.monotonic(), 0.0)
    done, _ = await asyncio.wait(running, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for each in done:
        each.result()
