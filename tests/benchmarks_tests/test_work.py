"""Work, shared out and measured."""

import math
import random
from array import array

from tests.benchmarks.traffic import Choice, Crowd, draw_rank
from tests.benchmarks.work import Samples, Script, Work, merged, shared_out


def test_nothing_is_lost_when_work_is_shared_out() -> None:
    work = Work(Script.BETS, Crowd(10), callers=7, connections=5, calls_per_second=300.0, label="l")

    parts = shared_out(work, 3)

    assert [each.callers for each in parts] == [3, 2, 2]
    assert sum(each.connections for each in parts) == 5
    assert sum(each.calls_per_second or 0 for each in parts) == 300.0
    assert {each.label for each in parts} == {"l.0", "l.1", "l.2"}
    assert all(each.crowd == work.crowd for each in parts)


def test_one_caller_is_not_shared_out() -> None:
    parts = shared_out(Work(Script.BETS, Crowd(10), callers=1), 3)

    assert [each.callers for each in parts] == [1]


def test_a_call_counts_by_the_part_of_it_that_was_measured() -> None:
    samples = Samples(10.0, 20.0)
    samples.add(8.0, 12.0, 8)  # Half of it, and its time.
    samples.add(13.0, 14.0, 16)
    samples.add(19.0, 23.0, 32)  # A quarter of it. Its answer comes too late for its time to count.
    samples.add(9.0, 10.0, 64)
    samples.add(20.0, 21.0, 64)

    assert samples.commands == 4 + 16 + 8
    assert list(samples.seconds) == [4.0, 1.0]
    assert samples.ended == 14.0


def test_a_call_that_was_due_in_time_counts_however_late_it_ended() -> None:
    samples = Samples(10.0, 20.0)
    samples.add_due(19.0, 50.0, 1)
    samples.add_due(9.0, 15.0, 1)

    assert list(samples.seconds) == [31.0]
    assert samples.commands == 1


def test_samples_of_several_processes_are_one() -> None:
    first = Samples(0, math.inf, array("d", [1.0]), 3, ended=5.0)
    second = Samples(0, math.inf, array("d", [2.0]), 4, ended=7.0)

    both = merged([first, second])

    assert (list(both.seconds), both.commands, both.ended) == ([1.0, 2.0], 7, 7.0)


def test_the_first_rank_is_drawn_twice_as_often_as_the_second() -> None:
    draw = random.Random("zipf")
    ranks = [draw_rank(draw, 1_000) for _ in range(50_000)]

    assert set(ranks) <= set(range(1_000))
    assert 1.9 < ranks.count(0) / ranks.count(1) < 2.1  # Always the same: it is seeded.


def test_a_crowd_is_drawn_from_its_own_players_only() -> None:
    draw = random.Random("crowd")

    uniform = {Crowd(5, first=10).pick()(draw) for _ in range(200)}
    hot = {Crowd(1, Choice.HOT, first=3).pick()(draw) for _ in range(20)}

    assert uniform == {10, 11, 12, 13, 14}
    assert hot == {3}
