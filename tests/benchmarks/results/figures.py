"""From what was measured to figures."""

import math
import statistics
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.benchmarks.measuring import Measured, Round, Spent
from tests.benchmarks.subjects import Life
from tests.benchmarks.work import Samples, Work

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one subject, over all its rounds. What was not measured is none.

    `rounds` are commands a second, `tail_rounds` p99 / p50, each of one round. Rates,
    latencies, processor time (microseconds a command) and log are of the measured time.
    Commands, those executed again, retries, transactions, memory and table bytes are of
    the servers' whole life, warming up and all numbers of callers included. A batch is what
    one transaction wrote. A pair is two commands: a bet taken and settled.
    """

    name: str
    callers: int
    rounds: Sequence[float]
    commands_per_second: float
    p50_ms: float
    p99_ms: float | None = None
    p999_ms: float | None = None
    tail_rounds: Sequence[float] = ()
    server_us: int | None = None
    postgres_us: int | None = None
    load_us: int | None = None
    wal_bytes_per_pair: int | None = None
    batch_commands: float | None = None
    commands: int | None = None
    commands_again: int | None = None
    retries: Mapping[str, int] = field(default_factory=dict[str, int])
    transactions_per_command: float | None = None
    table_bytes_per_pair: int | None = None
    peak_memory_mib: int | None = None

    def as_document(self) -> dict[str, object]:
        """Returns the figures as plain data."""
        return asdict(self)


def figures_of(measured: Measured) -> Figures:
    """Returns the figures of a subject."""
    subject, rounds = measured.subject, measured.rounds
    return Figures(
        **described(subject.name, callers_of(subject.work), [each.seconds for each in rounds]),
        rounds=[round(each.commands_per_second, 1) for each in rounds],
        commands_per_second=round(statistics.median(e.commands_per_second for e in rounds), 1),
        server_us=each_command(rounds, lambda spent: spent.server * 1e6) or None,
        load_us=each_command(rounds, lambda spent: spent.load * 1e6) or None,
        **(spent_by_postgres(rounds) if subject.needs_postgres else {}),
        **counted(subject.life),
    )


def figures_beside(name: str, samples: Sequence[Samples]) -> Figures:
    """Returns the figures of what went on beside a subject; what it cost is in the subject's."""
    rates = [round(each.commands / (each.end - each.begin), 1) for each in samples]
    return Figures(
        **described(name, 0, [each.seconds for each in samples]),
        rounds=rates,
        commands_per_second=round(statistics.median(rates), 1),
    )


def callers_of(work: Work) -> int:
    """Returns how many wait for their answers: none in an open loop."""
    return 0 if work.calls_per_second else work.callers


def described(
    name: str, callers: int, seconds_by_round: "Sequence[array[float]]"
) -> dict[str, Any]:
    """Returns name and latencies. Where one is known of each round, it is their average."""
    every = sorted(seconds for each in seconds_by_round for seconds in each)
    found: dict[str, Any] = {"name": name, "callers": callers}
    found["p50_ms"] = percentile_ms(every, 0.50)
    if len(every) > len(seconds_by_round):
        found["p99_ms"] = percentile_ms(every, 0.99)
        found["p999_ms"] = percentile_ms(every, 0.999)
        found["tail_rounds"] = [tail_of(each) for each in seconds_by_round]
    return found


def spent_by_postgres(rounds: Sequence[Round]) -> dict[str, Any]:
    """Returns what commands cost Postgres, and how many it recorded together on average."""
    writes = sum(each.spent.writes for each in rounds)
    commands = sum(each.commands for each in rounds)
    return {
        "postgres_us": each_command(rounds, lambda spent: spent.postgres * 1e6),
        "wal_bytes_per_pair": each_command(rounds, lambda spent: spent.wal_bytes * 2),
        "batch_commands": round(commands / writes, 2) if writes else None,
    }


def counted(life: Life) -> dict[str, Any]:
    """Returns what engines counted, or nothing where there was none."""
    if not life.commands:
        return {}
    return {
        "commands": life.commands,
        "commands_again": life.commands_again,
        "retries": dict(life.troubles),
        "transactions_per_command": round(life.transactions / life.commands, 3) or None,
        "table_bytes_per_pair": round(2 * life.table_bytes / life.commands) or None,
        "peak_memory_mib": round(life.peak_memory_bytes / MIB) or None,
    }


def percentile_ms(ordered: Sequence[float], part: float) -> float:
    """Returns the least of the values that so large a part of them does not exceed, in ms."""
    assert ordered
    rank = max(1, math.ceil(len(ordered) * part))
    return round(ordered[rank - 1] * 1_000, 2)


def tail_of(seconds: Iterable[float]) -> float:
    """Returns p99 / p50."""
    ordered = sorted(seconds)
    return round(percentile_ms(ordered, 0.99) / percentile_ms(ordered, 0.50), 2)


def each_command(rounds: Sequence[Round], of: Callable[[Spent], float]) -> int:
    """Returns what was spent a command, over all rounds."""
    return round(sum(of(each.spent) for each in rounds) / sum(each.commands for each in rounds))
