"""What was counted goes on when a process is replaced; what was there ends with it."""

from dataclasses import dataclass

from wallet_server.execution.work_statistics import WorkStatistics


@dataclass(slots=True)
class DiggingStatistics(WorkStatistics):
    """Holes that were dug, how deep they are together, and how many diggers rest."""

    COUNTS = ("holes", "metres")

    holes: int = 0
    metres: float = 0.0
    resting: int = 0


def test_counts_go_on_and_the_rest_is_what_it_is_now() -> None:
    before = DiggingStatistics(holes=2, metres=1.5, resting=7)

    assert DiggingStatistics(3, 2.5, 4).after(before) == DiggingStatistics(5, 4.0, 4)
    assert before == DiggingStatistics(2, 1.5, 7)


def test_counts_are_left_of_a_process_that_has_ended() -> None:
    assert DiggingStatistics(2, 1.5, 7).ended() == DiggingStatistics(holes=2, metres=1.5)


def test_what_ended_may_count_on_by_itself() -> None:
    statistics = DiggingStatistics(holes=2)
    ended = statistics.ended()
    statistics.holes += 1

    assert ended == DiggingStatistics(holes=2)


def test_it_is_read_as_it_was_written() -> None:
    statistics = DiggingStatistics(2, 1.5, 7)
    document = statistics.as_document()

    assert document == {"holes": 2, "metres": 1.5, "resting": 7}
    assert DiggingStatistics.from_document(document) == statistics
