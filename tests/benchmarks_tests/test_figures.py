"""From samples to figures."""

from array import array

import pytest

from tests.benchmarks.measuring import Measured, Round, Spent
from tests.benchmarks.results.figures import figures_of, percentile_ms, tail_of
from tests.benchmarks.subjects import Life, PgbenchSubject
from tests.benchmarks.traffic import Crowd
from tests.benchmarks.work import Script, Work

HUNDRED = [number / 1_000 for number in range(1, 101)]


@pytest.mark.parametrize(
    ("case", "seconds", "part", "expected"),
    [
        ("half of a hundred", HUNDRED, 0.50, 50.0),
        ("ninety-nine of a hundred", HUNDRED, 0.99, 99.0),
        ("a thousandth of a hundred is less than one", HUNDRED, 0.999, 100.0),
        ("all", HUNDRED, 1.0, 100.0),
        ("one is every percentile", [0.007], 0.5, 7.0),
        ("the lower of two is half of them", [0.001, 0.002], 0.5, 1.0),
    ],
)
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(
    case: str, seconds: list[float], part: float, expected: float
) -> None:
    assert percentile_ms(seconds, part) == expected


def test_the_tail_is_p99_by_p50_whatever_the_order() -> None:
    assert tail_of(reversed(HUNDRED)) == 1.98


def test_the_rate_is_the_median_of_the_rounds_and_all_else_is_over_all_of_them() -> None:
    rounds = [measured_round(1_000), measured_round(4_000), measured_round(2_000)]

    found = figures_of(Measured(subject(commands=8_000), rounds))

    assert found.commands_per_second == 1_000  # Of 500, 2,000 and 1,000: a round took two seconds.
    assert found.postgres_us == 857  # Two seconds in each of three rounds, for 7,000 commands.
    assert found.wal_bytes_per_pair == 600
    assert found.batch_commands == 23.33  # A hundred writes in each round.
    assert found.transactions_per_command == 0.5
    assert found.table_bytes_per_pair == 3_000
    assert found.peak_memory_mib == 64


def test_what_no_engine_has_counted_is_not_told() -> None:
    found = figures_of(Measured(subject(commands=0), [measured_round(1_000)]))

    assert found.table_bytes_per_pair is None
    assert found.commands_again is None


def subject(commands: int) -> PgbenchSubject:
    work = Work(Script.BETS, Crowd(1), callers=64)
    found = PgbenchSubject("some", work, databases=None)  # pyright: ignore[reportArgumentType] - never asked.
    found.life = Life(
        commands=commands,
        transactions=4_000,
        table_bytes=12_000_000,
        peak_memory_bytes=64 * 2**20,
    )
    return found


def measured_round(commands: int) -> Round:
    spent = Spent(2.0, server=0.0, postgres=2.0, load=0.0, wal_bytes=commands * 300, writes=100)
    return Round(commands, 2.0, array("d", [0.001, 0.002]), spent)
