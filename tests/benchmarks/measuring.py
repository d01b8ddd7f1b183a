"""Measures subjects, one at a time, all in turn, round after round."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.benchmarks.databases import Databases
from tests.benchmarks.machine import processor_seconds, processor_seconds_with_children
from tests.benchmarks.subjects import Subject
from tests.benchmarks.traffic import Work

WARM_UP_SECONDS = 0.4


@dataclass(frozen=True, slots=True)
class Spent:
    """What had been spent at a moment: processor seconds by side, and bytes of log."""

    moment: float
    server: float
    postgres: float
    load: float
    wal_bytes: int


@dataclass(slots=True)
class Measured:
    """What was measured of a subject, over all rounds."""

    seconds: float = 0.0
    call_seconds: list[float] = field(default_factory=list[float])
    server: float = 0.0
    postgres: float = 0.0
    load: float = 0.0
    wal_bytes: int = 0
    rounds: list[float] = field(default_factory=list[float])

    def add(self, seconds: float, calls: list[float], before: Spent, after: Spent) -> None:
        """Adds a round."""
        self.seconds += seconds
        self.call_seconds += calls
        self.server += after.server - before.server
        self.postgres += after.postgres - before.postgres
        self.load += after.load - before.load
        self.wal_bytes += after.wal_bytes - before.wal_bytes
        self.rounds.append(len(calls) / seconds)


async def measure_in_turn(
    databases: Databases, subjects: Sequence[Subject], *, rounds: int, seconds: float
) -> list[Measured]:
    """Measures each subject once a round, so that what else the machine does hits all alike."""
    measured = [Measured() for _ in subjects]
    for number in range(rounds):
        for subject, so_far in zip(subjects, measured, strict=True):
            await measure(databases, subject, so_far, label=f"r{number}", seconds=seconds)
    return measured


async def measure(
    databases: Databases, subject: Subject, measured: Measured, *, label: str, seconds: float
) -> None:
    """Lets callers loose on a subject for a while."""
    begin = time.monotonic() + WARM_UP_SECONDS
    work = Work(label, subject.callers, subject.players, begin, begin + seconds)
    running = asyncio.create_task(subject.run(work))
    await asyncio.sleep(begin - time.monotonic())
    before = await spent(databases, subject)
    await asyncio.sleep(work.end - time.monotonic())
    after = await spent(databases, subject)
    calls = await running
    # On a busy machine the meters are read late.
    measured.add(seconds, calls, before, scaled(before, after, seconds))


async def spent(databases: Databases, subject: Subject) -> Spent:
    """Reads all meters."""
    wal_bytes = await databases.wal_bytes()
    return Spent(
        moment=time.monotonic(),
        server=sum(map(processor_seconds, subject.server_pids)),
        postgres=processor_seconds_with_children(databases.postgres.pid),
        load=sum(map(processor_seconds, subject.load_pids)),
        wal_bytes=wal_bytes,
    )


def scaled(before: Spent, after: Spent, seconds: float) -> Spent:
    """Returns `after` as if it had been read so many seconds after `before`."""
    scale = seconds / (after.moment - before.moment)
    return Spent(
        moment=before.moment + seconds,
        server=before.server + (after.server - before.server) * scale,
        postgres=before.postgres + (after.postgres - before.postgres) * scale,
        load=before.load + (after.load - before.load) * scale,
        wal_bytes=before.wal_bytes + round((after.wal_bytes - before.wal_bytes) * scale),
    )
