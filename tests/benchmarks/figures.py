"""From what was measured to figures and ratios."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from tests.benchmarks.measuring import Measured
from tests.benchmarks.subjects import Counted, Subject

COMPARED = (
    ("grpc", "echo"),
    ("grpc", "engine"),
    ("grpc", "unbatched"),
    ("two_hot", "two_uniform"),
)
"""What is compared with what."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one subject. Processor time is in microseconds a command."""

    name: str
    callers: int
    commands_per_second: int
    by_round: Sequence[int]
    p50_ms: float
    p99_ms: float
    batch_commands: float
    retries: Mapping[str, int]
    server_us: int
    postgres_us: int
    load_us: int
    wal_bytes_per_pair: int

    def as_document(self) -> dict[str, object]:
        """Returns the figures as plain data."""
        return asdict(self)


def figures_of(subject: Subject, measured: Measured) -> Figures:
    """Returns the figures of a subject."""
    calls = sorted(measured.call_seconds)
    count = len(calls)
    assert count
    return Figures(
        name=subject.name,
        callers=subject.callers,
        commands_per_second=round(count / measured.seconds),
        by_round=[round(each) for each in measured.rounds],
        p50_ms=percentile_ms(calls, 0.50),
        p99_ms=percentile_ms(calls, 0.99),
        batch_commands=batch_size(subject.counted),
        retries=dict(subject.counted.troubles),
        server_us=round(measured.server / count * 1e6),
        postgres_us=round(measured.postgres / count * 1e6),
        load_us=round(measured.load / count * 1e6),
        wal_bytes_per_pair=round(measured.wal_bytes / count * 2),
    )


def percentile_ms(ordered: Sequence[float], part: float) -> float:
    """Returns the value that so large a part of the values does not exceed, in milliseconds."""
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1_000, 2)


def batch_size(counted: Counted) -> float:
    """Returns how many commands a batch had on average; zero where there are none."""
    return round(counted.commands / counted.batches, 2) if counted.batches else 0.0


@dataclass(frozen=True, slots=True)
class Ratio:
    """How a subject compares to another; above 1 it is the better of the two."""

    name: str
    value: float


def ratios_of(figures: Sequence[Figures]) -> list[Ratio]:
    """Compares with each other what was measured at as many callers.

    Processor time depends less than commands a second on what else the machine does.
    """
    found = {(each.name, each.callers): each for each in figures}
    ratios: list[Ratio] = []
    for name, yardstick in COMPARED:
        for (other, callers), theirs in found.items():
            if other != yardstick:
                continue
            ours = found[name, callers]
            title = f"{name} / {other}, {callers} callers"
            faster = ours.commands_per_second / theirs.commands_per_second
            ratios.append(Ratio(f"{title}: commands/s", round(faster, 2)))
            if ours.server_us:
                leaner = round(theirs.server_us / ours.server_us, 2)
                ratios.append(Ratio(f"{title}: commands per server processor second", leaner))
    return ratios
