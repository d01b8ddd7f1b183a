"""Measures subjects, one at a time, all in turn, round after round."""

import asyncio
import math
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.benchmarks.subjects import Subject
from tests.benchmarks.surroundings.databases import Databases
from tests.benchmarks.surroundings.machine import processor_seconds, processor_seconds_with_children
from tests.benchmarks.work import Samples

WARM_UP_SECONDS = 0.4


@dataclass(frozen=True, slots=True)
class Spent:
    """What had been spent at a moment: processor seconds by side, bytes of log.

    `writes` are transactions that have written something, whether or not they committed.
    """

    moment: float
    server: float
    postgres: float
    load: float
    wal_bytes: int
    writes: int

    def until(self, after: "Spent", seconds: float) -> "Spent":
        """Returns what was spent until `after`, scaled to so many seconds.

        On a busy machine the meters are read late.
        """
        scale = seconds / (after.moment - self.moment)
        return Spent(
            moment=seconds,
            server=(after.server - self.server) * scale,
            postgres=(after.postgres - self.postgres) * scale,
            load=(after.load - self.load) * scale,
            wal_bytes=round((after.wal_bytes - self.wal_bytes) * scale),
            writes=round((after.writes - self.writes) * scale),
        )


@dataclass(frozen=True, slots=True)
class Round:
    """What was measured of a subject at one time. `seconds` are those of each call."""

    commands: float
    duration: float
    seconds: "array[float]"
    spent: Spent

    @property
    def commands_per_second(self) -> float:
        """How fast it was."""
        return self.commands / self.duration


@dataclass(frozen=True, slots=True)
class Measured:
    """A subject, and what was measured of it, over all rounds."""

    subject: Subject
    rounds: list[Round] = field(default_factory=list[Round])


async def measure_in_turn(
    databases: Databases,
    subjects: Sequence[Subject],
    *,
    rounds: int,
    seconds: float,
    until: float = math.inf,
) -> list[Measured]:
    """Measures each subject once a round, so that what else the machine does hits all alike.

    Every other round goes the other way, so that nothing always comes after the same. No
    further round begins that would, by the time the first has taken, end after `until`
    (on the clock of `time.monotonic`).
    """
    measured = [Measured(subject) for subject in subjects]
    started = time.monotonic()
    for number in range(rounds):
        now = time.monotonic()
        if number and now + (now - started) / number > until:
            break
        for each in measured if number % 2 == 0 else reversed(measured):
            each.rounds.append(
                await measure(databases, each.subject, label=f"r{number}", seconds=seconds)
            )
    return measured


async def measure(databases: Databases, subject: Subject, *, label: str, seconds: float) -> Round:
    """Lets callers loose on a subject for a while; or until their work is done, if it ends."""
    await subject.prepare()
    begin = time.monotonic() + WARM_UP_SECONDS + subject.work.warm_up_seconds
    end = math.inf if subject.work.ends_by_itself else begin + seconds
    name = f"{subject.name}{subject.work.callers}-{label}"  # Unique: subjects share databases.
    running = asyncio.create_task(subject.run(name, begin, end))
    try:
        await asyncio.sleep(begin - time.monotonic())
        before = await spent(databases, subject)
        timeout = None if end == math.inf else end - time.monotonic()
        await asyncio.wait([running], timeout=timeout)
        after = await spent(databases, subject)
        samples = await running
    finally:
        running.cancel()
    duration = samples.ended - begin if end == math.inf else seconds
    return round_of(samples, duration, before.until(after, duration))


def round_of(samples: Samples, duration: float, spent: Spent) -> Round:
    """Returns what was measured at one time."""
    assert samples.commands, "nothing was answered"
    return Round(samples.commands, duration, samples.seconds, spent)


async def spent(databases: Databases, subject: Subject) -> Spent:
    """Reads all meters."""
    wal_bytes, writes = await databases.meters()
    return Spent(
        moment=time.monotonic(),
        server=sum(map(processor_seconds, subject.server_pids)),
        postgres=processor_seconds_with_children(databases.postgres.pid),
        load=sum(map(processor_seconds, subject.load_pids)),
        wal_bytes=wal_bytes,
        writes=writes,
    )
