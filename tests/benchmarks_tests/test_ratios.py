"""What is compared, and what it must come to."""

import pytest

from tests.benchmarks.results.figures import Figures
from tests.benchmarks.results.ratios import RULES, Direction, Ratio, Target, ratios_of
from tests.benchmarks_tests.samples import figures


def test_the_targets_are_those_that_were_set() -> None:
    told = {
        rule.name: (rule.target.value, str(rule.target.direction)) for rule in RULES if rule.target
    }

    assert told == {
        "grpc / echo, one process": (0.50, "at_least"),
        "grpc / echo, all workers": (0.50, "at_least"),
        "batched / unbatched": (2.0, "at_least"),
        "ExecuteBatch / pgbench": (1.0, "at_least"),
        "ExecuteBatch / unary": (1.5, "at_least"),
        "hot / uniform": (0.80, "at_least"),
        "two million entries / empty": (0.90, "at_least"),
        "commands executed again / commands": (0.01, "at_most"),
        "p99 / p50 at 60 % of peak": (6, "at_most"),
        "table-and-index bytes per pair": (5_000, "at_most"),
    }


def test_a_ratio_is_the_median_of_the_ratios_of_its_rounds() -> None:
    measured = [figures("grpc", 64, [100, 300, 200]), figures("echo", 64, [200, 400, 800])]

    ratio = ratio_of(measured, "grpc / echo, one process")

    # Of 0.5, 0.75 and 0.25; the ratio of the medians would be the same only by chance.
    assert (ratio.value, ratio.least, ratio.most) == (0.5, 0.25, 0.75)


def test_what_is_compared_is_compared_at_64_callers() -> None:
    measured = [
        figures("grpc", 64, [100]),
        figures("grpc", 256, [900]),
        figures("unbatched", 64, [40]),
    ]

    assert ratio_of(measured, "batched / unbatched").value == 2.5


def test_calls_with_many_commands_are_compared_with_the_best_of_the_others() -> None:
    measured = [
        figures("batch", 16, [3_000]),
        figures("workers", 64, [1_000]),
        figures("workers", 256, [1_500]),
    ]

    assert ratio_of(measured, "ExecuteBatch / unary").value == 2.0


def test_calls_with_many_commands_are_compared_with_as_many_workers() -> None:
    measured = [
        figures("batch", 16, [3_000]),
        figures("workers", 256, [1_500]),
        figures("unary", 256, [1_000]),
    ]

    assert ratio_of(measured, "ExecuteBatch / unary").value == 3.0


def test_a_ratio_that_was_not_measured_is_left_out_by_name() -> None:
    ratios, left_out = ratios_of([figures("grpc", 64, [100]), figures("echo", 64, [200])])

    assert [each.name for each in ratios] == ["grpc / echo, one process"]
    assert "ExecuteBatch / pgbench" in left_out
    assert len(left_out) == len(RULES) - 1


def test_commands_executed_again_are_a_part_of_all() -> None:
    measured = [figures("workers", 64, [1], commands=2_000, commands_again=30)]

    ratio = ratio_of(measured, "commands executed again / commands")

    assert ratio.value == 0.015
    assert not ratio.is_met


def test_servers_that_do_not_say_what_they_executed_again_are_not_taken_to_have_had_none() -> None:
    measured = [figures("workers", 64, [1], commands=2_000, commands_again=None)]

    assert "commands executed again / commands" in ratios_of(measured)[1]


@pytest.mark.parametrize(
    ("value", "direction", "met"),
    [
        (0.5, Direction.AT_LEAST, True),
        (0.49, Direction.AT_LEAST, False),
        (0.5, Direction.AT_MOST, True),
        (0.51, Direction.AT_MOST, False),
    ],
)
def test_a_target_is_met_on_its_side(value: float, direction: Direction, *, met: bool) -> None:
    assert Ratio("some", value, value, value, Target(0.5, direction)).is_met is met


def ratio_of(measured: list[Figures], name: str) -> Ratio:
    ratios, _ = ratios_of(measured)
    return next(each for each in ratios if each.name == name)
