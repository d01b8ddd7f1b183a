"""What load generators are asked to do, and what they bring back."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tests.benchmarks.traffic import PAYOUTS, Crowd


class Script(StrEnum):
    """What a caller does, over and over."""

    BETS = "bets"
    """Authorizes a bet, settles it."""

    STORM = "storm"
    """The same, and one call in five repeats another: behind it, or at the same time."""

    BATCHES = "batches"
    """Settles the bets of the last call and authorizes new ones, in one call."""

    READS = "reads"
    """Reads wallets."""

    MATCH_BETS = "match bets"
    """Authorizes one bet for each player, in large calls; then there is no more to do."""

    MATCH_RESULTS = "match results"
    """Settles all these bets."""


MATCH = {Script.MATCH_BETS, Script.MATCH_RESULTS}


@dataclass(frozen=True, slots=True)
class Work:
    """What a load generator does, from now until `end`.

    What was due before `begin` warms up and is not measured. Both are on the clock of
    `time.monotonic`, which all processes of a machine share. `label` makes the bets of
    different work differ, and seeds what is drawn. With a `calls_per_second` the calls
    come at random times of that rate, whether or not earlier ones were answered (an open
    loop); without, each of the `callers` waits for its answer before it goes on (a closed
    loop). `connections` are shared out among the callers. It warms up for
    `warm_up_seconds` more than all work does.
    """

    script: Script
    crowd: Crowd
    callers: int = 1
    calls_per_second: float | None = None
    connections: int = 1
    commands_per_call: int = 1
    payouts: tuple[int, ...] = PAYOUTS
    warm_up_seconds: float = 0.0
    label: str = ""
    begin: float = 0.0
    end: float = 0.0

    @property
    def ends_by_itself(self) -> bool:
        """Whether it is done when there is nothing left to do, and not at `end`."""
        return self.script in MATCH


@dataclass(slots=True)
class Samples:
    """What was measured: the seconds each call took, and how many commands they were.

    `ended` is when the last of them was answered, on the clock of `time.monotonic`.
    """

    begin: float
    end: float
    seconds: "array[float]" = field(default_factory=lambda: array("d"))
    commands: float = 0.0
    ended: float = 0.0

    def add(self, started: float, ended: float, commands: int) -> None:
        """Adds a call of a closed loop; its time, if it was answered while it was measured.

        Its commands count by the part of its time that was measured: calls with many
        would else fall in or out as a whole.
        """
        inside = min(ended, self.end) - max(started, self.begin)
        if inside <= 0:
            return
        self.commands += commands * inside / (ended - started)
        if self.begin <= ended < self.end:
            self.seconds.append(ended - started)
            self.ended = max(self.ended, ended)

    def add_due(self, due: float, ended: float, commands: int) -> None:
        """Adds a call of an open loop, if it was due while it was measured."""
        if self.begin <= due < self.end:
            self.seconds.append(ended - due)
            self.commands += commands
            self.ended = max(self.ended, ended)


def merged(parts: Iterable[Samples]) -> Samples:
    """Returns the samples of several load generators that worked at the same time."""
    first, *others = parts
    total = Samples(first.begin, first.end, first.seconds[:], first.commands, first.ended)
    for each in others:
        total.seconds.extend(each.seconds)
        total.commands += each.commands
        total.ended = max(total.ended, each.ended)
    return total


def shared_out(work: Work, count: int) -> list[Work]:
    """Splits work among so many load generators, or fewer if there are fewer callers."""
    count = min(count, work.callers)
    return [
        replace(
            work,
            label=f"{work.label}.{number}",
            callers=len(range(number, work.callers, count)),
            connections=len(range(number, max(work.connections, count), count)),
            calls_per_second=work.calls_per_second and work.calls_per_second / count,
            crowd=part_of(work, number, count),
        )
        for number in range(count)
    ]


def part_of(work: Work, number: int, count: int) -> Crowd:
    """Returns the players of a share of work: all of them, unless each has a turn of its own."""
    if not work.ends_by_itself:
        return work.crowd
    first = work.crowd.count * number // count
    last = work.crowd.count * (number + 1) // count
    return replace(work.crowd, first=work.crowd.first + first, count=last - first)
