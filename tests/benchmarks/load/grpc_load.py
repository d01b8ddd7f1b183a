"""A load generator: callers over gRPC in a process of its own."""

import asyncio
import gc
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import grpc.aio

from tests.benchmarks.load import scripts
from tests.benchmarks.load.grpc_callers import GrpcCaller, Metadata
from tests.benchmarks.load.loops import Call, closed_loop, open_loop, poisson_arrivals
from tests.benchmarks.load.scripts import Bet
from tests.benchmarks.surroundings.proofs import Way
from tests.benchmarks.work import Samples, Script, Work

CHANNEL_OPTIONS = (
    # Channels to one target share a connection, unless each has its own.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.max_receive_message_length", -1),
)


def run_load(job: tuple[Way, Work]) -> Samples:
    """Lets callers call servers. Returns what they measured."""
    gc.collect()
    gc.freeze()  # What is there stays, so collecting what comes is short.
    return asyncio.run(_load(*job))


@dataclass(frozen=True, slots=True)
class Callers:
    """Those who share connections, and what they send with every call."""

    channels: Sequence[grpc.aio.Channel]
    metadata: Metadata

    def caller(self, number: int) -> GrpcCaller:
        """Returns a caller who keeps a connection, as services do; repeats go over the next."""
        count = len(self.channels)
        own, next_one = self.channels[number % count], self.channels[(number + 1) % count]
        return GrpcCaller(own, next_one, self.metadata)


async def _load(way: Way, work: Work) -> Samples:
    samples = Samples(work.begin, work.end)
    channels = [way.channel(CHANNEL_OPTIONS) for _ in range(max(1, work.connections))]
    callers = Callers(channels, way.metadata())
    await asyncio.gather(*(channel.channel_ready() for channel in channels))
    try:
        if work.calls_per_second is None:
            await _load_closed(work, callers, samples)
        else:
            await _load_open(work, work.calls_per_second, callers, samples)
    finally:
        await asyncio.gather(*(channel.close() for channel in channels))
    return samples


async def _load_closed(work: Work, callers: Callers, samples: Samples) -> None:
    portions = iter(scripts.match_bets(work)) if work.ends_by_itself else iter(())
    if work.ends_by_itself:  # Nothing of it may be done while the others warm up.
        await asyncio.sleep(work.begin - time.monotonic())
    async with asyncio.TaskGroup() as tasks:
        for number in range(work.callers):
            calls = calls_of(callers.caller(number), work, number, portions)
            tasks.create_task(closed_loop(calls, samples))


async def _load_open(
    work: Work, calls_per_second: float, callers: Callers, samples: Samples
) -> None:
    """Shares the calls out among all connections in turn."""
    every = [
        calls_of(callers.caller(number), work, number, iter(()))
        for number in range(len(callers.channels))
    ]
    start = asyncio.get_running_loop().time()
    await open_loop(
        (next(calls) for calls in itertools.cycle(every)),
        samples,
        poisson_arrivals(start, calls_per_second, work.label),
    )


def calls_of(
    caller: GrpcCaller, work: Work, number: int, portions: Iterator[list[Bet]]
) -> Iterator[Call]:
    """Returns the calls of a caller. The bets on a match are shared by all."""
    match work.script:
        case Script.BETS if work.calls_per_second is not None:
            return scripts.unordered_bets(caller, work, number)
        case Script.BETS:
            return scripts.bets(caller, work, number)
        case Script.STORM:
            return scripts.storm(caller, work, number)
        case Script.BATCHES:
            return scripts.batches(caller, work, number)
        case Script.READS:
            return scripts.reads(caller, work, number)
        case Script.MATCH_BETS | Script.MATCH_RESULTS:
            settle = work.script is Script.MATCH_RESULTS
            return scripts.match(caller, portions, settle=settle)
